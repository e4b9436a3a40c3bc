"""How a request for time ends without an answer: taken back, overtaken by events, or a pause that stops."""

from __future__ import annotations

from datetime import datetime

from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Subject, SubjectKind
from bot.application.telling import assignment_subject
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.events import EventKind
from bot.domain.request import Request, RequestKind, RequestState


async def end_request(uow: UnitOfWork, request: Request, state: RequestState, by: int | None, *, now: datetime) -> None:
    """The request is over: its clock and its card with it."""
    request.state, request.decided_at, request.decided_by = state, now, by
    await uow.requests.save(request)
    await uow.dues.drop(Subject(SubjectKind.REQUEST, request.id))
    kind = EventKind.REQUEST_TAKEN_BACK if state is RequestState.TAKEN_BACK else EventKind.REQUEST_LAPSED
    detail = {"assignment": request.assignment_id, "request": request.id}
    await uow.events.append(request.ticket_id, kind, at=now, actor=by, detail=detail)
    await uow.cards.want_all(Subject(SubjectKind.REQUEST, request.id))


async def stop_pause(uow: UnitOfWork, assignment: Assignment, *, now: datetime) -> Request | None:
    """The running suspension of the assignment ends here at the latest."""
    await uow.dues.drop(assignment_subject(assignment.id), DueKind.RESUME)
    for request in await uow.requests.of_assignment(assignment.id):
        running = request.kind is RequestKind.SUSPENSION and request.state is RequestState.GRANTED
        if running and request.round == assignment.round and request.ended_at is None:
            request.ended_at = min(now, request.until or now)
            await uow.requests.save(request)
            return request
    return None


async def lapse_requests(uow: UnitOfWork, assignment: Assignment, *, now: datetime) -> None:
    """The matter went on: what was asked needs no answer, and what stood still has ended."""
    for request in await uow.requests.of_assignment(assignment.id):
        if request.is_open:
            await end_request(uow, request, RequestState.LAPSED, None, now=now)
    if assignment.prior_state is AssignmentState.SUSPENDED:
        await stop_pause(uow, assignment, now=now)
