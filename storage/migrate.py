"""Schema changes: the same migrations for both databases, from the installed package, inside a running loop."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import engine

_LOCK = 727_201_122
"""Two processes that start at once upgrade one after the other (PostgreSQL; SQLite's writers queue anyway)."""


def newest() -> str:
    """The revision that this version of the program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("the package has no migrations")
    return head


async def upgrade(url: str) -> str:
    """Brings the schema to the newest revision, all or nothing; the revision."""
    changing = engine.open_for_changes_of_schema(url)
    try:
        async with changing.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await changing.dispose()
    return newest()


async def current(url: str) -> str | None:
    """The revision the database is at; None if it has never been migrated."""
    looking = engine.open_for_changes_of_schema(url)
    try:
        async with looking.connect() as connection:
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await looking.dispose()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
