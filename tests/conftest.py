"""What every kind of test may use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.config.understanding import open_local
from nlu.types import Interpreter
from tests.support.world import ROOT, World, open_world

AUDIT = "audit"
"""The property (`record_property`) under which a test tells what people should read though it passed."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that none is left at the end; a file stays in one process, for what it shares."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tells the audits, whichever process found them."""
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, told in report.user_properties:
            if name == AUDIT and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}\n{told}")


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
