"""What becomes of a request for time: granted, refused, decided by silence, taken back, lapsed; and resumption."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.application.clocks.assignment_clocks import recompute
from bot.application.district import District
from bot.application.loading import Case, load_assignment
from bot.application.people.identify import ticket_target
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow, Outgoing, Priority
from bot.application.requests.granting import deciding, granting_target, request_subject
from bot.application.requests.lapse import end_request, stop_pause
from bot.application.requests.rulings import take_back_return
from bot.application.telling import (
    SECOND,
    answer_reporter,
    assignment_subject,
    offer_undo,
    raise_cards,
    tell,
    tell_by_clock,
    unit_chats,
)
from bot.domain.assignment import Assignment, AssignmentState, move
from bot.domain.errors import BothSides, ButtonStale, RequestSettled, TransitionNotAllowed
from bot.domain.evaluation import stands_on_both_sides
from bot.domain.events import EventKind
from bot.domain.people import Actor
from bot.domain.permissions import Action, require
from bot.domain.request import Request, RequestKind, RequestState
from bot.domain.ticket import Sensitivity

GRANTED = {RequestKind.EXTENSION: EventKind.EXTENDED, RequestKind.SUSPENSION: EventKind.SUSPENDED}
REFUSED = {RequestKind.EXTENSION: EventKind.EXTENSION_REFUSED, RequestKind.SUSPENSION: EventKind.SUSPENSION_REFUSED}


async def _load(uow: UnitOfWork, request_id: int) -> tuple[Case, Assignment, Request]:
    request = await uow.requests.get(request_id, for_update=True)
    if request is None:
        raise ButtonStale()
    case, assignment = await load_assignment(uow, request.assignment_id)
    if not request.is_open:
        raise RequestSettled(code=case.ticket.code)
    return case, assignment, request


async def decide_request(
    uow: UnitOfWork, district: District, actor: Actor, request_id: int, *, granted: bool, now: datetime
) -> Request:
    """`同意` or `驳回`, by the caller's party for an extension, by the hub for a suspension and where those are one."""
    case, assignment, request = await _load(uow, request_id)
    target = granting_target(district, case.ticket, assignment)
    require(actor, deciding(district, case.ticket, assignment, request.kind), target)
    if stands_on_both_sides(actor, target.streets, target.units):
        raise BothSides(code=case.ticket.code)
    await _settle(uow, district, case, assignment, request, actor.id, granted=granted, now=now)
    await uow.dues.put(request_subject(request.id), DueKind.CARD_REFRESH, now + district.rules.undo_window + SECOND)
    return request


async def silence_decides(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """Nobody answered within the limit: the rule in config does."""
    case, assignment, request = await _load(uow, row.subject.id)
    granted = district.rules.silence_grants
    await _settle(uow, district, case, assignment, request, None, granted=granted, now=now)


async def _settle(
    uow: UnitOfWork,
    district: District,
    case: Case,
    assignment: Assignment,
    request: Request,
    by: int | None,
    *,
    granted: bool,
    now: datetime,
) -> None:
    request.state = RequestState.GRANTED if granted else RequestState.REFUSED
    request.decided_at, request.decided_by = now, by
    await uow.requests.save(request)
    await uow.dues.drop(request_subject(request.id), DueKind.REQUEST)
    before = assignment.due_at
    if granted and request.kind is RequestKind.SUSPENSION and request.until is not None:
        move(assignment, AssignmentState.SUSPENDED, now=now, by=by)
        await uow.dues.put(assignment_subject(assignment.id), DueKind.RESUME, request.until)
    if granted:
        await recompute(uow, district, assignment, now=now)
    detail: dict[str, object] = {"assignment": assignment.id, "request": request.id, "by_silence": by is None}
    if granted:
        detail |= {"before": before, "due": assignment.due_at, "amount": request.amount, "until": request.until}
    kind = (GRANTED if granted else REFUSED)[request.kind]
    await uow.events.append(case.ticket.id, kind, at=now, actor=by, detail=detail)
    params = _params(district, case, assignment, request)
    await _tell_unit(uow, district, assignment, request, params, now=now)
    if granted and request.kind is RequestKind.SUSPENSION:
        await answer_reporter(uow, district, case.ticket, "suspended-reply", params, now=now)
    await _show(uow, case, request)


def _params(district: District, case: Case, assignment: Assignment, request: Request) -> dict[str, object]:
    shown = case.ticket.sensitivity is Sensitivity.PUBLIC
    return {
        "code": case.ticket.code,
        "unit": district.catalogue.party_name(assignment.assignee.code),
        "asks": str(request.kind),
        "request": str(request.state),
        "amount": request.amount,
        "until": request.until,
        "due_at": assignment.due_at,
        "provisional": assignment.provisional,
        "reason": request.reason if shown else "",
        "by_silence": request.decided_by is None,
        "round": f"{request.round}:{request.id}:{request.version}",
    }


async def _tell_unit(
    uow: UnitOfWork,
    district: District,
    assignment: Assignment,
    request: Request,
    params: Mapping[str, object],
    *,
    now: datetime,
) -> None:
    asker = await uow.people.get(request.asked_by)
    chats = [chat.id for chat in await unit_chats(uow, district, assignment.assignee.code)]
    if asker is not None and asker.reachable and asker.private_chat_id:
        chats = [asker.private_chat_id]
    for chat_id in chats:
        message = Outgoing(
            kind="request-answer",
            chat_id=chat_id,
            params=params,
            subject=assignment_subject(assignment.id),
            dedupe_key=f"request:{request.id}:{request.state}:{request.version}:c{chat_id}",
        )
        await tell(uow, district, message, now=now)


async def _show(uow: UnitOfWork, case: Case, request: Request) -> None:
    await raise_cards(uow, case)
    await uow.cards.want_all(request_subject(request.id))


async def take_back_request(
    uow: UnitOfWork, district: District, actor: Actor, assignment_id: int, *, now: datetime
) -> None:
    """`收回申请`: the unit needs no more time, or keeps the matter, after all."""
    case, assignment = await load_assignment(uow, assignment_id)
    require(actor, Action.TAKE_BACK, ticket_target(case.ticket, district.catalogue, [assignment]))
    request = next((r for r in await uow.requests.of_assignment(assignment_id) if r.is_open), None)
    returning = assignment.state is AssignmentState.RETURN_REQUESTED and assignment.yields_to is None
    if returning:
        await take_back_return(uow, district, case, assignment, actor, now=now)
        detail = {"assignment": assignment_id}
        await uow.events.append(case.ticket.id, EventKind.REQUEST_TAKEN_BACK, at=now, actor=actor.id, detail=detail)
    elif request is not None:
        await end_request(uow, request, RequestState.TAKEN_BACK, actor.id, now=now)
    else:
        raise ButtonStale()
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)


