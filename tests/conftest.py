"""What every kind of test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.config.understanding import open_local
from nlu.types import Interpreter
from tests.support.world import ROOT, World, open_world


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    """The local interpreter, trained once and kept where `make setup` keeps it."""
    config = load_config(ROOT / "config.yml")
    return open_local(config, read_catalogue(config.catalogue_paths(), name=config.catalogue.name))


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """A bound district on SQLite, Monday ten o'clock."""
    async with open_world(tmp_path, interpreter) as opened:
        yield opened
