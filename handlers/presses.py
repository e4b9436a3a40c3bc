"""Button presses: a token names an action and a subject; the tables judge the present; one answer, after the commit."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Update

from bot.application.lookups.find_ticket import FULL
from bot.application.records import SubjectKind, Token
from bot.domain.errors import ButtonStale
from bot.domain.permissions import Action
from handlers import (
    boards,
    caller_presses,
    command_presses,
    desk,
    draft_presses,
    duties,
    emergencies,
    example_presses,
    hub_presses,
    leader_presses,
    meeting_presses,
    merging,
    referral_presses,
    request_presses,
    ruling_presses,
    street_calls,
    unit_presses,
)
from handlers.asking import Press, code_of
from handlers.turn import Turn, turn_of


async def pressed(update: Update, context: object) -> None:
    """Every callback query; an unknown or expired token is one sentence."""
    query = update.callback_query
    turn = await turn_of(update, context)
    if query is None or turn is None:
        return
    token = await turn.uow.tokens.get(query.data or "")
    if token is None or token.expires_at < turn.now or token.chat_id != turn.chat.id:
        raise ButtonStale()
    await _round_holds(turn, token)
    await PRESSES[token.action](turn, token)
    if turn.spoken and not FULL.search(turn.spoken):
        turn.toast_about(await code_of(turn, token.subject))


async def _round_holds(turn: Turn, token: Token) -> None:
    if token.subject.kind is SubjectKind.ASSIGNMENT and token.round:
        assignment = await turn.uow.assignments.get(token.subject.id)
        if assignment is None or assignment.round != token.round:
            raise ButtonStale()


PRESSES: Mapping[Action, Press] = {
    **draft_presses.PRESSES,
    **caller_presses.PRESSES,
    **unit_presses.PRESSES,
    **duties.PRESSES,
    **hub_presses.PRESSES,
    **request_presses.PRESSES,
    **leader_presses.PRESSES,
    **street_calls.PRESSES,
    **emergencies.PRESSES,
    **meeting_presses.PRESSES,
    **ruling_presses.PRESSES,
    **referral_presses.PRESSES,
    **example_presses.PRESSES,
    **command_presses.PRESSES,
    **boards.PRESSES,
    **desk.PRESSES,
    **merging.PRESSES,
}
