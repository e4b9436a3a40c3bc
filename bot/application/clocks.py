"""The two clocks of an assignment: their deadlines recomputed from what was granted, and their due rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind
from bot.application.telling import assignment_subject
from bot.domain import deadlines
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.limits import parse_limit
from bot.domain.request import Request, time_given


async def schedule(uow: UnitOfWork, assignment: Assignment) -> None:
    """The due rows of an assignment's two clocks."""
    subject = assignment_subject(assignment.id)
    if assignment.sign_due_at and assignment.state is AssignmentState.UNSIGNED:
        await uow.dues.put(subject, DueKind.SIGN, assignment.sign_due_at)
    if assignment.due_at:
        await uow.dues.put(subject, DueKind.HANDLE, assignment.due_at)


def due_given(district: District, assignment: Assignment, requests: Iterable[Request]) -> deadlines.Due:
    """When it has to be handled, from its start and all that was granted in this round; nothing is ever added up."""
    pauses, extensions = time_given(requests, assignment.round)
    limit = parse_limit(assignment.handle_limit)
    return deadlines.due_at(assignment.clock_start, limit, district.calendar, pauses, extensions)


async def handling_due(uow: UnitOfWork, district: District, assignment: Assignment) -> deadlines.Due:
    """The same, with what was granted looked up."""
    return due_given(district, assignment, await uow.requests.of_assignment(assignment.id))


async def recompute(uow: UnitOfWork, district: District, assignment: Assignment) -> datetime | None:
    """Writes the deadline anew and schedules by it; the one it replaces."""
    due, before = await handling_due(uow, district, assignment), assignment.due_at
    assignment.due_at, assignment.provisional = due.due_at, due.provisional
    await uow.assignments.save(assignment)
    await schedule(uow, assignment)
    return before
