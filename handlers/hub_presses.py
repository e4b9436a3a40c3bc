"""What the buttons of the hub do."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.calls.redispatch import dispatch_by_hub, note_told
from bot.application.people.resting import take_resting_role
from bot.application.records import QuestionKind, Token
from bot.domain.permissions import Action
from handlers.asking import Press, ask, code_of
from handlers.turn import Turn


async def _dispatch(turn: Turn, token: Token) -> None:
    if not token.arg:
        code = await code_of(turn, token.subject)
        await ask(turn, token, QuestionKind.TEXT, "unknown-unit-code", arg="dispatch", code=code)
        return
    await dispatch_by_hub(turn.uow, turn.district, turn.actor, token.subject.id, token.arg, now=turn.now)
    turn.toast("answer-dispatched", name=turn.district.catalogue.party_name(token.arg))


async def _told(turn: Turn, token: Token) -> None:
    await note_told(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-told")


async def _decline(turn: Turn, token: Token) -> None:
    code = await code_of(turn, token.subject)
    await ask(turn, token, QuestionKind.TEXT, "ask-decline", arg="decline", code=code)


async def _take_role(turn: Turn, token: Token) -> None:
    left = await take_resting_role(
        turn.uow, turn.district, turn.actor, token.subject.id, int(token.arg or 0), now=turn.now
    )
    turn.toast("role-taken", name=left.known_as)


PRESSES: Mapping[Action, Press] = {
    Action.DISPATCH: _dispatch,
    Action.NOTE_TOLD: _told,
    Action.DECLINE: _decline,
    Action.REVOKE: _take_role,
}
