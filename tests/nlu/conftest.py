"""Models that are trained once for all tests of understanding."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from nlu.local import LocalInterpreter
from nlu.training.train import ensure_model
from nlu.types import Interpreter
from tests.nlu.small_district import ITEMS, PLACES, write_messages


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model for the small district."""
    data = write_messages(tmp_path_factory.mktemp("messages"))
    return ensure_model(ITEMS, PLACES, data, tmp_path_factory.mktemp("models"))


@pytest_asyncio.fixture(params=["local"])
async def interpreter(request: pytest.FixtureRequest, small_model: Path) -> AsyncIterator[Interpreter]:
    """Every backend in turn, knowing the small district."""
    backends = {"local": lambda: LocalInterpreter.load(small_model)}
    opened = backends[request.param]()
    yield opened
    await opened.close()
