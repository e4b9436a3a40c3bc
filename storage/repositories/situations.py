"""Emergencies and their log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.situation import Entry, Situation, SituationState
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.situations import situation, situation_entry

_ALL = select(*columns_of(situation, Situation))
_GET = _ALL.where(situation.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_ACTIVE = _ALL.where(situation.c.state == SituationState.ACTIVE).order_by(situation.c.id)
_SAVE = versioned.saving(situation)
_ENTRIES = (
    select(*columns_of(situation_entry, Entry))
    .where(situation_entry.c.situation_id == bindparam("id"))
    .order_by(situation_entry.c.at, situation_entry.c.id)
)
_TAKE_OVER = situation_entry.update().where(
    situation_entry.c.situation_id.is_(None),
    situation_entry.c.street == bindparam("b_street"),
    situation_entry.c.at >= bindparam("b_since"),
)


class SqlSituations:
    """`Situations` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Situation) -> Situation:
        added.id = await self._db.insert(situation, values_of(added, "id"))
        return added

    async def get(self, situation_id: int, *, for_update: bool = False) -> Situation | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": situation_id})
        return None if row is None else Situation(*row)

    async def save(self, saved: Situation) -> None:
        await versioned.save(self._db, _SAVE, saved)

    async def active(self) -> Sequence[Situation]:
        return [Situation(*row) for row in await self._db.rows(_ACTIVE)]

    async def log(self, entry: Entry) -> Entry:
        return replace(entry, id=await self._db.insert(situation_entry, values_of(entry, "id")))

    async def entries(self, situation_id: int) -> Sequence[Entry]:
        return [Entry(*row) for row in await self._db.rows(_ENTRIES, {"id": situation_id})]

    async def take_over(self, situation_id: int, street: str, *, since: datetime) -> int:
        which = {"b_street": street, "b_since": since, "situation_id": situation_id}
        return await self._db.count(_TAKE_OVER, which)
