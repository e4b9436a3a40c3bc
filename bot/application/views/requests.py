"""The card of a request for time, before those who grant it; and what other cards say of it."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import load_case
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card, Subject, SubjectKind
from bot.application.requests.decide_request import GRANTED, REFUSED
from bot.application.requests.granting import deciding
from bot.application.views.undoing import undo_button
from bot.application.views.view import View, assignment_params, rows, ticket_params
from bot.domain import deadlines
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import ChatKind
from bot.domain.limits import parse_limit
from bot.domain.permissions import Action
from bot.domain.request import Request, RequestKind, RequestState, time_given
from bot.domain.ticket import Sensitivity, Ticket

DECISIONS = frozenset({*GRANTED.values(), *REFUSED.values()})
CONCERNED = frozenset({AssignmentState.HANDLING, AssignmentState.SUSPENDED})


async def request_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """Who asks, for how long and why, what the deadline would become, and what silence means."""
    request = await uow.requests.get(card.subject.id)
    if request is None:
        return None
    case = await load_case(uow, request.ticket_id)
    assignment = next((part for part in case.assignments if part.id == request.assignment_id), None)
    if assignment is None:
        return None
    chat = await uow.chats.get(card.chat_id)
    whole = chat is not None and chat.kind is ChatKind.PRIVATE
    params = ticket_params(district, case.ticket, whole=whole) | assignment_params(district, assignment)
    decider = await uow.people.get(request.decided_by) if request.decided_by else None
    params |= {
        "asks": str(request.kind),
        "request": str(request.state),
        "amount": request.amount,
        "until": request.until,
        "reason": request.reason if whole or case.ticket.sensitivity is Sensitivity.PUBLIC else "",
        "decide_at": request.decide_by,
        "decider": decider.name if decider else "",
        "silence_grants": district.rules.silence_grants,
        "would_be_at": await _would_be(uow, district, assignment, request) if request.is_open else None,
    }
    if not request.is_open:
        undo = await undo_button(
            uow, district, case.ticket.id, DECISIONS, now, seen_in=card.chat_id, by=request.decided_by
        )
        return View("request-settled", params, rows([undo]))
    return View(
        "request-card",
        params,
        rows(decision_buttons(request, deciding(district, case.ticket, assignment, request.kind))),
    )


def decision_buttons(request: Request, action: Action) -> list[Button | None]:
    """`同意` and `驳回`."""
    subject = Subject(SubjectKind.REQUEST, request.id)
    return [Button("button-grant", action, subject, arg="yes"), Button("button-refuse", action, subject, arg="no")]


async def _would_be(uow: UnitOfWork, district: District, assignment: Assignment, request: Request) -> datetime | None:
    pauses, extensions = time_given(await uow.requests.of_assignment(assignment.id), assignment.round)
    if request.kind is RequestKind.EXTENSION:
        extensions = [*extensions, parse_limit(request.amount)]
    elif request.until is not None:
        pauses = [*pauses, deadlines.Pause(request.asked_at, request.until)]
    limit = parse_limit(assignment.handle_limit)
    return deadlines.due_at(assignment.clock_start, limit, district.calendar, pauses, extensions).due_at


async def time_asked(
    uow: UnitOfWork, assignment: Assignment | None, ticket: Ticket, *, whole: bool = False
) -> tuple[dict[str, object], Request | None]:
    """What an assignment's cards say of time: the open request, else the suspension that runs."""
    said: dict[str, object] = {"asked": "", "asked_amount": "", "asked_until": None, "asked_reason": ""}
    if assignment is None or assignment.state not in CONCERNED:
        return said, None
    own = [r for r in await uow.requests.of_assignment(assignment.id) if r.round == assignment.round]
    shown = next((r for r in own if r.is_open), None)
    if shown is None and assignment.state is AssignmentState.SUSPENDED:
        shown = next((r for r in reversed(own) if r.until and r.state is RequestState.GRANTED), None)
    if shown is None:
        return said, None
    public = whole or ticket.sensitivity is Sensitivity.PUBLIC
    return {
        "asked": str(shown.kind) if shown.is_open else "running",
        "asked_amount": shown.amount,
        "asked_until": shown.until,
        "asked_reason": shown.reason if public else "",
    }, (shown if shown.is_open else None)
