"""Who answers for a party at a moment: what a clock says in private goes to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.district import District
from bot.application.people.on_duty import on_duty
from bot.application.ports import UnitOfWork
from bot.domain import routing
from bot.domain.party import Party, PartyKind
from bot.domain.people import Person, Role

OWN_KINDS = frozenset({PartyKind.STREET, PartyKind.COMMUNITY})


async def answering(uow: UnitOfWork, district: District, party: Party, now: datetime) -> Sequence[Person]:
    """The party's people whom the bot can write to: who is on duty, else those who answer for it."""
    return await on_duty(uow, district, party.code, now)


async def deputies(uow: UnitOfWork, district: District, party: Party, now: datetime) -> Sequence[Person]:
    """The others who could answer for the party and are not on duty."""
    first = {person.id for person in await answering(uow, district, party, now)}
    role = Role.STREET_OFFICER if party.kind in OWN_KINDS else Role.LIAISON
    held = await uow.people.holding(role, routing.covering_codes(district.catalogue, party.code))
    return [p for p in held if p.id not in first and p.reachable and p.private_chat_id]
