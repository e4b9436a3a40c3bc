"""Saving a row that two may have read: the second one to write hears `VersionConflict`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, Update, bindparam

from bot.domain.errors import VersionConflict
from storage.connection import Db
from storage.mapping import values_of


def saving(table: Table) -> Update:
    """The update of one row in the version that was read."""
    return table.update().where(table.c.id == bindparam("b_id"), table.c.version == bindparam("b_version"))


async def save(db: Db, update: Update, record: Any) -> None:
    """Writes the record in its next version; raises `VersionConflict` if its version is no longer the stored one."""
    values = values_of(record, "id")
    values["version"] = record.version + 1
    values["b_id"], values["b_version"] = record.id, record.version
    if await db.count(update, values) != 1:
        raise VersionConflict(f"{update.table.description} {record.id} in version {record.version}")
    record.version += 1
