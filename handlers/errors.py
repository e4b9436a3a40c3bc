"""Refusals and crashes as sentences: found by code, filled with fields, given where the person waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import Bot, Update

from bot.application.find_ticket import ticket_id_of
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Subject, SubjectKind
from bot.domain.assignment import AssignmentState
from bot.domain.errors import AnonymousSender, NotPermitted, Refusal, TicketAmbiguous, TicketNotFound
from bot.domain.people import Role
from bot.domain.permissions import Action
from handlers.prepare import Prepared, prepare
from handlers.services import Services
from handlers.turn import Turn, turn_of

Rows = tuple[tuple[Button, ...], ...]
JOINING = frozenset({Role.LIAISON, Role.STREET_OFFICER, Role.DISPATCHER})
"""Roles that somebody takes up by writing to the bot in private."""


@dataclass(slots=True)
class OutsideContext:
    """The context of a turn that no handler runs in: a refusal or a crash is being told."""

    uow: UnitOfWork
    prepared: object
    bot: Bot
    bot_data: dict[str, object]
    toast: str = ""

    def answer(self, text: str, alert: bool = False) -> None:
        """Kept for the gateway, which answers after the commit."""
        self.toast = text

    def forget(self) -> None:
        """A refusal and a crash keep no words of their own."""


@dataclass(frozen=True, slots=True)
class ErrorTexts:
    """What the gateway asks of those who understand updates."""

    bot: Bot
    services: Services

    async def prepare(self, update: Update) -> Prepared:
        """The short read, the understanding and the fetching before the unit of work."""
        return await prepare(update, self.bot, self.services)

    async def refuse(self, uow: UnitOfWork, update: Update, refusal: Refusal, prepared: object) -> str | None:
        """One clear sentence in the person's language: the words for the press, else a reply is queued."""
        context = self._context(uow, prepared)
        turn = await turn_of(update, context)
        if turn is None:
            return None
        params = await _fields(turn, refusal)
        if update.callback_query is not None:
            turn.toast(refusal.code, params, alert=True)
            return context.toast
        await turn.reply(refusal.code, params, buttons=await helping(turn, refusal))
        return None

    async def crashed(self, uow: UnitOfWork, update: Update, reference: str) -> None:
        """The last attempt failed: who waits hears one sentence with the number under which it is recorded."""
        turn = await turn_of(update, self._context(uow, Prepared()))
        if turn is not None and (not turn.chat.is_group or update.callback_query is not None):
            await turn.reply("crashed", reference=reference)

    async def late_answer(self, uow: UnitOfWork, update: Update, text: str) -> None:
        """The outcome of a press that could no longer be answered as such."""
        turn = await turn_of(update, self._context(uow, Prepared()))
        if turn is not None:
            await turn.reply("late-outcome", text=text)

    def _context(self, uow: UnitOfWork, prepared: object) -> OutsideContext:
        return OutsideContext(uow, prepared, self.bot, {"services": self.services})


async def _fields(turn: Turn, refusal: Refusal) -> dict[str, object]:
    fields = dict(refusal.fields)
    if "state" in fields or "stage" in fields:
        fields["state_words"] = _state_words(turn, str(fields.get("state") or fields.get("stage")))
    by = fields.get("by")
    person = await turn.uow.people.get(by) if isinstance(by, int) else None
    fields["by_name"] = person.name if person else ""
    who = fields.get("who")
    if isinstance(who, Iterable):
        roles = [role for role in who if isinstance(role, Role)]
        fields["who_words"] = "、".join(turn.word(f"role-{role}") for role in roles) or turn.word("role-dispatcher")
        fields["hint"] = turn.word("hint-join") if Role.LIAISON in roles else ""
    fields.setdefault("at", None)
    if "state" in refusal.fields and not fields.get("code"):
        fields["code"] = await _code_meant(turn)
    return {key: value if _is_plain(value) else str(value) for key, value in fields.items()}


async def _code_meant(turn: Turn) -> str:
    """The code of the ticket that was pressed or replied to, if any."""
    query = turn.update.callback_query
    token = await turn.uow.tokens.get(query.data or "") if query is not None else None
    subject = token.subject if token is not None else turn.prepared.subject
    ticket_id = await ticket_id_of(turn.uow, subject) if subject is not None else None
    ticket = await turn.uow.tickets.get(ticket_id) if ticket_id else None
    return ticket.code if ticket else ""


def _state_words(turn: Turn, state: str) -> str:
    for prefix in ("state", "stage"):
        try:
            return turn.word(f"{prefix}-{state}")
        except KeyError:
            continue
    return state


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list) or hasattr(value, "isoformat")


async def helping(turn: Turn, refusal: Refusal) -> Rows:
    """Buttons under the sentence of a refusal; none where no button helps."""
    own = Subject(SubjectKind.PERSON, turn.person.id)
    if isinstance(refusal, NotPermitted) and turn.chat.is_group and JOINING & set(_roles(refusal)):
        url = f"https://t.me/{turn.context.bot.username}"
        return ((Button("button-write-me", Action.BIND, own, url=url),),)
    if isinstance(refusal, TicketNotFound):
        return ((Button("button-mine", Action.STATUS, own),),)
    if isinstance(refusal, TicketAmbiguous):
        return await _which(turn, refusal)
    if isinstance(refusal, AnonymousSender) and turn.prepared.subject is not None:
        return await _instead_of_words(turn, turn.prepared.subject)
    return ()


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
