"""A migrated database for each test, and the desk over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage import migrate
from tests.delivery.desk import Desk, open_desk
from tests.storage import databases

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.external_service)]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_sqlite(tmp_path_factory.mktemp("delivery"))


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    with databases.empty_postgresql("delivery") as url:
        asyncio.run(migrate.upgrade(url))
        yield url


@pytest.fixture
async def desk(empty_database: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """Over SQLite."""
    async with open_desk(databases.copy_of_sqlite(empty_database, tmp_path), tmp_path) as opened:
        yield opened


@pytest.fixture(params=BOTH)
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield databases.copy_of_sqlite(request.getfixturevalue("empty_database"), tmp_path)
        return
    url: str = request.getfixturevalue("postgresql_database")
    yield url
    databases.wipe_postgresql(url)


@pytest.fixture
async def any_desk(any_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Over SQLite and over PostgreSQL, for what depends on how transactions meet."""
    async with open_desk(any_url, tmp_path) as opened:
        yield opened
