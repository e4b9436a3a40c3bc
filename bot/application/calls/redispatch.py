"""What the hub does with a case: dispatches it, notes a call, reopens it."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import AS_LISTED, dispatch_to, dispatch_to_unit, new_assignment, terms_of
from bot.application.calls.keep_ticket import keep_no_longer
from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.hub_tasks import finish_tasks, finish_undelivered
from bot.application.learning.corrections import keep_ruling
from bot.application.loading import Case, load_assignment, load_case, load_open_case
from bot.application.people import succession
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.requests.rulings import close_requests, open_request, stands_outside
from bot.application.telling import offer_undo, raise_cards
from bot.application.ways.refer_up import lapse_referral
from bot.domain import routing
from bot.domain.assignment import OPEN_STATES, Assignment, AssignmentState, move
from bot.domain.catalogue import Unit
from bot.domain.correction import Origin
from bot.domain.errors import TransitionNotAllowed, UnitUnknown
from bot.domain.events import EventKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, require
from bot.domain.returning import Outcome
from bot.domain.ticket import Ending, Level, Mode, Stage

REPLACEABLE = OPEN_STATES | {AssignmentState.REPORTED}
"""What a new dispatch takes from the unit that has it."""

OF_SEVERAL = frozenset({Mode.JOINT, Mode.REVERSE, Mode.ENFORCEMENT})
"""Ways in which several units work beside each other."""


async def dispatch_by_hub(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, unit_code: str, *, now: datetime
) -> Case:
    """`派单`: the call goes to that unit; what another unit had open is returned, its part measured apart."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.DISPATCH, ticket_target(case.ticket, district.catalogue))
    unit = unit_named(district, case, unit_code)
    request = await open_request(uow, ticket_id)
    if request is not None:
        stands_outside(district, actor, case, [request.unit, unit.code])
    if case.ticket.mode is Mode.SELF:
        await keep_no_longer(uow, case, actor, now=now)
    rounds = [0]
    yielding: list[Assignment] = []
    replaced = _replaced(case)
    whole = len(replaced) == sum(p.state in REPLACEABLE for p in case.assignments)
    for assignment in case.assignments:
        rounds.append(assignment.round)
        if assignment not in replaced:
            continue
        if succession.stays_liable(assignment):
            yielding.append(assignment)
        else:
            await succession.take_away(uow, case, assignment, actor.id, now=now)
    case.ticket.start_awaited = False
    await uow.tickets.save(case.ticket)
    if whole:
        await finish_tasks(uow, case, actor.id, now=now)
    else:
        await finish_undelivered(uow, case, [part.id for part in replaced], actor.id, now=now)
    await lapse_referral(uow, case, actor.id, now=now)
    terms = AS_LISTED if whole else terms_of(replaced[-1])
    round_ = max(1, *rounds)
    new = await dispatch_to_unit(uow, district, case, unit, now=now, by=actor.id, round_=round_, terms=terms)
    gone = {part.id for part in replaced}
    await succession.yield_to(uow, [*yielding, *(p for p in case.assignments if p.yields_to in gone)], new)
    await close_requests(uow, case, Outcome.MOVED, unit.code, actor.id, now=now)
    if whole:
        await _ordinary(uow, case, now=now)
    origin = Origin.HUB_DISPATCH if request is None else Origin.RETURN_GRANTED
    await keep_ruling(uow, district, case, unit, origin, by=actor.id, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


def _replaced(case: Case) -> list[Assignment]:
    """Where several units are at work and only one was not reached, the others go on; else all give way."""
    open_parts = [part for part in case.assignments if part.state in REPLACEABLE]
    unreached = [part for part in open_parts if part.state is AssignmentState.UNDELIVERED]
    several = case.ticket.mode in OF_SEVERAL and len(open_parts) > 1
    return unreached[:1] if several and unreached else open_parts


async def _ordinary(uow: UnitOfWork, case: Case, *, now: datetime) -> None:
    """One department and no dispute is ordinary, whatever the item says, unless the hub graded it by hand."""
    disputed = bool(await uow.rulings.of_ticket(case.ticket.id))
    by_hand = await graded_by_hand(uow, case, case.ticket.level)
    if case.ticket.level is not Level.ORDINARY and not (disputed or by_hand or case.ticket.emergency):
        await graded(uow, case, Level.ORDINARY, None, now=now)


async def graded_by_hand(uow: UnitOfWork, case: Case, level: Level) -> bool:
    """Whether a person, and not the list, gave the ticket this level once."""
    return any(
        event.kind is EventKind.GRADED and event.actor_id and f'"to":"{level}"' in event.body
        for event in await uow.events.of_ticket(case.ticket.id)
    )


async def graded(uow: UnitOfWork, case: Case, level: Level, by: int | None, *, now: datetime) -> None:
    """The ticket's level changes, with an event that says from what and by whom."""
    detail = {"from": str(case.ticket.level), "to": str(level)}
    case.ticket.level = level
    await uow.tickets.save(case.ticket)
    await uow.events.append(case.ticket.id, EventKind.GRADED, at=now, actor=by, detail=detail)


def unit_named(district: District, case: Case, code: str) -> Unit:
    """The unit of that code or name that answers in the ticket's street; raises `UnitUnknown`."""
    catalogue = district.catalogue
    if code in catalogue.units:
        return catalogue.units[code]
    department = catalogue.departments.get(code) or catalogue.department_by_name.get(code)
    unit = routing.unit_for(catalogue, department.code, case.ticket.street) if department else None
    if unit is None:
        raise UnitUnknown(unit=code)
    return unit


async def note_told(uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime) -> Case:
    """`已电话通知`: the undelivered call has reached its unit after all; its clocks start now."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.NOTE_TOLD, ticket_target(case.ticket, district.catalogue))
    await start_clock_anew(uow, district, case, assignment, now=now, by=actor.id)
    await uow.events.append(
        case.ticket.id, EventKind.TOLD_BY_PHONE, at=now, actor=actor.id, detail={"assignment": assignment.id}
    )
    await finish_undelivered(uow, case, [assignment.id], actor.id, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case


async def start_clock_anew(
    uow: UnitOfWork, district: District, case: Case, assignment: Assignment, *, now: datetime, by: int | None
) -> None:
    """An undelivered assignment is delivered: unsigned again, with both clocks from now."""
    if assignment.state is AssignmentState.UNDELIVERED:
        move(assignment, AssignmentState.UNSIGNED, now=now, by=by)
    elif assignment.delivered_at is not None or not assignment.is_open:
        raise TransitionNotAllowed(
            state=assignment.state, to=AssignmentState.UNSIGNED, by=assignment.last_mover, at=assignment.last_moved_at
        )
    handling = district.due(now, assignment.handle_limit)
    assignment.delivered_at = assignment.clock_start = now
    assignment.sign_due_at = district.due_moment(now, assignment.sign_limit)
    assignment.due_at, assignment.provisional = handling.due_at, handling.provisional
    await uow.assignments.save(assignment)
    await schedule(uow, district, assignment, now=now)


async def reopen_ticket(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """A filed ticket goes on: whoever had a part in it has it anew, with the same task, one round later."""
    case = await load_case(uow, ticket_id, for_update=True)
    require(actor, Action.REOPEN, ticket_target(case.ticket, district.catalogue))
    last = case.lead
    if case.stage is not Stage.CLOSED or case.ticket.ending is not Ending.CLOSED or last is None:
        raise TransitionNotAllowed(state=case.stage, to="reopened")
    case.ticket.ending = case.ticket.ended_at = None
    await uow.tickets.save(case.ticket)
    parts = await _last_parts(uow, case)
    await uow.events.append(ticket_id, EventKind.REOPENED, at=now, actor=actor.id)
    for part in parts:
        await _once_more(uow, district, case, part, actor, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


async def _last_parts(uow: UnitOfWork, case: Case) -> list[Assignment]:
    """The parts that the filing rested on: each party's newest that was accepted since the last reopening."""
    history = await uow.events.of_ticket(case.ticket.id)
    before = [event.at for event in history if event.kind is EventKind.REOPENED]
    accepted = [
        part
        for part in case.assignments
        if part.state is AssignmentState.ACCEPTED and (not before or part.dispatched_at >= before[-1])
    ]
    newest = {part.assignee: part for part in accepted}
    return list(newest.values()) or ([case.lead] if case.lead else [])


async def _once_more(
    uow: UnitOfWork, district: District, case: Case, part: Assignment, actor: Actor, *, now: datetime
) -> None:
    unit = district.catalogue.units.get(part.assignee.code)
    round_, terms = part.round + 1, terms_of(part)
    if part.assignee == case.ticket.caller and not part.task:
        await keep_anew(uow, district, case, part, actor, now=now)
    elif unit is not None and unit.party == part.assignee and part.is_lead:
        await dispatch_to_unit(uow, district, case, unit, now=now, by=actor.id, round_=round_, terms=terms)
    else:
        await dispatch_to(uow, district, case, part.assignee, now=now, by=actor.id, round_=round_, terms=terms)


async def keep_anew(
    uow: UnitOfWork, district: District, case: Case, last: Assignment, actor: Actor, *, now: datetime
) -> None:
    """What the street kept is kept once more, signed by the one who reopened it."""
    again = await new_assignment(uow, district, case, last.assignee, now=now, round_=last.round + 1)
    move(again, AssignmentState.HANDLING, now=now, by=actor.id)
    again.delivered_at = again.signed_at = now
    again.signed_by = actor.id
    await uow.assignments.save(again)
    await schedule(uow, district, again, now=now)
