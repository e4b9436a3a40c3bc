"""The two clocks of an assignment: their deadlines recomputed from what was granted, and their due rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind
from bot.application.telling import SECOND, assignment_subject
from bot.domain import deadlines, ladders
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.escalation import RunningClock, next_step
from bot.domain.limits import parse_limit
from bot.domain.request import Request, time_given
from bot.domain.returning import return_until

INTERIM_LIMIT = "3工作日"


async def schedule(uow: UnitOfWork, district: District, assignment: Assignment, *, now: datetime | None = None) -> None:
    """The due rows of an assignment's clocks, each at the first step of its ladder, from `now` on.

    What was granted makes every step later, so that a look too early finds nothing to do and looks again.
    """
    subject = assignment_subject(assignment.id)
    if assignment.state is AssignmentState.UNSIGNED and assignment.delivered_at is None:
        at = assignment.dispatched_at + district.rules.undelivered_after
        await uow.dues.put(subject, DueKind.DELIVERY, max(at, now or at))
    if assignment.sign_due_at and assignment.state is AssignmentState.UNSIGNED:
        at = first_check(district, ladders.SIGN, assignment.clock_start, assignment.sign_limit)
        await uow.dues.put(subject, DueKind.SIGN, max(at, now or at))
    if assignment.due_at:
        at = first_check(district, ladders.HANDLE, assignment.clock_start, assignment.handle_limit)
        await uow.dues.put(subject, DueKind.HANDLE, max(at, now or at))
    await repaint(uow, district, assignment, after=now or assignment.clock_start)
    owed = owes_word(district, assignment.clock_start, assignment.due_at)
    if owed is not assignment.word_owed:
        assignment.word_owed = owed
        await uow.assignments.save(assignment)
    if owed:
        at = first_check(district, ladders.INTERIM, assignment.clock_start, INTERIM_LIMIT)
        await uow.dues.put(subject, DueKind.INTERIM, max(at, now or at))


async def repaint(uow: UnitOfWork, district: District, assignment: Assignment, *, after: datetime) -> None:
    """`退回` leaves the card when its window is over, `延期` and `挂账` when the deadline is."""
    until = return_until(assignment.clock_start, assignment.handle_limit, district.calendar)
    moments = [moment for moment in (until, assignment.due_at) if moment is not None and moment >= after]
    if moments:
        await uow.dues.put(assignment_subject(assignment.id), DueKind.CARD_REFRESH, min(moments) + SECOND)


def owes_word(district: District, start: datetime, due_at: datetime | None) -> bool:
    """A limit of more than three working days owes a word by the end of the third (阶段回告)."""
    return due_at is not None and due_at > district.due_moment(start, INTERIM_LIMIT)


def first_check(district: District, clock: str, start: datetime, limit: str) -> datetime:
    """When a clock that starts then has its first step, at the latest when it is due."""
    due = district.due_moment(start, limit)
    running = RunningClock(start, parse_limit(limit), due)
    ladders_now = [district.ladders.get(clock, ())]
    if district.alert:  # a look too early finds nothing to do, one too late would be a step too late
        ladders_now.append(district.emergency_ladders.get(clock, ()))
    steps = [next_step(ladder, running, (), district.calendar, now=start) for ladder in ladders_now]
    return min([due, *(step.at for step in steps if step is not None)])


def due_given(district: District, assignment: Assignment, requests: Iterable[Request]) -> deadlines.Due:
    """When it has to be handled, from its start and all that was granted in this round; nothing is ever added up."""
    pauses, extensions = time_given(requests, assignment.round)
    limit = parse_limit(assignment.handle_limit)
    return deadlines.due_at(assignment.clock_start, limit, district.calendar, pauses, extensions)


async def handling_due(uow: UnitOfWork, district: District, assignment: Assignment) -> deadlines.Due:
    """The same, with what was granted looked up."""
    return due_given(district, assignment, await uow.requests.of_assignment(assignment.id))


async def recompute(uow: UnitOfWork, district: District, assignment: Assignment, *, now: datetime) -> datetime | None:
    """Writes the deadline anew and schedules by it; the one it replaces."""
    due, before = await handling_due(uow, district, assignment), assignment.due_at
    assignment.due_at, assignment.provisional = due.due_at, due.provisional
    await uow.assignments.save(assignment)
    await schedule(uow, district, assignment, now=now)
    return before
