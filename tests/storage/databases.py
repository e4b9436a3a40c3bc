"""Throw-away databases, each a copy of one that the real migrations made."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from storage import migrate
from storage.tables import metadata

ADMIN = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")
_NUMBERS = count(1)


def absent(service: str, why: object) -> None:
    """A service that is not there is a failure in continuous integration and a skip elsewhere."""
    told = f"{service} is not reachable: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def execute_at(url: str, *statements: str) -> None:
    """Runs statements as they are, each in a transaction of its own."""

    async def run() -> None:
        connection = await asyncpg.connect(url, timeout=3)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def _named(name: str) -> str:
    return f"{ADMIN.rsplit('/', 1)[0]}/{name}"


@contextmanager
def empty_postgresql(kind: str) -> Iterator[str]:
    """The URL of an empty database that is dropped afterwards."""
    name = f"jiehu_{kind}_{os.getpid()}_{next(_NUMBERS)}"
    try:
        execute_at(ADMIN, f"CREATE DATABASE {name}")
    except OSError as error:
        absent("PostgreSQL", error)
    try:
        yield _named(name)
    finally:
        execute_at(ADMIN, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def wipe_postgresql(url: str) -> None:
    """Removes every row, also where triggers refuse; the schema stays as the migrations made it."""
    tables = "".join(f'DELETE FROM "{table.name}";' for table in reversed(metadata.sorted_tables))
    execute_at(url, f"SET session_replication_role = replica; {tables}")


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def copy_of_sqlite(template: Path, folder: Path) -> str:
    path = folder / "jiehu.db"
    shutil.copyfile(template, path)
    return sqlite_url(path)


def migrated_sqlite(folder: Path) -> Path:
    path = folder / "template.db"
    asyncio.run(migrate.upgrade(sqlite_url(path)))
    return path
