"""What a leader's buttons do under a case that was put before him, and the street's way to its leader."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.meetings.lead import acknowledge, ask_hub, call_leader, tell_street
from bot.application.records import OpenQuestion, QuestionKind, Token
from bot.domain.permissions import Action
from handlers.asking import Press, ask, code_of, reply_to_undo
from handlers.turn import Turn


async def _acknowledge(turn: Turn, token: Token) -> None:
    await acknowledge(turn.uow, turn.district, turn.actor, token.subject, now=turn.now)
    turn.toast("answer-noted")


async def _ask_hub(turn: Turn, token: Token) -> None:
    case = await ask_hub(turn.uow, turn.district, turn.actor, token.subject, now=turn.now)
    await reply_to_undo(turn, case.ticket.id, "hub-asked", subject=token.subject, code=case.ticket.code)
    turn.toast("answer-hub-asked", code=case.ticket.code)


async def _tell_street(turn: Turn, token: Token) -> None:
    code = await code_of(turn, token.subject)
    await ask(turn, token, QuestionKind.TEXT, "ask-tell-street", arg="tell_street", code=code)


async def _call_leader(turn: Turn, token: Token) -> None:
    case = await call_leader(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-leader-called", code=case.ticket.code)


async def tell_street_answer(turn: Turn, question: OpenQuestion) -> None:
    """The words after `回街道一句`."""
    case = await tell_street(turn.uow, turn.district, turn.actor, question.subject, turn.prepared.text, now=turn.now)
    await turn.reply("street-told", subject=question.subject, code=case.ticket.code)


PRESSES: Mapping[Action, Press] = {
    Action.ACKNOWLEDGE: _acknowledge,
    Action.ASK_HUB: _ask_hub,
    Action.TELL_STREET: _tell_street,
    Action.CALL_LEADER: _call_leader,
}
