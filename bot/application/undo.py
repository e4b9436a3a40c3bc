"""撤销: for thirty seconds a press can be taken back by the one who made it, unless somebody has gone on from there."""

from __future__ import annotations

import json
from datetime import datetime

from bot.application.dispatching import schedule
from bot.application.district import District
from bot.application.loading import Case, load_case
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind
from bot.application.telling import assignment_subject, raise_cards
from bot.application.withdraw_ticket import end_ticket
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.errors import UndoTooLate
from bot.domain.events import Event, EventKind
from bot.domain.people import Actor
from bot.domain.ticket import Ending

FOLLOW_UPS = frozenset(
    {EventKind.DELIVERED, EventKind.HUB_TASK_OPENED, EventKind.UNDELIVERED, EventKind.CLOSED, EventKind.ACCEPTED}
)
"""What the mechanism adds to a press by itself and what therefore does not stand in the way of taking it back."""

BIRTH = frozenset({EventKind.REPORTED, EventKind.DISPATCHED, EventKind.KEPT, EventKind.START_REQUESTED})


async def undo(uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, *, now: datetime) -> Case:
    """Takes the last press back; raises `UndoTooLate`."""
    case = await load_case(uow, ticket_id, for_update=True)
    presses = [e for e in await uow.events.of_ticket(ticket_id) if e.kind not in FOLLOW_UPS]
    last = presses[-1] if presses else None
    if last is None or last.actor_id != actor.id or now - last.at > district.rules.undo_window:
        raise UndoTooLate()
    await _reverse(uow, case, last, actor, now=now)
    await uow.events.append(ticket_id, EventKind.UNDONE, at=now, actor=actor.id, detail={"of": str(last.kind)})
    await raise_cards(uow, case)
    return case


async def _reverse(uow: UnitOfWork, case: Case, last: Event, actor: Actor, *, now: datetime) -> None:
    if last.kind in BIRTH:
        await end_ticket(uow, case, Ending.WITHDRAWN, EventKind.WITHDRAWN, actor.id, "", now=now)
        return
    detail = json.loads(last.body)["detail"]
    assignment = next((a for a in case.assignments if a.id == detail.get("assignment")), None)
    if assignment is None:
        raise UndoTooLate()
    if last.kind is EventKind.SIGNED:
        await _back(uow, assignment, AssignmentState.UNSIGNED, actor, now=now)
        assignment.signed_at = assignment.signed_by = None
        await uow.assignments.save(assignment)
        await schedule(uow, assignment)
    elif last.kind is EventKind.REPORTED_BACK:
        await _back(uow, assignment, AssignmentState.HANDLING, actor, now=now)
        await uow.dues.drop(assignment_subject(assignment.id), DueKind.VERIFICATION)
        await schedule(uow, assignment)
    elif last.kind is EventKind.EVALUATED and assignment.state is AssignmentState.ACCEPTED:
        await _unaccept(uow, case, assignment, actor, now=now)
    else:
        raise UndoTooLate()


async def _unaccept(uow: UnitOfWork, case: Case, assignment: Assignment, actor: Actor, *, now: datetime) -> None:
    await _back(uow, assignment, AssignmentState.REPORTED, actor, now=now)
    own = [e for e in await uow.evaluations.of_ticket(case.ticket.id) if e.assignment_id == assignment.id]
    await uow.evaluations.remove(own[-1].id)
    case.ticket.ending = case.ticket.ended_at = None
    await uow.tickets.save(case.ticket)


async def _back(uow: UnitOfWork, assignment: Assignment, to: AssignmentState, actor: Actor, *, now: datetime) -> None:
    move(assignment, to, now=now, by=actor.id, undo=True)
    await uow.assignments.save(assignment)
