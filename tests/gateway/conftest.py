"""A migrated SQLite for each test, and the rig over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.playground.server import create_app
from storage.store import SqlStore
from tests.gateway.rig import Rig, a_gateway, a_playground, quick, served
from tests.storage import databases


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_sqlite(tmp_path_factory.mktemp("gateway"))


@pytest.fixture
async def store(empty_database: Path, tmp_path: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(databases.copy_of_sqlite(empty_database, tmp_path))
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What was logged, instead of printing it with pretty tracebacks, which takes a second each."""
    with capture_logs() as captured:
        yield captured


@pytest.fixture
async def rig(store: SqlStore) -> AsyncIterator[Rig]:
    """Polling from the playground; the test adds handlers and starts it."""
    play = a_playground()
    async with served(create_app(play)) as address:
        rig = a_gateway(store, quick(play.token, address), play)
        yield rig
        await rig.gateway.stop()
        play.close()
