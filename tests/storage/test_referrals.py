"""What streets laid before their leader, and how often he has ordered, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.errors import VersionConflict
from bot.domain.people import Person
from bot.domain.referral import Referral, ReferralState
from storage.store import SqlStore
from tests.storage.samples import NOW, a_ticket, later
from tests.storage.test_round_trip import says_something


async def test_referrals_and_the_count_of_a_leader(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 22), prefix="JL")
        full = Referral(
            0, ticket.id, ReferralState.ORDERED, person.id, 8, NOW, later(days=1), "建议市政牵头", "请市政办", 9,
            later(hours=1), later(days=2), "区政府302",
        )  # fmt: skip
        says_something(await uow.referrals.add(full), "version")
        met = await uow.referrals.add(replace(full, id=0, state=ReferralState.MEETING))
        passed = await uow.referrals.add(replace(full, id=0, state=ReferralState.PASSED))
        waiting = await uow.referrals.add(Referral(0, ticket.id, ReferralState.OPEN, person.id, 8, NOW, NOW))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.referrals.get(full.id) == full
        assert await uow.referrals.of_ticket(ticket.id) == [full, met, passed, waiting]
        assert await uow.referrals.waiting_for(person.id) == [waiting]
        assert await uow.referrals.ordered_by(person.id, since=NOW) == 2, "what goes the ordinary way is not counted"
        assert await uow.referrals.ordered_by(person.id, since=later(hours=2)) == 0
    async with store.begin() as uow:
        stale = await uow.referrals.get(waiting.id)
        assert stale is not None
        await uow.referrals.save(waiting)
        with pytest.raises(VersionConflict):
            await uow.referrals.save(stale)
