"""`/board`: what is open here, leafed through in one message."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.lookups.board import open_board, turn_page
from bot.application.records import Token
from bot.domain.permissions import Action, Target, require
from handlers.asking import Press
from handlers.turn import Turn


async def board_command(turn: Turn, rest: str) -> None:
    """`/board`, `/board 逾期`."""
    await open_board(turn.uow, turn.actor, turn.chat, overdue=rest.strip() in {"逾期", "overdue"}, now=turn.now)


async def _turn_page(turn: Turn, token: Token) -> None:
    require(turn.actor, Action.TURN_PAGE, Target())
    kind, _, page = token.arg.partition(":")
    await turn_page(turn.uow, token.subject.id, int(page), overdue=kind == "overdue")
    turn.toast("answer-page", page=int(page) + 1)


PRESSES: Mapping[Action, Press] = {Action.TURN_PAGE: _turn_page}
