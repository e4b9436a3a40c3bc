"""转为街道呼叫: what a community called, its street calls from now on; the history stays."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import call_out
from bot.application.district import District
from bot.application.hub_tasks import finish_undelivered
from bot.application.loading import Case, load_open_case
from bot.application.ports import UnitOfWork
from bot.application.records import Face
from bot.application.requests.lapse import lapse_requests
from bot.application.requests.rulings import lapse
from bot.application.telling import assignment_subject, offer_undo, raise_cards, street_chats, ticket_subject
from bot.domain.assignment import AssignmentState, cancel
from bot.domain.errors import TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.party import Party, PartyKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require


async def take_over(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """The street becomes the caller. What it had to do itself goes out to the unit; a unit at work goes on."""
    case = await load_open_case(uow, ticket_id)
    ticket = case.ticket
    require(actor, Action.TAKE_OVER, Target(streets=frozenset({ticket.street})))
    if ticket.caller.kind is not PartyKind.COMMUNITY:
        raise TransitionNotAllowed(state=case.stage, to="taken_over", by=None, at=None)
    street = Party(PartyKind.STREET, ticket.street)
    detail = {"from": str(ticket.caller), "to": str(street)}
    await uow.events.append(ticket.id, EventKind.TAKEN_OVER, at=now, actor=actor.id, detail=detail)
    own = [part for part in case.assignments if part.assignee == street and part.is_open]
    ticket.caller = street
    await uow.tickets.save(ticket)
    for part in own:
        if part.state is AssignmentState.RETURN_REQUESTED:
            await lapse(uow, case, part, actor.id, now=now)
        cancel(part, now=now, by=actor.id)
        await uow.assignments.save(part)
        await uow.dues.drop(assignment_subject(part.id))
        await uow.events.append(ticket.id, EventKind.CANCELLED, at=now, actor=actor.id, detail={"assignment": part.id})
        await lapse_requests(uow, part, now=now)
    await finish_undelivered(uow, case, [part.id for part in own], actor.id, now=now)
    for chat in await street_chats(uow, ticket.street):
        await uow.cards.want(ticket_subject(ticket_id), chat.id, Face.CALLER, silent=True, at=now)
    if own:
        await call_out(uow, district, case, now=now, by=actor.id)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case