async def resume(
    uow: UnitOfWork, district: District, assignment_id: int, actor: Actor | None, *, now: datetime
) -> Case:
    """`恢复处置`, or the end of the suspension: the clock runs on, and both sides hear of it."""
    case, assignment = await load_assignment(uow, assignment_id)
    if actor is not None:
        require(actor, Action.RESUME, ticket_target(case.ticket, district.catalogue, [assignment]))
    if assignment.state is not AssignmentState.SUSPENDED:
        raise TransitionNotAllowed(
            state=assignment.state, to=AssignmentState.HANDLING, by=assignment.last_mover, at=assignment.last_moved_at
        )
    by = actor.id if actor else None
    request = await stop_pause(uow, assignment, now=now)
    move(assignment, AssignmentState.HANDLING, now=now, by=by)
    await recompute(uow, district, assignment, now=now)
    detail = {"assignment": assignment.id, "due": assignment.due_at}
    await uow.events.append(case.ticket.id, EventKind.RESUMED, at=now, actor=by, detail=detail)
    params = {
        "unit": district.catalogue.party_name(assignment.assignee.code),
        "due_at": assignment.due_at,
        "provisional": assignment.provisional,
        "round": f"{assignment.round}:{request.id if request else 0}:{now.isoformat()}",
    }
    told_at = now if actor else district.rings_next(now)
    told = await answer_reporter(uow, district, case.ticket, "resumed", params, now=now, silent=False, told_at=told_at)
    for chat in await unit_chats(uow, district, assignment.assignee.code):
        if chat.id == told:
            continue  # what a party has kept for itself
        key = f"assignment:{assignment.id}:resumed:{now.isoformat()}:c{chat.id}"
        message = Outgoing("resumed", chat.id, {"code": case.ticket.code, **params}, dedupe_key=key)
        message.subject, message.priority = assignment_subject(assignment.id), Priority.REMINDER
        await tell_by_clock(uow, district, message, now=now, told_at=told_at)
    await raise_cards(uow, case)
    if actor is not None:
        await offer_undo(uow, district, case.ticket.id, now=now)
    return case


async def resume_at_end(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """The judge of the end of a suspension."""
    await resume(uow, district, row.subject.id, None, now=now)


async def reopen_request(uow: UnitOfWork, district: District, case: Case, request: Request, *, now: datetime) -> None:
    """The answer is taken back within thirty seconds; the question stands again."""
    assignment = next(part for part in case.assignments if part.id == request.assignment_id)
    if assignment.state is AssignmentState.SUSPENDED and request.kind is RequestKind.SUSPENSION:
        move(assignment, AssignmentState.HANDLING, now=now, by=request.decided_by)
        await uow.dues.drop(assignment_subject(assignment.id), DueKind.RESUME)
    request.state, request.decided_at, request.decided_by = RequestState.OPEN, None, None
    await uow.requests.save(request)
    await recompute(uow, district, assignment, now=now)
    await uow.dues.put(request_subject(request.id), DueKind.REQUEST, now)
    await _show(uow, case, request)
