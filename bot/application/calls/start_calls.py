"""Starting is the officer's right (启动): one by one, all at once, or an item in advance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.dispatching import send_on
from bot.application.calls.start_clock import show_starts
from bot.application.district import District
from bot.application.hub_tasks import finish_tasks
from bot.application.loading import Case, load_open_case
from bot.application.people.acting import acted_as
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind
from bot.application.telling import offer_undo, raise_cards, ticket_subject
from bot.application.undoing.last_press import note_batch
from bot.domain.errors import TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Actor, Grant, Role
from bot.domain.permissions import Action, Target, is_named, require


async def start_call(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """The call goes out; raises `TransitionNotAllowed` where nothing waits to be started."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.START, ticket_target(case.ticket, district.catalogue))
    if not case.ticket.start_awaited:
        raise TransitionNotAllowed(state=case.stage, to="started")
    case.ticket.start_awaited = False
    case.ticket.start_authority = actor.person.name
    await uow.tickets.save(case.ticket)
    await uow.dues.drop(ticket_subject(ticket_id), DueKind.START)
    await uow.events.append(ticket_id, EventKind.STARTED, at=now, actor=actor.id, detail=acted_as(actor, Action.START))
    await finish_tasks(uow, case, actor.id, now=now, kind=HubTaskKind.START)
    await send_on(uow, district, case, now=now, by=actor.id)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    await note_batch(uow, district, actor.id, ticket_id, now=now)
    await show_starts(uow, district, case.ticket.street, now=now)
    return case


STARTS = frozenset({Role.STREET_OFFICER, Role.DELEGATE})


def may_start(actor: Actor, grant: Grant) -> bool:
    """A delegate only where starting was given to him."""
    return grant.role is not Role.DELEGATE or is_named(actor, grant, Action.START_ALL)


async def start_all(uow: UnitOfWork, district: District, actor: Actor, *, now: datetime) -> Sequence[Case]:
    """`全部启动`: everything that waits in the officer's streets."""
    started = []
    for street in sorted({g.of for g in actor.all_grants() if g.role in STARTS and may_start(actor, g)}):
        for ticket in await uow.tickets.awaiting_start(street):
            started.append(await start_call(uow, district, actor, ticket.id, now=now))
    return started


async def authorise_item(
    uow: UnitOfWork, district: District, actor: Actor, street: str, item: str, *, granted: bool, now: datetime
) -> None:
    """授权启动: calls of that item start by themselves in that street, until it is revoked."""
    require(actor, Action.AUTHORISE, Target(streets=frozenset({street})))
    code = district.catalogue.item(item).code
    value = {"by": actor.id, "at": now.isoformat()} if granted else None
    await uow.settings.put(f"standing:{street}:{code}", value)
