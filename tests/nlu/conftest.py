"""Models that are trained once for all tests of understanding."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.config.understanding import local_model
from nlu.apart import ApartInterpreter
from nlu.local import LocalInterpreter
from nlu.training.train import ensure_model
from nlu.types import Context, Interpreter, NluUnavailable
from tests.nlu.small_district import ITEMS, PLACES, write_messages
from tests.support.world import ROOT

LIST = ROOT / "examples" / "jinlan" / "items.csv"


@pytest.fixture(scope="session")
def demo_model() -> Path:
    """The demonstration list's model, trained once and kept where `make setup` keeps it."""
    config = load_config(ROOT / "config.yml")
    return local_model(config, read_catalogue(config.catalogue_paths(), name=config.catalogue.name))


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model for the small district."""
    data = write_messages(tmp_path_factory.mktemp("messages"))
    return ensure_model(ITEMS, PLACES, data, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def loaded() -> list[LocalInterpreter]:
    """The interpreter of that model, once a test has loaded it: its encoder takes a second to load."""
    return []


@pytest_asyncio.fixture
async def local(small_model: Path, loaded: list[LocalInterpreter]) -> LocalInterpreter:
    """The local backend over the small district; another one after a test has closed it."""
    try:
        await loaded[0].interpret("好", Context())
    except (IndexError, NluUnavailable):
        loaded[:] = [LocalInterpreter.load(small_model)]
    return loaded[0]


@pytest_asyncio.fixture
async def apart(small_model: Path) -> AsyncIterator[ApartInterpreter]:
    """The local backend over the small district in a process of its own."""
    opened = await ApartInterpreter.open(small_model)
    yield opened
    await opened.close()


@pytest.fixture(params=["local", "apart"])
def interpreter(request: pytest.FixtureRequest) -> Interpreter:
    """Every backend in turn, knowing the small district."""
    backend: Interpreter = request.getfixturevalue(request.param)
    return backend
