"""双向派单 in chat: `请街道 望澜街道 什么事`, the presses of its card, and the words of those who admit."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.records import Token
from bot.application.reporting.open_draft import sensitive_item
from bot.application.ways.call_street import (
    ask_admission,
    decide_admission,
    drop_call,
    propose_call,
    send_call,
    unit_of,
)
from bot.domain import routing
from bot.domain.masking import is_unfit
from bot.domain.permissions import Action, Target, require
from bot.domain.situation import street_at_start
from handlers.asking import Press
from handlers.turn import Turn


async def call_street_command(turn: Turn, rest: str) -> None:
    """`请街道 望澜街道 …`, by a department; which of the list it is, one press says."""
    unit = unit_of(turn.district, turn.actor, turn.chat)
    require(turn.actor, Action.CALL_STREET, Target(units=routing.covering_codes(turn.district.catalogue, unit)))
    street, text = _street_in(turn, rest)
    if not street or not text:
        names = [one.name for one in turn.district.catalogue.streets.values()]
        await turn.reply("street-call-usage", names=names)
        return
    sensitive = bool(sensitive_item(turn.district, turn.prepared.understood)) or is_unfit(text)
    call = await propose_call(
        turn.uow,
        turn.district,
        turn.actor,
        turn.chat,
        street,
        text,
        message_id=turn.message_id,
        sensitive=sensitive,
        now=turn.now,
    )
    if call.chat_id != turn.chat.id:
        await turn.reply("private-matter", {"reachable": True})


def _street_in(turn: Turn, words: str) -> tuple[str, str]:
    pairs = ((street.code, street.name) for street in turn.district.catalogue.streets.values())
    return street_at_start(words, pairs) or ("", words)


async def _call_street(turn: Turn, token: Token) -> None:
    if token.arg == "drop":
        await drop_call(turn.uow, turn.district, turn.actor, token.subject.id)
        turn.toast("answer-noted")
    elif token.arg == "admission":
        await ask_admission(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
        turn.toast("answer-admission-asked")
    else:
        case = await send_call(turn.uow, turn.district, turn.actor, token.subject.id, token.arg, now=turn.now)
        turn.toast("answer-street-called", code=case.ticket.code)


async def _approve(turn: Turn, token: Token) -> None:
    approver, _, word = token.arg.partition(":")
    await decide_admission(
        turn.uow, turn.district, turn.actor, token.subject.id, approver, granted=word == "yes", now=turn.now
    )
    turn.toast("answer-noted")


PRESSES: Mapping[Action, Press] = {Action.CALL_STREET: _call_street, Action.APPROVE: _approve}
