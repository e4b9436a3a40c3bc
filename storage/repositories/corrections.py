"""What people corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, func, or_, select

from bot.application.records import SubjectKind
from bot.domain.correction import Correction
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.tables.lists import correction
from storage.tables.matters import draft

_ALL = select(*columns_of(correction, Correction)).order_by(correction.c.id)
_GET = _ALL.where(correction.c.id == bindparam("id"))
_IS_OPEN = correction.c.released_at.is_(None) & correction.c.dropped_at.is_(None)
_WAITING = _ALL.where(_IS_OPEN).limit(500)
_RELEASED = _ALL.where(correction.c.released_at.is_not(None), correction.c.dropped_at.is_(None))
_ABOUT = (correction.c.subject_kind == bindparam("kind")) & (correction.c.subject_id == bindparam("number"))
_ERASE = correction.delete().where(_ABOUT)
_DRAFTS = select(draft.c.id).where(draft.c.ticket_id == bindparam("ticket_id"))
_ERASE_OF = correction.delete().where(
    or_(
        (correction.c.subject_kind == SubjectKind.TICKET) & (correction.c.subject_id == bindparam("ticket_id")),
        (correction.c.subject_kind == SubjectKind.DRAFT) & correction.c.subject_id.in_(_DRAFTS),
    )
)
_SAVE = correction.update().where(correction.c.id == bindparam("b_id"))
_KINDS = (correction.c.origin, correction.c.was, correction.c.item)
_COUNTED = select(*_KINDS, func.count()).group_by(*_KINDS)


class SqlCorrections:
    """`Corrections` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Correction) -> Correction:
        added.id = await self._db.insert(correction, values_of(added, "id"))
        return added

    async def get(self, correction_id: int, *, for_update: bool = False) -> Correction | None:
        found = _GET.with_for_update() if for_update else _GET
        row = await self._db.first(found, {"id": correction_id})
        return None if row is None else Correction(*row)

    async def save(self, saved: Correction) -> None:
        await self._db.execute(_SAVE, {**values_of(saved, "id"), "b_id": saved.id})

    async def waiting(self) -> Sequence[Correction]:
        return [Correction(*row) for row in await self._db.rows(_WAITING)]

    async def released(self) -> Sequence[Correction]:
        return [Correction(*row) for row in await self._db.rows(_RELEASED)]

    async def counted(self) -> Mapping[tuple[str, str, str], int]:
        return {(origin, was, item): count for origin, was, item, count in await self._db.rows(_COUNTED)}

    async def forget(self, kind: str, number: int) -> int:
        return await self._db.count(_ERASE.where(_IS_OPEN), {"kind": kind, "number": number})

    async def erase_of(self, ticket_id: int) -> int:
        return await self._db.count(_ERASE_OF, {"ticket_id": ticket_id})
