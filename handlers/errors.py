"""Refusals and crashes as sentences: found by code, filled with fields, given where the person waits."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import Update

from bot.application.records import Outgoing, Priority
from bot.domain.errors import Refusal
from bot.domain.people import Role
from handlers.incoming import sender_of
from handlers.turn import Turn, TurnContext, turn_of


async def refuse(update: Update, context: TurnContext, refusal: Refusal) -> None:
    """One clear sentence in the person's language: as the answer to the press, else as a reply."""
    turn = await turn_of(update, context)
    if turn is None:
        return
    params = await _fields(turn, refusal)
    if update.callback_query is not None:
        turn.toast(refusal.code, alert=True, **params)
    else:
        await turn.reply(refusal.code, params)


async def _fields(turn: Turn, refusal: Refusal) -> dict[str, object]:
    fields = dict(refusal.fields)
    if "state" in fields or "stage" in fields:
        state = str(fields.get("state") or fields.get("stage"))
        fields["state_words"] = _state_words(turn, state)
    by = fields.get("by")
    person = await turn.uow.people.get(by) if isinstance(by, int) else None
    fields["by_name"] = person.name if person else ""
    who = fields.get("who")
    if isinstance(who, Iterable):
        roles = [role for role in who if isinstance(role, Role)]
        fields["who_words"] = "、".join(turn.word(f"role-{role}") for role in roles) or turn.word("role-dispatcher")
        fields["hint"] = turn.word("hint-join") if Role.LIAISON in roles else ""
    fields.setdefault("at", None)
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


async def crashed(update: Update, context: TurnContext, reference: str) -> None:
    """The last attempt failed: the person hears one sentence with the number under which it is recorded."""
    user, chat = sender_of(update), update.effective_chat
    if user is None or chat is None:
        return
    row = await context.uow.chats.by_telegram_id(chat.id)
    waits = chat.type == "private" or update.callback_query is not None
    if row is not None and waits:
        message = Outgoing(kind="crashed", chat_id=row.id, params={"reference": reference}, priority=Priority.REPLY)
        turn = await turn_of(update, context)
        if turn is not None:
            await context.uow.outbox.add(message, at=turn.now)


async def late_answer(update: Update, context: TurnContext, text: str) -> None:
    """The outcome of a press that could no longer be answered as such."""
    turn = await turn_of(update, context)
    if turn is not None:
        await turn.reply("late-outcome", text=text)
