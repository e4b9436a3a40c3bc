"""Pictures by content hash, small shared facts, and the calendar of days off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, select

from bot.application.records import Attachment, AttachmentUse, HolidayRow, Subject
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.tables.lists import attachment, attachment_use, holiday, setting

_ATTACHMENTS = select(*columns_of(attachment, Attachment))
_GET = _ATTACHMENTS.where(attachment.c.hash == bindparam("hash"))
_BY_FILE = (
    _ATTACHMENTS.where(attachment.c.file_unique_id == bindparam("file_unique_id"))
    .order_by(attachment.c.at.desc())
    .limit(1)
)
_USES = select(*columns_of(attachment_use, AttachmentUse)).order_by(attachment_use.c.at)
_USED = _USES.where(attachment_use.c.hash == bindparam("hash"))
_USES_OF = _USES.where(
    attachment_use.c.subject_kind == bindparam("kind"), attachment_use.c.subject_id == bindparam("number")
)
_SETTING = select(setting.c.value).where(setting.c.key == bindparam("key"))
_HOLIDAYS = select(*columns_of(holiday, HolidayRow)).order_by(holiday.c.year, holiday.c.date)


@cache
def _keep(dialect: str) -> Insert:
    made = upsert(dialect, attachment)
    newer: dict[str, Any] = {name: made.excluded[name] for name in ("file_id", "file_unique_id")}
    newer["stored"] = attachment.c.stored | made.excluded.stored
    return made.on_conflict_do_update(index_elements=["hash"], set_=newer)


@cache
def _use(dialect: str) -> Insert:
    keys = ["hash", "subject_kind", "subject_id", "role"]
    return upsert(dialect, attachment_use).on_conflict_do_nothing(index_elements=keys)


@cache
def _put(dialect: str) -> Insert:
    made = upsert(dialect, setting)
    return made.on_conflict_do_update(index_elements=["key"], set_={"value": made.excluded.value})


class SqlAttachments:
    """`Attachments` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Attachment, *, at: datetime) -> None:
        await self._db.execute(_keep(self._db.dialect), {**values_of(added), "at": at})

    async def get(self, digest: str) -> Attachment | None:
        row = await self._db.first(_GET, {"hash": digest})
        return None if row is None else mapping.attachment(row)

    async def by_file_id(self, file_unique_id: str) -> Attachment | None:
        row = await self._db.first(_BY_FILE, {"file_unique_id": file_unique_id})
        return None if row is None else mapping.attachment(row)

    async def use(self, use: AttachmentUse) -> None:
        await self._db.execute(_use(self._db.dialect), values_of(use))

    async def unuse(self, use: AttachmentUse) -> None:
        about = (attachment_use.c.subject_kind == use.subject.kind) & (attachment_use.c.subject_id == use.subject.id)
        same = (attachment_use.c.hash == use.hash) & (attachment_use.c.role == use.role)
        await self._db.execute(attachment_use.delete().where(about, same))

    async def used(self, digest: str) -> Sequence[AttachmentUse]:
        return [mapping.attachment_use(row) for row in await self._db.rows(_USED, {"hash": digest})]

    async def of(self, subject: Subject) -> Sequence[AttachmentUse]:
        rows = await self._db.rows(_USES_OF, {"kind": subject.kind, "number": subject.id})
        return [mapping.attachment_use(row) for row in rows]


class SqlSettings:
    """`Settings` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def get(self, key: str) -> object | None:
        value: object | None = await self._db.value(_SETTING, {"key": key})
        return value

    async def put(self, key: str, value: object) -> None:
        if value is None:
            await self._db.execute(setting.delete().where(setting.c.key == key))
            return
        await self._db.execute(_put(self._db.dialect), {"key": key, "value": value})

    async def starting_with(self, prefix: str) -> Mapping[str, object]:
        found = select(setting).where(setting.c.key.startswith(prefix, autoescape=True)).order_by(setting.c.key)
        return {row.key: row.value for row in await self._db.rows(found)}


class SqlCalendar:
    """`Calendar` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def published(self) -> Sequence[HolidayRow]:
        return [mapping.holiday(row) for row in await self._db.rows(_HOLIDAYS)]

    async def replace_year(self, year: int, rows: Sequence[HolidayRow], source: str) -> None:
        await self._db.execute(holiday.delete().where(holiday.c.year == year))
        written = [values_of(replace(row, year=year, source=source)) for row in rows]
        if written:
            await self._db.execute(holiday.insert(), written)
