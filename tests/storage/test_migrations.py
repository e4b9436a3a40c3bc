"""The migrations make the schema that the program believes in, whatever runs around them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, inspect, text

from storage import engine, migrate
from storage.delivery import SqlDelivery
from storage.inbox import SqlInbox
from storage.inbox import _rows as waiting_rows
from storage.store import SqlStore
from storage.tables import metadata
from tests.storage import databases
from tests.storage.conftest import BOTH, ONLY_SQLITE
from tests.storage.samples import NOW


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield databases.sqlite_url(tmp_path / "empty.db")
        return
    with databases.empty_postgresql("empty") as url:
        yield url


async def test_model_and_migrated_schema_are_the_same(url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata)
        return found

    looking = engine.open_for_changes_of_schema(url)
    try:
        async with looking.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await looking.dispose()


async def test_upgrade_runs_inside_a_loop_and_again_without_harm(empty: str) -> None:
    assert await migrate.current(empty) is None
    assert await migrate.upgrade(empty) == migrate.newest()
    assert await migrate.current(empty) == migrate.newest()
    store = SqlStore.open(empty)
    async with store.begin() as uow:
        await uow.settings.put("kept", 1)
        await uow.commit()
    assert await migrate.upgrade(empty) == migrate.newest()
    async with store.read() as uow:
        assert await uow.settings.get("kept") == 1
    await store.close()


async def test_two_that_upgrade_at_once_do_it_once(empty: str) -> None:
    await asyncio.gather(migrate.upgrade(empty), migrate.upgrade(empty), migrate.upgrade(empty))
    assert await migrate.current(empty) == migrate.newest()


async def test_a_migration_that_fails_leaves_nothing(empty: str) -> None:
    changing = engine.open_for_changes_of_schema(empty)
    async with changing.begin() as connection:
        await connection.execute(text("CREATE TABLE street (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="street"):
        await migrate.upgrade(empty)
    assert await migrate.current(empty) is None
    async with changing.connect() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == ["street"]
    await changing.dispose()


@ONLY_SQLITE
async def test_what_waits_is_found_by_index(store: SqlStore) -> None:
    """However much is done already: the statements as they run, planned by SQLite.

    PostgreSQL plans by statistics, and an empty database has none.
    """
    ran: list[tuple[str, Any]] = []
    for used in (store.engines.reader, store.engines.writer):
        event.listen(used.sync_engine, "before_cursor_execute", lambda *told: ran.append((told[2], told[3])))
    inbox, delivery = SqlInbox(store), SqlDelivery(store)
    await inbox.claim(1, "w", now=1.0, lease=1.0, rows=1, lanes=1)
    await inbox.backlog()
    async with store.read() as uow:
        await uow.db.rows(waiting_rows(2), {"lane_0": 1, "lane_1": 2, "at_most": 1})
        await delivery.ripe_outbox(uow, now=1.0, moment=NOW, skip_chats=[], limit=1)
        await delivery.ripe_cards(uow, now=1.0, skip_chats=[1, 2], limit=1)
        await uow.dues.ripe(NOW, limit=1)
    expected = ["ix_inbox_open", "ix_inbox_open", "ix_inbox_open", "ix_outbox_queued", "ix_card_behind"]
    expected.append("ix_due_next_check_at")
    statements = [(sql, values) for sql, values in ran if not sql.startswith(("BEGIN", "PRAGMA"))]
    with closing(sqlite3.connect(store.engines.reader.url.database or "")) as connection:
        for (sql, values), index in zip(statements, expected, strict=True):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            assert index in " ".join(row[3] for row in plan), sql
