"""Whom a step of a ladder reaches: people in private, chats where nobody can be reached; looked up once a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.calls.verify import person_of_record
from bot.application.clocks.waiting import Waiting
from bot.application.district import District
from bot.application.people.answering import OWN_KINDS, answering, deputies
from bot.application.people.leaders import leaders_of
from bot.application.people.on_duty import officers_of
from bot.application.ports import UnitOfWork
from bot.application.telling import hub_chats, unit_chats
from bot.domain import routing
from bot.domain.escalation import Tells
from bot.domain.people import Person, Role

Key = tuple[Tells, str]


@dataclass(slots=True)
class Recipients:
    """Asked for each step; what was looked up for one case of a unit holds for the others of the batch."""

    uow: UnitOfWork
    district: District
    now: datetime
    _people: dict[Key, Sequence[Person]] = field(default_factory=dict)
    _chats: dict[str, Sequence[int]] = field(default_factory=dict)

    async def people(self, tells: Tells, waiting: Waiting) -> Sequence[Person]:
        """Those of that kind whom the bot can write to in private."""
        key = (tells, _about(tells, waiting))
        if key not in self._people:
            found = await self._find(tells, waiting)
            self._people[key] = [p for p in found if p.reachable and p.private_chat_id]
        return self._people[key]

    async def _find(self, tells: Tells, waiting: Waiting) -> Sequence[Person]:
        uow, district, party = self.uow, self.district, waiting.party
        if tells is Tells.DISPATCHER:
            return await uow.people.holding(Role.DISPATCHER, {"hub"})
        if tells is Tells.DISTRICT_LEADER:
            return await leaders_of(uow, district, waiting.ticket.street)
        if tells is Tells.CALLER:
            person = await person_of_record(uow, district, waiting.ticket)
            return [person] if person else []
        if party is None:
            return []
        if waiting.owing is Tells.OFFICER and tells in {Tells.OFFICER, Tells.DEPUTY}:
            officers = await officers_of(uow, district, party.code, self.now)
            return officers[:1] if tells is Tells.OFFICER else officers[1:]
        if tells is Tells.LIAISON:
            return await answering(uow, district, party, self.now)
        if tells is Tells.DEPUTY:
            return await deputies(uow, district, party, self.now)
        if tells is Tells.DEPARTMENT_LEADER and party.kind in OWN_KINDS:
            return await uow.people.holding(Role.STREET_OFFICER, {waiting.ticket.street})
        codes = routing.covering_codes(district.catalogue, party.code)
        return await uow.people.holding(Role.DEPARTMENT_LEADER, codes)

    async def chats(self, waiting: Waiting) -> Sequence[int]:
        """The chats of the party that owes something, for when nobody of it can be written to."""
        code = waiting.party.code if waiting.party else "hub"
        if code not in self._chats:
            found = await (unit_chats(self.uow, self.district, code) if waiting.party else hub_chats(self.uow))
            self._chats[code] = [chat.id for chat in found]
        return self._chats[code]


def _about(tells: Tells, waiting: Waiting) -> str:
    if tells is Tells.CALLER:
        return str(waiting.ticket.id)
    if tells is Tells.DISTRICT_LEADER:
        return waiting.ticket.street
    return f"{waiting.owing}:{waiting.party}"
