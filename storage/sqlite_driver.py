"""A connection of aiosqlite that goes to its thread only for what may wait.

A statement on a local file takes tens of microseconds, the way to another thread and back several times that, and
far more when the loop is busy. So statements run where they are asked for; taking the write lock and committing,
which wait for other processes and for the disk, go to the thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite
from typing_extensions import override

_MAY_WAIT = ("BEGIN IMMEDIATE", "PRAGMA")


class WholeCursor:
    """Executes and fetches in one step; what was found stays here until it is asked for."""

    def __init__(self, connection: DirectConnection) -> None:
        self._connection = connection
        self._found: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> WholeCursor:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> WholeCursor:
        """Runs one statement and takes all of its rows."""
        if sql.startswith(_MAY_WAIT):
            return await self._connection.in_thread(self._run, sqlite3.Cursor.execute, sql, parameters)
        return self._run(self._connection.opened, sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> WholeCursor:
        """Runs one statement for every set of parameters."""
        return self._run(self._connection.opened, sqlite3.Cursor.executemany, sql, parameters)

    def _run(self, connection: sqlite3.Connection, how: Any, sql: str, parameters: Any) -> WholeCursor:
        cursor = connection.cursor()
        try:
            how(cursor, sql, parameters)
            self.description = cursor.description
            self._found = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
        return self

    async def fetchall(self) -> list[Any]:
        """What the statement found, once."""
        found, self._found = self._found, []
        return found

    async def close(self) -> None:
        """Nothing is open between statements."""


class DirectConnection(aiosqlite.Connection):
    """aiosqlite with cursors that run where they are; one statement at a time, whatever the thread."""

    @property
    def opened(self) -> sqlite3.Connection:
        """The connection underneath; raises `ValueError` once it is closed."""
        return self._conn

    @override
    def cursor(self) -> WholeCursor:  # type: ignore[override]
        """A cursor that needs no step of its own to open and close."""
        return WholeCursor(self)

    @override
    async def rollback(self) -> None:
        """Forgets what was written; nothing of it has reached the disk, so there is nothing to wait for."""
        self._conn.rollback()

    async def in_thread(self, run: Any, *arguments: Any) -> WholeCursor:
        """Runs it in the connection's thread."""
        done: WholeCursor = await self._execute(run, self._conn, *arguments)  # type: ignore[no-untyped-call]
        return done


def connect(database: str, *, timeout: float, uri: bool = False, **_rest: Any) -> DirectConnection:
    """A connection not yet opened; `timeout` in seconds is how long it waits for another process's lock."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(database, timeout=timeout, isolation_level=None, uri=uri, check_same_thread=False)

    connection = DirectConnection(opened, iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
