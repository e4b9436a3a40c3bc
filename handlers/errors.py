"""Refusals and crashes as sentences: found by code, filled with fields, given where the person waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import Bot, Update

from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.domain.errors import Refusal
from bot.domain.people import Role
from bot.domain.ticket import Ticket
from handlers.helping import Rows, helping, ticket_meant
from handlers.prepare import Prepared, prepare
from handlers.services import Services
from handlers.turn import Turn, turn_of


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
        ticket = await ticket_meant(turn, refusal)
        params = await _fields(turn, refusal, ticket)
        buttons = await helping(turn, refusal, ticket)
        subject = Subject(SubjectKind.TICKET, ticket.id) if ticket else None
        if update.callback_query is None:
            await turn.reply(refusal.code, params, buttons=buttons, subject=subject)
            return None
        turn.toast(refusal.code, params, alert=True)
        turn.toast_about(ticket.code if ticket else "")
        if buttons:
            await self._help_along(turn, refusal, params, buttons, subject)
        return context.toast

    async def _help_along(
        self, turn: Turn, refusal: Refusal, params: dict[str, object], buttons: Rows, subject: Subject | None
    ) -> None:
        """A window that is closed has no buttons: the helping one comes beside it, without a sound, once an hour."""
        once = f"help:{turn.person.id}:{refusal.code}:{subject.id if subject else 0}:{turn.now:%Y%m%d%H}"
        if not await turn.reply_private(refusal.code, params, buttons=buttons, subject=subject, once=once):
            await turn.reply(refusal.code, params, buttons=buttons, subject=subject, once=once)

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


async def _fields(turn: Turn, refusal: Refusal, ticket: Ticket | None) -> dict[str, object]:
    fields = dict(refusal.fields)
    if "state" in fields or "stage" in fields:
        fields["state_words"] = _state_words(turn, str(fields.get("state") or fields.get("stage")))
    by = fields.get("by")
    person = await turn.uow.people.get(by) if isinstance(by, int) else None
    fields["by_name"] = person.known_as if person else ""
    who = fields.get("who")
    if isinstance(who, Iterable):
        roles = [role for role in who if isinstance(role, Role)]
        fields["who_words"] = [turn.word(f"role-{role}") for role in roles or (Role.DISPATCHER,)]
        fields["hint"] = turn.word("hint-join") if Role.LIAISON in roles else ""
    fields.setdefault("at", None)
    if "state" in refusal.fields and not fields.get("code"):
        fields["code"] = ticket.code if ticket else ""
    return {key: value if _is_plain(value) else str(value) for key, value in fields.items()}


def _state_words(turn: Turn, state: str) -> str:
    for prefix in ("state", "stage"):
        try:
            return turn.word(f"{prefix}-{state}")
        except KeyError:
            continue
    return state


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list) or hasattr(value, "isoformat")
