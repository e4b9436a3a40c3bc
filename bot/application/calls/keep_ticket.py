"""街道自办: what the street can solve stays there, on the same clock and with the same filing."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import call_out, new_assignment
from bot.application.calls.report_back import report
from bot.application.clocks.assignment_clocks import schedule
from bot.application.district import District
from bot.application.loading import Case, load_assignment, load_open_case
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind
from bot.application.requests.lapse import lapse_requests
from bot.application.telling import assignment_subject, offer_undo, raise_cards
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.errors import TransitionNotAllowed
from bot.domain.events import EventKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, require
from bot.domain.ticket import Mode


async def keep(uow: UnitOfWork, district: District, case: Case, actor: Actor, *, now: datetime) -> None:
    """The caller's own party has the assignment and has signed it by keeping it; no department is told."""
    assignment = await new_assignment(uow, district, case, case.ticket.caller, now=now)
    move(assignment, AssignmentState.HANDLING, now=now, by=actor.id)
    assignment.delivered_at = assignment.signed_at = now
    assignment.signed_by = actor.id
    await uow.assignments.save(assignment)
    await schedule(uow, district, assignment, now=now)
    await uow.events.append(
        case.ticket.id, EventKind.KEPT, at=now, actor=actor.id, detail={"assignment": assignment.id}
    )


async def convert_ticket(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """`转呼叫`: what was kept becomes a call, with its history."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.CONVERT, ticket_target(case.ticket, district.catalogue))
    if case.ticket.mode is not Mode.SELF:
        raise TransitionNotAllowed(state=case.stage, to=Mode.DIRECT)
    await keep_no_longer(uow, case, actor, now=now)
    await call_out(uow, district, case, now=now, by=actor.id)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return case


async def keep_no_longer(uow: UnitOfWork, case: Case, actor: Actor, *, now: datetime) -> None:
    """The caller's own part ends; whoever sends it out says to whom it goes."""
    case.ticket.mode = Mode.DIRECT
    for assignment in case.assignments:
        if assignment.is_open:
            move(assignment, AssignmentState.CANCELLED, now=now, by=actor.id)
            await uow.assignments.save(assignment)
            for kind in (DueKind.SIGN, DueKind.HANDLE, DueKind.INTERIM):
                await uow.dues.drop(assignment_subject(assignment.id), kind)
            await lapse_requests(uow, assignment, now=now)
    await uow.events.append(case.ticket.id, EventKind.CONVERTED, at=now, actor=actor.id)


async def finish_own(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime
) -> tuple[Case, Assignment]:
    """`已办好`: what the street kept is done; the reporter is asked as with any answer."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.FINISH_OWN, ticket_target(case.ticket, district.catalogue))
    if case.ticket.mode is not Mode.SELF:
        raise TransitionNotAllowed(state=assignment.state, to=AssignmentState.REPORTED)
    assignment.reported_by = actor.id
    await report(uow, district, case, assignment, actor.id, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)
    return case, assignment
