"""Empty databases for the benchmark: files in its folder, and throw-away PostgreSQL databases where it is reachable."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

ADMIN = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")


def _execute(statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(ADMIN, timeout=3)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def is_postgresql_there() -> bool:
    """Whether databases can be made there."""
    try:
        _execute("SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


@contextmanager
def postgresql(name: str) -> Iterator[str]:
    """An empty database, gone afterwards."""
    name = f"jiehu_bench_{name}_{os.getpid()}"
    _execute(f"CREATE DATABASE {name}")
    try:
        yield f"{ADMIN.rsplit('/', 1)[0]}/{name}".replace("postgresql://", "postgresql+asyncpg://")
    finally:
        _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
