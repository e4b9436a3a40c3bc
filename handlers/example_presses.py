"""`/examples` at the hub and its buttons: what people corrected is released for the next model, or not."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.learning.release_examples import drop_example, release_example, show_examples, turn_page
from bot.application.records import Token
from bot.domain.permissions import Action
from handlers.asking import Press
from handlers.turn import Turn


async def examples_command(turn: Turn, rest: str) -> None:
    """`/examples`."""
    await show_examples(turn.uow, turn.actor, turn.chat, now=turn.now)


async def _turn_page(turn: Turn, token: Token) -> None:
    await turn_page(turn.uow, turn.actor, turn.chat.id, int(token.arg))
    turn.toast("answer-noted")


async def _release(turn: Turn, token: Token) -> None:
    await release_example(turn.uow, turn.district, turn.actor, token.subject.id, token.arg, turn.chat.id, now=turn.now)
    turn.toast("answer-example-released")


async def _drop(turn: Turn, token: Token) -> None:
    await drop_example(turn.uow, turn.actor, token.subject.id, turn.chat.id, now=turn.now)
    turn.toast("answer-example-dropped")


PRESSES: Mapping[Action, Press] = {
    Action.SEE_EXAMPLES: _turn_page,
    Action.RELEASE_EXAMPLE: _release,
    Action.DROP_EXAMPLE: _drop,
}
