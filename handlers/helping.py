"""The button that helps after a refusal: joining, the ticket as it stands, one's own matters, the press instead of words."""

from __future__ import annotations

from bot.application.lookups.find_ticket import may_see, ticket_id_of
from bot.application.people.identify import ticket_target
from bot.application.records import BOT_PAGE, Button, Subject, SubjectKind
from bot.domain.assignment import AssignmentState
from bot.domain.errors import (
    AnonymousSender,
    DraftSettled,
    NothingWaits,
    NotPermitted,
    Refusal,
    TicketAmbiguous,
    TicketEnded,
    TicketNotFound,
)
from bot.domain.people import Role
from bot.domain.permissions import Action, may
from bot.domain.ticket import Ending, Ticket
from handlers.turn import Turn

Rows = tuple[tuple[Button, ...], ...]
JOINING = frozenset({Role.LIAISON, Role.STREET_OFFICER, Role.DISPATCHER})
"""Roles that somebody takes up by writing to the bot in private."""


async def ticket_meant(turn: Turn, refusal: Refusal) -> Ticket | None:
    """The ticket that was pressed, replied to, or that the refusal itself names; none where it is about no ticket."""
    if isinstance(refusal, NothingWaits):
        return None
    query = turn.update.callback_query
    token = await turn.uow.tokens.get(query.data or "") if query is not None else None
    subject = token.subject if token is not None else turn.prepared.subject
    ticket_id = await ticket_id_of(turn.uow, subject) if subject is not None else None
    if ticket_id:
        return await turn.uow.tickets.get(ticket_id)
    named = str(refusal.fields.get("ticket") or "")
    return await turn.uow.tickets.by_code(named) if named else None


async def helping(turn: Turn, refusal: Refusal, ticket: Ticket | None) -> Rows:
    """Buttons under the sentence of a refusal; none where no button helps."""
    own = Subject(SubjectKind.PERSON, turn.person.id)
    unknown = turn.chat.is_group and not turn.person.reachable
    if isinstance(refusal, NotPermitted) and unknown and JOINING & set(_roles(refusal)):
        return ((Button("button-write-me", Action.BIND, own, url=BOT_PAGE),),)
    if isinstance(refusal, TicketNotFound):
        return ((Button("button-mine", Action.STATUS, own),),)
    if isinstance(refusal, TicketAmbiguous):
        return await _which(turn, refusal)
    if isinstance(refusal, AnonymousSender):
        return await _instead_of_words(turn, turn.prepared.subject) if turn.prepared.subject else ()
    if ticket is None or not await may_see(turn.uow, turn.district, turn.actor, ticket):
        return ()
    return (_next_step(turn, refusal, ticket),)


def _next_step(turn: Turn, refusal: Refusal, ticket: Ticket) -> tuple[Button, ...]:
    subject = Subject(SubjectKind.TICKET, ticket.id)
    look = Button("button-status-of", Action.STATUS, subject, params={"code": ticket.code})
    filed = isinstance(refusal, TicketEnded | DraftSettled) and ticket.ending is Ending.CLOSED
    if filed and may(turn.actor, Action.REOPEN, ticket_target(ticket, turn.district.catalogue)):
        return (look, Button("button-reopen", Action.REOPEN, subject))
    return (look,)


def _roles(refusal: NotPermitted) -> list[Role]:
    who = refusal.fields.get("who")
    return [role for role in who if isinstance(role, Role)] if isinstance(who, tuple | list) else []


async def _which(turn: Turn, refusal: TicketAmbiguous) -> Rows:
    codes = refusal.fields.get("codes")
    found: list[tuple[Button, ...]] = []
    for code in codes if isinstance(codes, list) else []:
        ticket = await turn.uow.tickets.by_code(str(code))
        if ticket is not None:
            subject = Subject(SubjectKind.TICKET, ticket.id)
            found.append((Button("button-status-of", Action.STATUS, subject, params={"code": ticket.code}),))
    return tuple(found)


async def _instead_of_words(turn: Turn, subject: Subject) -> Rows:
    """A press shows the real person behind an anonymous administrator."""
    assignment = await turn.uow.assignments.get(subject.id) if subject.kind is SubjectKind.ASSIGNMENT else None
    if assignment is None or not assignment.is_open:
        return ()
    if assignment.state in {AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED}:
        return ((Button("button-sign", Action.SIGN, subject),),)
    return (
        (
            Button("button-report-back", Action.REPORT_BACK, subject),
            Button("button-progress", Action.PROGRESS, subject),
        ),
    )
