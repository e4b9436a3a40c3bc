"""Open tickets that a report may belong to; and bursts of the same facility, which the hub learns in private."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Outgoing, Priority
from bot.application.telling import tell
from bot.domain.draft import Draft
from bot.domain.merging import may_be_counted
from bot.domain.people import Role
from bot.domain.similarity import Said, most_alike
from bot.domain.ticket import Sensitivity, Ticket

OFFERED = 3


async def alike_tickets(uow: UnitOfWork, district: District, draft: Draft, *, now: datetime) -> list[Ticket]:
    """Open ones of the same item in the street, near and in similar words, the most alike first; public ones only."""
    item = district.catalogue.items.get(draft.item)
    if (
        item is None
        or item.sensitivity is not Sensitivity.PUBLIC
        or not draft.street
        or draft.split_from
        or draft.discreet
    ):
        return []
    since = now - district.rules.similar_within
    found = await uow.tickets.similar(draft.item, draft.street, since=since)
    public = [ticket for ticket in found if ticket.sensitivity is Sensitivity.PUBLIC]
    said = [Said(ticket.text, ticket.place) for ticket in public]
    ranked = most_alike(Said(draft.text, draft.place), said, at_least=district.rules.merging.likeness)
    return [public[number] for _, number in ranked[:OFFERED]]


async def tell_burst(uow: UnitOfWork, district: District, ticket: Ticket, *, now: datetime) -> None:
    """Many reports of one facility in one street within hours: the hub's people learn it in private, once a day."""
    rules = district.rules.merging
    item = district.catalogue.items.get(ticket.item)
    if item is None or item.code not in rules.facilities or not may_be_counted(item):
        return
    count = await uow.tickets.reports_of(ticket.item, ticket.street, since=now - rules.burst_within)
    if count < rules.burst:
        return
    day = district.day(now).isoformat()
    for person in await uow.people.holding(Role.DISPATCHER, {"hub"}):
        if person.reachable and person.private_chat_id:
            message = Outgoing(
                kind="burst",
                chat_id=person.private_chat_id,
                params={
                    "street": district.catalogue.party_name(ticket.street),
                    "item_name": ticket.item_name,
                    "count": count,
                    "hours": int(rules.burst_within.total_seconds()) // 3600,
                },
                priority=Priority.REMINDER,
                locale=person.locale,
                dedupe_key=f"burst:{ticket.street}:{ticket.item}:{day}:p{person.id}",
            )
            await tell(uow, district, message, now=now)
