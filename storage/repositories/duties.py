"""Duty rosters, and whose roles go to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import bindparam, select

from bot.domain.duty import Duty, Handover, HandoverKind
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.duties import duty, handover

_DUTIES = (
    select(*columns_of(duty, Duty))
    .where(duty.c.of.in_(bindparam("codes", expanding=True)), duty.c.last >= bindparam("day"))
    .order_by(duty.c.set_at.desc(), duty.c.id.desc())
)
_HANDOVERS = select(*columns_of(handover, Handover))
_GET = _HANDOVERS.where(handover.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_AWAY = _HANDOVERS.where(
    handover.c.kind == HandoverKind.LEAVE,
    handover.c.ended_at.is_(None),
    handover.c.first <= bindparam("day"),
    handover.c.last >= bindparam("day"),
).order_by(handover.c.id)
_SAVE = versioned.saving(handover)


class SqlDuties:
    """`Duties` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Duty) -> Duty:
        added.id = await self._db.insert(duty, values_of(added, "id"))
        return added

    async def ending_after(self, codes: Collection[str], day: date) -> Sequence[Duty]:
        rows = await self._db.rows(_DUTIES, {"codes": sorted(codes), "day": day})
        return [mapping.duty(row) for row in rows]


class SqlHandovers:
    """`Handovers` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Handover) -> Handover:
        added.id = await self._db.insert(handover, values_of(added, "id"))
        return added

    async def get(self, handover_id: int, *, for_update: bool = False) -> Handover | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": handover_id})
        return None if row is None else mapping.handover(row)

    async def away(self, day: date) -> Sequence[Handover]:
        return [mapping.handover(row) for row in await self._db.rows(_AWAY, {"day": day})]

    async def save(self, saved: Handover) -> None:
        await versioned.save(self._db, _SAVE, saved)
