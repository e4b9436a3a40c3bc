"""A bound district whose understanding is plain, for faults of everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.storage.databases import empty_postgresql, sqlite_url
from tests.support.plain_words import PlainWords
from tests.support.world import World, open_world


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """As `jiehu run` writes them: the coloured tracebacks of a terminal take seconds each, with faults by the dozen."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.LogfmtRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture
async def plain_world(tmp_path: Path) -> AsyncIterator[World]:
    """On SQLite."""
    async with open_world(tmp_path, PlainWords()) as opened:
        yield opened


@pytest.fixture
def postgresql() -> Iterator[str]:
    """An empty database that is dropped afterwards."""
    with empty_postgresql("faults") as url:
        yield url


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.external_service)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "jiehu.db")
        return
    with empty_postgresql("faults") as url:
        yield url
