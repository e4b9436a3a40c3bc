"""One open transaction: statements that are never cut half-way, and conflicts with one name."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import VersionConflict
from storage.columns import AnyRow

T = TypeVar("T")

_CONFLICTS = frozenset({"40001", "40P01"})
"""What PostgreSQL calls a serialization failure and a deadlock: the unit of work runs again."""

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Runs it to its end even if the caller is cancelled meanwhile, who then hears of it afterwards.

    A statement that is cut leaves SQLite's write lock behind until the garbage collector comes.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        raise


class Db:
    """What repositories see of the database: the statements of one transaction."""

    __slots__ = ("_connection", "dialect", "has_news", "is_over")

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name
        self.is_over = False
        self.has_news = False

    async def execute(self, statement: Executable, parameters: Parameters = None) -> CursorResult[*tuple[Any, ...]]:
        """Runs one statement; raises `VersionConflict` where the database itself found two at once."""
        if self.is_over:
            raise RuntimeError("this unit of work has ended")
        try:
            # On SQLite a statement never lets go of the loop, so nothing can cut it; on PostgreSQL one that is cut
            # takes its connection along, and with it the transaction.
            return await self._connection.execute(statement, parameters)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _CONFLICTS:
                raise VersionConflict(str(error.orig)) from error
            raise

    async def rows(self, statement: Executable, parameters: Parameters = None) -> Sequence[AnyRow]:
        """All rows."""
        return (await self.execute(statement, parameters)).all()

    async def first(self, statement: Executable, parameters: Parameters = None) -> AnyRow | None:
        """The first row, if there is one."""
        return (await self.execute(statement, parameters)).first()

    async def value(self, statement: Executable, parameters: Parameters = None) -> Any:
        """The first column of the first row, or None."""
        return (await self.execute(statement, parameters)).scalar()

    async def count(self, statement: Executable, parameters: Parameters = None) -> int:
        """How many rows a change reached."""
        return (await self.execute(statement, parameters)).rowcount

    async def insert(self, table: Table, values: Mapping[str, Any]) -> int:
        """Writes a row and returns the number the database gave it."""
        result = await self.execute(table.insert(), values)
        key = result.inserted_primary_key
        if key is None:
            raise LookupError(f"no number for a row of {table.name}")
        return int(key[0])

    async def nest(self) -> Any:
        """Opens a savepoint; the handle knows `commit` and `rollback`."""
        return await unbroken(_started(self._connection))


async def _started(connection: AsyncConnection) -> Any:
    return await connection.begin_nested()


def upsert(dialect: str, table: Table) -> postgresql.Insert:
    """An insert that knows `ON CONFLICT`, which both databases spell alike."""
    made: Any = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    upserting: postgresql.Insert = made
    return upserting
