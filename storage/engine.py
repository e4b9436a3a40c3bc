"""Engines as each database wants them: one writer and several readers on SQLite, one pool on PostgreSQL."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import sqlite_driver

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
BUSY_SECONDS = 30.0
"""How long SQLite waits for a writer of another process."""

LONG_IDLE_SECONDS = 30.0
"""A connection that lay so long is asked whether it still stands; what is between may have forgotten it."""

_LOOKS = {"looks": True}
"""Marks what needs no transaction, since each of its statements is as of its own moment."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-16000")


@dataclass(frozen=True, slots=True)
class Engines:
    """Where units of work get their connections; what `looker` reads is of no one moment."""

    writer: AsyncEngine
    reader: AsyncEngine
    looker: AsyncEngine
    is_sqlite: bool

    async def close(self) -> None:
        """Closes every connection."""
        await self.reader.dispose()
        await self.writer.dispose()


def parse_url(url: str) -> URL:
    """The URL with the driver we use; the driver may be left out."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def open_engines(url: str) -> Engines:
    """Engines for that URL; nothing is connected yet."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        writer = _sqlite(parsed, begin="BEGIN IMMEDIATE", pool_size=1)
        reader = _sqlite(parsed, begin="BEGIN", pool_size=8, query_only=True)
        return Engines(writer, reader, reader.execution_options(**_LOOKS), is_sqlite=True)
    pool = create_async_engine(
        parsed,
        pool_size=10,
        max_overflow=10,
        pool_use_lifo=True,  # the one used last has its statements prepared and its pages at hand
        connect_args={"server_settings": {"jit": "off"}, "prepared_statement_cache_size": 500},
    )
    _never_give_out_the_dead(pool)
    reader = pool.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(pool, reader, pool.execution_options(isolation_level="AUTOCOMMIT"), is_sqlite=False)


def _never_give_out_the_dead(engine: AsyncEngine) -> None:
    """As SQLAlchemy's own ping before each use does, which costs three ways to the server every time.

    A server that ends a connection is heard at once; only one that fell silent has to be asked.
    """

    @event.listens_for(engine.sync_engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        now = time.monotonic()
        if now - record.info.get("used_at", now) > LONG_IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError from error

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()


def open_for_changes_of_schema(url: str) -> AsyncEngine:
    """An engine whose changes of the schema are one transaction and may rebuild a table that others refer to."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, begin="BEGIN IMMEDIATE", pool_size=1, foreign_keys=False)
    return create_async_engine(parsed, pool_size=1, max_overflow=0)


def _sqlite(
    url: URL, *, begin: str, pool_size: int, query_only: bool = False, foreign_keys: bool = True
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        # Every unit of work ends its transaction itself; a second rollback would cost a step into the thread.
        pool_reset_on_return=None,
        connect_args={"timeout": BUSY_SECONDS, "async_creator_fn": sqlite_driver.connect},
    )
    flags = (f"foreign_keys={int(foreign_keys)}", f"query_only={int(query_only)}")

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *flags):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        if not _LOOKS.items() <= connection.get_execution_options().items():
            connection.exec_driver_sql(begin)

    return engine
