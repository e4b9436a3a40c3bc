"""Departments' wishes to streets."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bot.domain.street_call import StreetCall
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.street_calls import street_call

_GET = select(*columns_of(street_call, StreetCall)).where(street_call.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_SAVE = versioned.saving(street_call)


class SqlStreetCalls:
    """`StreetCalls` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, call: StreetCall) -> StreetCall:
        call.id = await self._db.insert(street_call, values_of(call, "id"))
        return call

    async def get(self, call_id: int, *, for_update: bool = False) -> StreetCall | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": call_id})
        return None if row is None else StreetCall(*row)

    async def save(self, call: StreetCall) -> None:
        await versioned.save(self._db, _SAVE, call)
