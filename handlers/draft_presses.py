"""What the buttons of a draft do."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.loading import Case
from bot.application.records import Token
from bot.application.reporting.change_draft import ask_place, choose_item, discard_draft, load_open_draft, offer_items
from bot.application.reporting.confirm_draft import Way, confirm_draft, join_ticket
from bot.application.reporting.split_draft import split_draft
from bot.domain.permissions import Action
from bot.domain.ticket import Sensitivity
from handlers.asking import Press
from handlers.turn import Turn


def _confirmed(turn: Turn, case: Case, way: Way) -> None:
    key = {Way.CALL: "answer-confirmed", Way.KEEP: "answer-kept", Way.HUB: "answer-sent-to-hub"}[way]
    turn.toast("answer-awaiting-start" if case.ticket.start_awaited else key, code=case.ticket.code)


def _confirm(way: Way) -> Press:
    async def press(turn: Turn, token: Token) -> None:
        case = await confirm_draft(turn.uow, turn.district, turn.actor, token.subject.id, way, now=turn.now)
        _confirmed(turn, case, way)

    return press


async def _is_report(turn: Turn, token: Token) -> None:
    draft = await load_open_draft(turn.uow, turn.actor, token.subject.id, Action.CONFIRM)
    draft.asked, draft.updated_at = False, turn.now
    await turn.uow.drafts.save(draft)
    await turn.uow.cards.want_all(token.subject)
    turn.toast("answer-noted")


async def _change_item(turn: Turn, token: Token) -> None:
    await offer_items(turn.uow, turn.actor, token.subject.id)
    turn.toast("answer-pick")


async def _choose_item(turn: Turn, token: Token) -> None:
    draft = await choose_item(turn.uow, turn.district, turn.actor, token.subject.id, token.arg, now=turn.now)
    item = turn.district.catalogue.item(draft.item)
    hidden = turn.chat.is_group and item.sensitivity is Sensitivity.SENSITIVE
    turn.toast("answer-private" if hidden else "answer-chosen", name=item.name)


async def _add_place(turn: Turn, token: Token) -> None:
    await ask_place(turn.uow, turn.actor, token.subject.id, turn.chat.id, now=turn.now)
    await turn.reply("ask-place", subject=token.subject)
    turn.toast("answer-reply-below")


async def _discard(turn: Turn, token: Token) -> None:
    await discard_draft(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-discarded")


async def _join(turn: Turn, token: Token) -> None:
    case = await join_ticket(turn.uow, turn.district, turn.actor, token.subject.id, int(token.arg), now=turn.now)
    turn.toast("answer-joined", code=case.ticket.code)


async def _split(turn: Turn, token: Token) -> None:
    drafts = await split_draft(turn.uow, turn.district, turn.actor, token.subject.id, now=turn.now)
    turn.toast("answer-split", count=len(drafts))


PRESSES: Mapping[Action, Press] = {
    Action.CONFIRM: _confirm(Way.CALL),
    Action.KEEP: _confirm(Way.KEEP),
    Action.SEND_TO_HUB: _confirm(Way.HUB),
    Action.REPORT: _is_report,
    Action.CHANGE_ITEM: _change_item,
    Action.CHOOSE_ITEM: _choose_item,
    Action.ADD_PLACE: _add_place,
    Action.DISCARD: _discard,
    Action.JOIN_TICKET: _join,
    Action.SPLIT_DRAFT: _split,
}
