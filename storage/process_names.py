"""Names of running processes: each is held by a lock that ends with its process, however that ends.

So nobody who is alive shares a name, a restart finds its own again, and whoever gets the lock of another name knows
that its process is gone. On PostgreSQL the lock belongs to a connection, on SQLite to a file beside the database.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import Engines

log = structlog.get_logger(__name__)
_TRY = text("SELECT pg_try_advisory_lock(hashtextextended('jiehu:' || :name, 0))")
_LET_GO = text("SELECT pg_advisory_unlock(hashtextextended('jiehu:' || :name, 0))")


class Locks(Protocol):
    """One lock for each name; held until it is let go, or the process ends."""

    async def take(self, name: str) -> bool: ...
    async def let_go(self, name: str) -> None: ...
    async def close(self) -> None: ...


class ProcessNames:
    """The name of this process, and which others are dead."""

    def __init__(self, engines: Engines) -> None:
        self._locks = _locks_of(engines)
        self._own = ""

    async def take(self, wanted: str) -> str:
        """That name, or `name-2`, `name-3` … where processes of that name are running."""
        number = 1
        while not await self._locks.take(name := wanted if number == 1 else f"{wanted}-{number}"):
            number += 1
        if number > 1:
            log.info("another process has this name", wanted=wanted, name=name)
        self._own = name
        return name

    @asynccontextmanager
    async def gone(self, name: str) -> AsyncIterator[bool]:
        """Whether no process of that name runs; none can begin to while the block lasts."""
        taken = name != self._own and await self._locks.take(name)
        try:
            yield taken
        finally:
            if taken:
                await self._locks.let_go(name)

    async def close(self) -> None:
        """From now on the name is free."""
        await self._locks.close()


def _locks_of(engines: Engines) -> Locks:
    if not engines.is_sqlite:
        return _DatabaseLocks(engines.looker)
    return _FileLocks(Path(engines.writer.url.database or "jiehu.db"))


class _DatabaseLocks:
    """Advisory locks of one connection; if it is lost, what was held is taken again with the next."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()

    async def take(self, name: str) -> bool:
        taken = bool((await (await self._connected()).execute(_TRY, {"name": name})).scalar())
        if taken:
            self._held.add(name)
        return taken

    async def let_go(self, name: str) -> None:
        self._held.discard(name)
        with suppress(SQLAlchemyError, OSError):
            await (await self._connected()).execute(_LET_GO, {"name": name})

    async def close(self) -> None:
        self._held.clear()
        if self._connection is not None:
            # The locks are the session's: a connection that goes back to its pool would keep them.
            await self._connection.invalidate()
            await self._connection.close()
            self._connection = None

    async def _connected(self) -> AsyncConnection:
        if self._connection is not None:
            with suppress(SQLAlchemyError, OSError):
                await self._connection.execute(text("SELECT 1"))
                return self._connection
            with suppress(SQLAlchemyError, OSError):
                await self._connection.close()
            self._connection = None
        self._connection = await self._engine.connect()
        for name in self._held:
            if not (await self._connection.execute(_TRY, {"name": name})).scalar():
                log.warning("while the database was away another process took this name", name=name)
        return self._connection


class _FileLocks:
    """Locks on files beside the database; on Windows, where there are none, every name is free."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._held: dict[str, IO[str]] = {}

    async def take(self, name: str) -> bool:
        if sys.platform == "win32":
            return True
        import fcntl

        safe = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
        file = self._database.with_name(f"{self._database.name}.{safe}.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._held[name] = file
        return True

    async def let_go(self, name: str) -> None:
        file = self._held.pop(name, None)
        if file is not None:
            file.close()

    async def close(self) -> None:
        for name in list(self._held):
            await self.let_go(name)
