"""执法调度: the officer commands the team stationed with the street and may call further ones; departments are informed."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import AS_LISTED, Terms, dispatch_to
from bot.application.calls.work_on import signed
from bot.application.district import District
from bot.application.hub_tasks import finish_tasks
from bot.application.loading import Case, load_assignment, load_open_case
from bot.application.people.identify import ticket_target
from bot.application.people.succession import take_away
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse, DueKind, Outgoing, Priority
from bot.application.requests.rulings import close_requests
from bot.application.telling import assignment_subject, offer_undo, raise_cards, tell, ticket_subject, unit_chats
from bot.application.ways.refer_up import lapse_referral
from bot.domain import routing
from bot.domain.assignment import OPEN_STATES, Assignment, AssignmentState
from bot.domain.catalogue import Unit
from bot.domain.commanding import NoTeam, NotForEnforcement, as_team, is_commandable, stationed_team
from bot.domain.errors import ButtonStale, TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.party import PartyKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, Target, require
from bot.domain.returning import Outcome
from bot.domain.ticket import Mode, Sensitivity

HELPS = Terms(is_lead=False)


async def command_team(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """`执法调度`: the stationed team is sent; whoever was asked before is free, and the lead department informed."""
    case = await load_open_case(uow, ticket_id)
    ticket, catalogue, rules = case.ticket, district.catalogue, district.rules.enforcement
    require(actor, Action.COMMAND, ticket_target(ticket, catalogue))
    if ticket.mode is Mode.ENFORCEMENT:
        raise TransitionNotAllowed(state=case.stage, to="commanded", by=ticket.ordered_by, at=None)
    team = stationed_team(catalogue, rules, ticket.street)
    if team is None:
        raise NoTeam(street=catalogue.party_name(ticket.street))
    if not is_commandable(catalogue, rules, ticket):
        raise NotForEnforcement(item=ticket.item_name)
    before = {"mode": str(ticket.mode), "ordered_by": ticket.ordered_by}
    detail = {"team": team.code, "before": before}
    await uow.events.append(ticket_id, EventKind.COMMANDED, at=now, actor=actor.id, detail=detail)
    ticket.mode, ticket.ordered_by, ticket.start_awaited = Mode.ENFORCEMENT, actor.id, False
    await uow.tickets.save(ticket)
    await uow.dues.drop(ticket_subject(ticket_id), DueKind.START)
    round_ = max([1, *(part.round for part in case.assignments)])
    for part in case.assignments:
        if part.state in OPEN_STATES or part.state is AssignmentState.REPORTED:
            await take_away(uow, case, part, actor.id, now=now)
    await finish_tasks(uow, case, actor.id, now=now)
    await close_requests(uow, case, Outcome.LAPSED, "", actor.id, now=now)
    await lapse_referral(uow, case, actor.id, now=now)
    await dispatch_to(uow, district, case, as_team(team), now=now, by=actor.id, round_=round_, terms=AS_LISTED)
    await _inform(uow, district, case, team, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


async def _inform(uow: UnitOfWork, district: District, case: Case, team: Unit, *, now: datetime) -> None:
    """The lead department knows what is done in its field; nothing is asked of it."""
    ticket = case.ticket
    item = district.catalogue.items.get(ticket.item)
    unit = routing.lead_unit(district.catalogue, item, ticket.street) if item else None
    if unit is None or unit.department == team.department:
        return
    hidden = ticket.sensitivity is Sensitivity.SENSITIVE
    params = {
        "code": ticket.code,
        "item_name": "" if hidden else ticket.item_name,
        "street": district.catalogue.party_name(ticket.street),
        "unit": district.catalogue.party_name(team.code),
    }
    for chat in await unit_chats(uow, district, unit.code):
        message = Outgoing(
            kind="enforcement-informed",
            chat_id=chat.id,
            params=params,
            silent=True,
            priority=Priority.DIGEST,
            dedupe_key=f"ticket:{ticket.id}:commanded:c{chat.id}",
        )
        await tell(uow, district, message, now=now)


async def call_further(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, unit_code: str, *, now: datetime
) -> Case:
    """`呼应`: one more team on the spot, beside the one that leads."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.COMMAND, ticket_target(case.ticket, district.catalogue))
    unit = district.catalogue.unit(unit_code)
    if case.ticket.mode is not Mode.ENFORCEMENT:
        raise TransitionNotAllowed(state=case.stage, to="commanded", by=None, at=None)
    there = [p for p in case.assignments if p.assignee.code == unit.code and p.state in OPEN_STATES]
    if there:
        raise TransitionNotAllowed(
            state=there[0].state, to="commanded", by=there[0].last_mover, at=there[0].dispatched_at
        )
    round_ = max([1, *(part.round for part in case.assignments)])
    await dispatch_to(uow, district, case, as_team(unit), now=now, by=actor.id, round_=round_, terms=HELPS)
    await raise_cards(uow, case)
    return case


async def team_moves(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, arrived: bool, now: datetime
) -> tuple[Case, Assignment]:
    """`出发` and `到场`, with their times; either says that the order was received."""
    case, part = await load_assignment(uow, assignment_id)
    require(actor, Action.MOVE, ticket_target(case.ticket, district.catalogue, [part]))
    if part.assignee.kind is not PartyKind.TEAM:
        raise ButtonStale()
    if not part.is_open or part.there_at is not None or (part.on_the_way_at is not None and not arrived):
        raise TransitionNotAllowed(state=part.state, to="moved", by=part.last_mover, at=part.last_moved_at)
    if part.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED}:
        await signed(uow, district, case, part, actor, now=now)
    if arrived:
        part.arrived_at = now
    else:
        part.set_out_at = now
    await uow.assignments.save(part)
    kind = EventKind.ARRIVED if arrived else EventKind.SET_OUT
    await uow.events.append(case.ticket.id, kind, at=now, actor=actor.id, detail={"assignment": part.id})
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, part


async def show_scene(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    assignment_id: int,
    place: str,
    photos: tuple[str, ...],
    *,
    now: datetime,
) -> Case:
    """What the team sees on the spot: kept in an emergency and nowhere else."""
    case, part = await load_assignment(uow, assignment_id)
    require(actor, Action.MOVE, Target(units=ticket_target(case.ticket, district.catalogue, [part]).units))
    if not case.ticket.emergency or part.arrived_at is None:
        raise ButtonStale()
    for digest in photos:
        await uow.attachments.use(AttachmentUse(digest, assignment_subject(part.id), "arrival", now))
    detail = {"assignment": part.id, "photos": list(photos)}
    texts = {"place": place} if place else None
    await uow.events.append(case.ticket.id, EventKind.ARRIVED, at=now, actor=actor.id, detail=detail, texts=texts)
    return case
