"""Referrals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.domain.referral import Referral, ReferralState
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.referrals import referral

_REFERRALS = select(*columns_of(referral, Referral))
_GET = _REFERRALS.where(referral.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_OF_TICKET = _REFERRALS.where(referral.c.ticket_id == bindparam("ticket_id")).order_by(referral.c.id)
_WAITING = _REFERRALS.where(
    referral.c.leader_id == bindparam("leader_id"), referral.c.state == ReferralState.OPEN
).order_by(referral.c.id)
_ORDERED = select(func.count()).where(
    referral.c.leader_id == bindparam("leader_id"),
    referral.c.state.in_([ReferralState.ORDERED, ReferralState.MEETING]),
    referral.c.decided_at >= bindparam("since", type_=referral.c.decided_at.type),
)
_SAVE = versioned.saving(referral)


class SqlReferrals:
    """`Referrals` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Referral) -> Referral:
        added.id = await self._db.insert(referral, values_of(added, "id"))
        return added

    async def get(self, referral_id: int, *, for_update: bool = False) -> Referral | None:
        row = await self._db.first(_LOCK if for_update else _GET, {"id": referral_id})
        return None if row is None else mapping.referral(row)

    async def of_ticket(self, ticket_id: int) -> Sequence[Referral]:
        return [mapping.referral(row) for row in await self._db.rows(_OF_TICKET, {"ticket_id": ticket_id})]

    async def waiting_for(self, leader_id: int) -> Sequence[Referral]:
        return [mapping.referral(row) for row in await self._db.rows(_WAITING, {"leader_id": leader_id})]

    async def ordered_by(self, leader_id: int, *, since: datetime) -> int:
        return int(await self._db.value(_ORDERED, {"leader_id": leader_id, "since": since}) or 0)

    async def save(self, saved: Referral) -> None:
        await versioned.save(self._db, _SAVE, saved)
