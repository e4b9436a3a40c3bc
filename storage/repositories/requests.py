"""Requests for time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import bindparam, select

from bot.domain.request import Request
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.waiting import request

_REQUESTS = select(*columns_of(request, Request))
_GET = _REQUESTS.where(request.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_OF = _REQUESTS.where(request.c.assignment_id == bindparam("assignment_id")).order_by(request.c.id)
_SAVE = versioned.saving(request)


class SqlRequests:
    """`Requests` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Request) -> Request:
        added.id = await self._db.insert(request, values_of(added, "id"))
        return added

    async def get(self, request_id: int, *, for_update: bool = False) -> Request | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": request_id})
        return None if row is None else mapping.request(row)

    async def of_assignment(self, assignment_id: int) -> Sequence[Request]:
        return [mapping.request(row) for row in await self._db.rows(_OF, {"assignment_id": assignment_id})]

    async def of_assignments(self, assignment_ids: Collection[int]) -> Mapping[int, Sequence[Request]]:
        found: dict[int, list[Request]] = {number: [] for number in assignment_ids}
        mine = _REQUESTS.where(request.c.assignment_id.in_(assignment_ids)).order_by(request.c.id)
        for row in await self._db.rows(mine):
            found[row.assignment_id].append(mapping.request(row))
        return found

    async def save(self, saved: Request) -> None:
        await versioned.save(self._db, _SAVE, saved)
