"""Meetings and invitations come back as they were written, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.errors import VersionConflict
from bot.domain.meeting import Every, Invitation, Meeting, MeetingKind, MeetingState, Reply
from bot.domain.party import Party, PartyKind
from bot.domain.people import Person
from storage.store import SqlStore
from tests.storage.samples import NOW, a_ticket, later
from tests.storage.test_round_trip import says_something


async def test_a_meeting_and_who_is_invited(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 22), prefix="JL")
        full = Meeting(
            0, MeetingKind.STANDING, MeetingState.CALLED, ticket.id, "联席会议", person.id, NOW, later(days=1),
            "区政府302 https://example.org/1", Every.MONTH, NOW, later(hours=4), "市政中心：更换井盖，3工作日", later(days=2),
            later(days=3), later(days=4),
        )  # fmt: skip
        says_something(await uow.meetings.add(full), "version")
        bare = await uow.meetings.add(Meeting(0, MeetingKind.TALK, MeetingState.PREPARED, None, "", person.id, NOW))
        party = Party(PartyKind.UNIT, "D34-JL01")
        invited = Invitation(0, full.id, party, Reply.DELEGATE, person.id, NOW, "李工", later(days=1))
        says_something(await uow.invitations.add(invited))
        other = await uow.invitations.add(Invitation(0, full.id, Party(PartyKind.STREET, "JL01")))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.meetings.get(full.id) == full
        assert await uow.meetings.of_ticket(ticket.id) == [full]
        assert await uow.meetings.open() == [bare], "what has ended is not open"
        assert await uow.invitations.get(invited.id) == invited
        assert await uow.invitations.of_meeting(full.id) == [invited, other]
    async with store.begin() as uow:
        other.reply, other.arrived_at = Reply.ARRIVED, later(hours=1)
        await uow.invitations.save(other)
        await uow.invitations.remove(invited.id)
        assert await uow.invitations.of_meeting(full.id) == [other]
        stale = await uow.meetings.get(bare.id)
        assert stale is not None
        await uow.meetings.save(bare)
        with pytest.raises(VersionConflict):
            await uow.meetings.save(stale)
