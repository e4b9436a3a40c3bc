"""Who stays liable: the unit that signed first, until the successor whom a ruling named has signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.hub_tasks import finish_supervision
from bot.application.loading import Case
from bot.application.ports import UnitOfWork
from bot.application.requests.lapse import lapse_requests
from bot.application.telling import assignment_subject
from bot.domain.assignment import OPEN_STATES, Assignment, AssignmentState, cancel, move
from bot.domain.events import EventKind


def stays_liable(assignment: Assignment) -> bool:
    """Whether a ruling against it lets it go only when another has signed."""
    return assignment.state is AssignmentState.RETURN_REQUESTED and assignment.signed_at is not None


async def yield_to(uow: UnitOfWork, parts: Iterable[Assignment], successor: Assignment | None) -> None:
    """These units go on until that one has signed; with nobody, they go on as before."""
    for part in parts:
        part.yields_to = successor.id if successor else None
        await uow.assignments.save(part)


async def take_away(uow: UnitOfWork, case: Case, part: Assignment, by: int | None, *, now: datetime) -> None:
    """The unit is out of it: returned, or cancelled where it did not have it in hand."""
    cancelled = part.state in {AssignmentState.UNDELIVERED, AssignmentState.SUSPENDED, AssignmentState.ANSWER_DRAFTED}
    if not (cancelled and cancel(part, now=now, by=by)):
        move(part, AssignmentState.RETURNED, now=now, by=by)
    part.yields_to = None
    await uow.assignments.save(part)
    await uow.dues.drop(assignment_subject(part.id))
    await lapse_requests(uow, part, now=now)
    await uow.events.append(case.ticket.id, EventKind.RETURNED, at=now, actor=by, detail={"assignment": part.id})
    await finish_supervision(uow, case, part.id, now=now)


async def release_predecessors(uow: UnitOfWork, case: Case, successor: Assignment, *, now: datetime) -> None:
    """The successor has signed: those who waited for that are free, on the record of the mechanism."""
    for part in case.assignments:
        if part.yields_to == successor.id and part.state in OPEN_STATES:
            await take_away(uow, case, part, None, now=now)
