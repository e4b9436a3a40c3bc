"""Asking for words after a press: who could not give the answer is told so before he writes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.application.loading import load_assignment, load_open_case
from bot.application.lookups.find_ticket import code_in, find_ticket, ticket_id_of
from bot.application.people.identify import ticket_target
from bot.application.records import Button, OpenQuestion, QuestionKind, Subject, SubjectKind, Token
from bot.application.telling import ticket_subject, undo_key
from bot.domain.assignment import ALLOWED_TRANSITIONS, AssignmentState
from bot.domain.chat import ChatKind
from bot.domain.errors import ButtonStale, TicketNotFound, TransitionNotAllowed
from bot.domain.permissions import Action, Target, require
from bot.domain.ticket import Ticket
from handlers.turn import Turn

ASKED_OF_THE_ENTITLED = frozenset(
    {Action.TELL_STREET, Action.PROGRESS, Action.HAND_ON, Action.EDIT_ANSWER, Action.DISPATCH, Action.DECLINE}
)
LEADS_TO = {Action.EDIT_ANSWER: AssignmentState.REPORTED}
"""Where an assignment must be able to go for words to be of use; for the others it is enough that it is open."""
ANSWER_TIME = timedelta(hours=12)
_CODE = re.compile(r"^[#＃]?(?P<code>[A-Za-z]{2,4}-\d{8}-\d{4,}|(?:尾号\s*)?\d{1,6})\s*(?P<rest>.*)$", re.DOTALL)
Press = Callable[[Turn, Token], Awaitable[None]]


async def ask(turn: Turn, token: Token, kind: QuestionKind, key: str, *, arg: str = "", **params: object) -> None:
    """The next words of this person here are the answer; who could not give it is told so before he writes."""
    if token.action in ASKED_OF_THE_ENTITLED:
        require(turn.actor, token.action, await target_of(turn, token.subject))
        await _still_possible(turn, token)
    await turn.uow.questions.ask(
        OpenQuestion(turn.person.id, turn.chat.id, kind, token.subject, turn.now, turn.now + ANSWER_TIME, arg)
    )
    await turn.reply(key, params, subject=token.subject)
    turn.toast("answer-reply-below")


async def _still_possible(turn: Turn, token: Token) -> None:
    if token.subject.kind is not SubjectKind.ASSIGNMENT:
        await load_open_case(turn.uow, token.subject.id)
        return
    _, part = await load_assignment(turn.uow, token.subject.id)
    wanted = LEADS_TO.get(token.action)
    possible = part.is_open if wanted is None else wanted in ALLOWED_TRANSITIONS[part.state]
    via_signing = part.state is AssignmentState.UNDELIVERED and token.action is Action.EDIT_ANSWER
    if not possible and not via_signing:
        raise TransitionNotAllowed(
            state=part.state, to=wanted or token.action, by=part.last_mover, at=part.last_moved_at
        )


async def target_of(turn: Turn, subject: Subject) -> Target:
    """Whose, whose street's and which units' the subject is, for the table of permissions."""
    assignment = await turn.uow.assignments.get(subject.id) if subject.kind is SubjectKind.ASSIGNMENT else None
    ticket = await turn.uow.tickets.get(assignment.ticket_id if assignment else subject.id)
    if ticket is None:
        raise ButtonStale()
    return ticket_target(ticket, turn.district.catalogue, [assignment] if assignment else ())


async def code_of(turn: Turn, subject: Subject) -> str:
    """The code of the ticket that the subject belongs to, empty if there is none."""
    ticket_id = await ticket_id_of(turn.uow, subject)
    ticket = await turn.uow.tickets.get(ticket_id) if ticket_id else None
    return ticket.code if ticket else ""


def choices_key(turn: Turn, subject: Subject) -> str:
    """The one question with choices that is put here about that subject."""
    return f"choices:{subject.kind}:{subject.id}:c{turn.chat.id}"


async def offer_choices(
    turn: Turn, key: str, subject: Subject, buttons: tuple[tuple[Button, ...], ...], **params: object
) -> None:
    """Asks with choices; what was asked before about it offers none any more."""
    once = choices_key(turn, subject)
    await turn.uow.outbox.fade(once)
    await turn.reply(key, params, subject=subject, buttons=buttons, once=once)


async def reply_to_undo(
    turn: Turn, ticket_id: int, key: str, *, subject: Subject | None = None, **params: object
) -> None:
    """The answer with `撤销`, where no card of the ticket stands that would carry it; it goes with its time."""
    once = undo_key(ticket_id)
    await turn.uow.outbox.fade(once)
    undo = Button("button-undo", Action.UNDO, ticket_subject(ticket_id))
    await turn.reply(key, params, subject=subject, buttons=((undo,),), once=once)


async def reply_at_the_hub_to_undo(turn: Turn, ticket_id: int, key: str, **params: object) -> None:
    """The answer to words; at the hub with `撤销`, elsewhere a card of the ticket carries that."""
    if turn.chat.kind is ChatKind.HUB:
        await reply_to_undo(turn, ticket_id, key, subject=None, **params)
    else:
        await turn.reply(key, params)


async def ticket_and_rest(turn: Turn, rest: str) -> tuple[Ticket, str]:
    """The ticket that a command names by its code, or that it answers, and what else was said."""
    match = _CODE.match(rest)
    if match:
        code = code_in(match["code"])
        return await find_ticket(turn.uow, turn.district, turn.actor, code, now=turn.now), match["rest"].strip()
    subject = turn.prepared.subject
    ticket_id = await ticket_id_of(turn.uow, subject) if subject else None
    ticket = await turn.uow.tickets.get(ticket_id) if ticket_id else None
    if ticket is None:
        raise TicketNotFound()
    return ticket, rest
