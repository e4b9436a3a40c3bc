"""The schedule, half-finished dialogues and one-time codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, func, select

from bot.application.records import CodeKind, DueKind, DueRow, OneTimeCode, OpenQuestion, Subject
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.repositories.forgotten import FORGOTTEN
from storage.tables.matters import due
from storage.tables.people import one_time_code, question

_DUES = select(*columns_of(due, DueRow))
_GET = _DUES.where(due.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_RIPE = (
    select(due.c.id)
    .where(due.c.next_check_at <= bindparam("now"))
    .order_by(due.c.next_check_at, due.c.id)
    .limit(bindparam("at_most"))
)
_MOMENT = select(due.c.next_check_at).where(
    due.c.subject_kind == bindparam("kind_of"), due.c.subject_id == bindparam("number"), due.c.kind == bindparam("kind")
)
_CLAIM = (
    _DUES.where(due.c.next_check_at <= bindparam("now"))
    .order_by(due.c.next_check_at, due.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_MOVE = due.update().where(due.c.id == bindparam("b_id"))
_NEXT = select(func.min(due.c.next_check_at))
_DROP_ALL = due.delete().where(due.c.subject_kind == bindparam("kind_of"), due.c.subject_id == bindparam("number"))
_DROP = _DROP_ALL.where(due.c.kind == bindparam("b_kind"))

_HERE = (question.c.person_id == bindparam("b_person")) & (question.c.chat_id == bindparam("b_chat"))
_OPEN = select(*columns_of(question, OpenQuestion)).where(_HERE, question.c.expires_at > bindparam("now"))
_CLOSE = question.delete().where(_HERE)

_CODES = select(*columns_of(one_time_code, OneTimeCode))
_GET_CODE = _CODES.where(one_time_code.c.code == bindparam("code"))
_UNUSED = one_time_code.c.used_at.is_(None)
_USE = one_time_code.update().where(one_time_code.c.code == bindparam("b_code"), _UNUSED)
_FOLLOW_CODE = (
    _CODES.where(one_time_code.c.kind == CodeKind.FOLLOW, one_time_code.c.value == bindparam("ticket_code"))
    .order_by(one_time_code.c.expires_at.desc())
    .limit(1)
)


@cache
def _put(dialect: str) -> Insert:
    made = upsert(dialect, due)
    newer = {"next_check_at": made.excluded.next_check_at, "arg": made.excluded.arg}
    return made.on_conflict_do_update(index_elements=["subject_kind", "subject_id", "kind"], set_=newer)


@cache
def _ask(dialect: str) -> Insert:
    made = upsert(dialect, question)
    keys = ("person_id", "chat_id")
    newer = {column.name: made.excluded[column.name] for column in question.c if column.name not in keys}
    return made.on_conflict_do_update(index_elements=keys, set_=newer)


class SqlDues:
    """`Dues` over SQL; what is put is written together, before anything else is asked of the table."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._put: dict[tuple[str, int, str], dict[str, Any]] = {}

    async def put(self, subject: Subject, kind: DueKind, at: datetime, *, arg: str = "") -> None:
        self._put[subject.kind, subject.id, kind] = values_of(DueRow(0, subject, kind, at, arg), "id")

    async def drop(self, subject: Subject, kind: DueKind | None = None) -> None:
        await self.flush()
        which = {"kind_of": subject.kind, "number": subject.id}
        if kind is None:
            await self._db.execute(_DROP_ALL, which)
        else:
            await self._db.execute(_DROP, {**which, "b_kind": kind})

    async def get(self, due_id: int, *, for_update: bool = False) -> DueRow | None:
        await self.flush()
        row = await self._db.first(_LOCK if for_update else _GET, {"id": due_id})
        return None if row is None else mapping.due(row)

    async def ripe(self, now: datetime, *, limit: int) -> Sequence[int]:
        await self.flush()
        return [row.id for row in await self._db.rows(_RIPE, {"now": now, "at_most": limit})]

    async def claim(self, now: datetime, *, limit: int) -> Sequence[DueRow]:
        await self.flush()
        return [mapping.due(row) for row in await self._db.rows(_CLAIM, {"now": now, "at_most": limit})]

    async def of_kinds(self, kinds: Collection[DueKind]) -> Sequence[DueRow]:
        await self.flush()
        found = _DUES.where(due.c.kind.in_(sorted(kinds))).order_by(due.c.id)
        return [mapping.due(row) for row in await self._db.rows(found)]

    async def move(self, moments: Mapping[int, datetime]) -> None:
        await self.flush()
        if moments:
            rows = [{"b_id": number, "next_check_at": at} for number, at in moments.items()]
            await self._db.execute(_MOVE, rows)

    async def remove(self, ids: Collection[int]) -> None:
        await self.flush()
        if ids:
            await self._db.execute(due.delete().where(due.c.id.in_(ids)))

    async def forgotten(self, *, limit: int) -> Sequence[tuple[Subject, DueKind]]:
        await self.flush()
        found: list[tuple[Subject, DueKind]] = []
        for about, kind, statement in FORGOTTEN:
            for row in await self._db.rows(statement, {"at_most": limit}):
                found.append((Subject(about, row.id), kind))
        return found

    async def next_moment(self) -> datetime | None:
        await self.flush()
        moment: datetime | None = await self._db.value(_NEXT)
        return moment

    async def moment_of(self, subject: Subject, kind: DueKind) -> datetime | None:
        await self.flush()
        which = {"kind_of": subject.kind, "number": subject.id, "kind": kind}
        moment: datetime | None = await self._db.value(_MOMENT, which)
        return moment

    async def flush(self) -> None:
        """Writes what was put, in one order for all, so that no two wait for each other."""
        if self._put:
            rows = [self._put[key] for key in sorted(self._put)]
            self._put.clear()
            await self._db.execute(_put(self._db.dialect), rows if len(rows) > 1 else rows[0])

    def forget(self) -> None:
        """What was put since a savepoint is gone."""
        self._put.clear()


class SqlQuestions:
    """`Questions` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def ask(self, asked: OpenQuestion) -> None:
        await self._db.execute(_ask(self._db.dialect), values_of(asked))

    async def open(self, person_id: int, chat_id: int, *, now: datetime) -> OpenQuestion | None:
        row = await self._db.first(_OPEN, {"b_person": person_id, "b_chat": chat_id, "now": now})
        return None if row is None else mapping.question(row)

    async def close(self, person_id: int, chat_id: int) -> None:
        await self._db.execute(_CLOSE, {"b_person": person_id, "b_chat": chat_id})


class SqlCodes:
    """`Codes` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, code: OneTimeCode) -> None:
        await self._db.execute(one_time_code.insert(), values_of(code))

    async def get(self, code: str) -> OneTimeCode | None:
        row = await self._db.first(_GET_CODE, {"code": code})
        return None if row is None else mapping.code(row)

    async def use(self, code: str, *, by: int, at: datetime) -> bool:
        return await self._db.count(_USE, {"b_code": code, "used_by": by, "used_at": at}) == 1

    async def follow_code(self, ticket_code: str) -> OneTimeCode | None:
        row = await self._db.first(_FOLLOW_CODE, {"ticket_code": ticket_code})
        return None if row is None else mapping.code(row)

    async def open(self, kind: CodeKind) -> Sequence[OneTimeCode]:
        found = _CODES.where(one_time_code.c.kind == kind, _UNUSED).order_by(one_time_code.c.expires_at)
        return [mapping.code(row) for row in await self._db.rows(found)]
