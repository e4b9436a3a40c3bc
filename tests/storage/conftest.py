"""Every contract test runs over SQLite and over PostgreSQL, both as the real migrations made them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.chat import Chat
from bot.domain.people import Person
from storage import migrate
from storage.delivery import SqlDelivery
from storage.inbox import SqlInbox
from storage.store import SqlStore
from tests.storage import databases

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.external_service)
BOTH = ["sqlite", POSTGRESQL]
ONLY_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("url", [POSTGRESQL], indirect=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_sqlite(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    with databases.empty_postgresql("tests") as url:
        asyncio.run(migrate.upgrade(url))
        yield url


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield databases.copy_of_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    made: str = request.getfixturevalue("postgresql_database")
    yield made
    databases.wipe_postgresql(made)


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(url)
    yield opened
    await opened.close()


@pytest.fixture
def inbox(store: SqlStore) -> SqlInbox:
    return SqlInbox(store)


@pytest.fixture
def delivery(store: SqlStore) -> SqlDelivery:
    return SqlDelivery(store)


@pytest.fixture
async def chat(store: SqlStore) -> Chat:
    async with store.begin() as uow:
        made = await uow.chats.ensure(-1001, title="金兰街道网格群", private=False)
        await uow.commit()
        return made


@pytest.fixture
async def person(store: SqlStore) -> Person:
    async with store.begin() as uow:
        made = await uow.people.ensure(501, name="王芳", username="wangfang")
        await uow.commit()
        return made
