"""What stood still or was asked, and ended by itself because of a press, goes on when the press is taken back."""

from __future__ import annotations

from collections.abc import Iterable

from bot.application.clocks.assignment_clocks import recompute
from bot.application.records import DueKind, Subject, SubjectKind
from bot.application.telling import assignment_subject
from bot.application.undoing.last_press import Undoing
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.errors import UndoTooLate
from bot.domain.request import RequestKind


async def pause_again(it: Undoing) -> None:
    """A suspension that was cut short goes on to its end."""
    for part in it.case.assignments:
        if part.state is not AssignmentState.SUSPENDED:
            continue
        for request in await it.uow.requests.of_assignment(part.id):
            cut = request.kind is RequestKind.SUSPENSION and request.ended_at == it.press[0].at
            if cut and request.until is not None:
                request.ended_at = None
                await it.uow.requests.save(request)
                await it.uow.dues.put(assignment_subject(part.id), DueKind.RESUME, request.until)
                await recompute(it.uow, it.district, part, now=it.now)


async def suspend_again(it: Undoing, parts: Iterable[Assignment]) -> None:
    """What was resumed by hand stands still again; what had reached its end does not."""
    for part in parts:
        requests = await it.uow.requests.of_assignment(part.id)
        if not any(request.ended_at == it.press[0].at for request in requests):
            raise UndoTooLate()
        move(part, AssignmentState.SUSPENDED, now=it.now, by=it.actor.id, undo=True)
        await it.uow.assignments.save(part)
    await pause_again(it)


async def wait_for_the_street(it: Undoing) -> None:
    """What the hub has asked the street before it rules has its clock again."""
    for question in await it.uow.street_questions.of_ticket(it.case.ticket.id):
        if question.is_open and question.task_id is not None:
            subject = Subject(SubjectKind.QUESTION, question.id)
            await it.uow.dues.put(subject, DueKind.STREET_QUESTION, it.now)
