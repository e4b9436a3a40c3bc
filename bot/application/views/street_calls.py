"""A department's wish to a street: the card it is sent from, and the card of those who admit what is not on the list."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card
from bot.application.undoing.undo_admission import last_word
from bot.application.views.undoing import reads
from bot.application.views.view import QUOTE_LENGTH, View, rows
from bot.application.ways.call_street import admission_buttons, asked_at, subject_of
from bot.domain.chat import ChatKind
from bot.domain.masking import mask
from bot.domain.permissions import Action
from bot.domain.street_call import StreetCall, StreetCallState, awaited


async def _params(uow: UnitOfWork, district: District, call: StreetCall, card: Card) -> dict[str, object]:
    catalogue = district.catalogue
    chat = await uow.chats.get(card.chat_id)
    private = chat is not None and chat.kind is ChatKind.PRIVATE
    quote = call.text if private else mask(call.text)
    return {
        "unit": catalogue.party_name(call.unit),
        "street": catalogue.party_name(call.street),
        "quote": "" if call.sensitive and not private else quote[:QUOTE_LENGTH],
        "clause": district.rules.street_call_clause,
        "standing": str(call.state),
        "words": [
            {"office": one, "name": catalogue.party_name(one), "word": "granted" if call.word_of(one) else "refused"}
            for one in dict.fromkeys(word["approver"] for word in call.approvals)
            if call.word_of(one) is not None
        ],
        "awaited": [
            [{"office": one, "name": catalogue.party_name(one)} for one in group]
            for group in awaited(call, district.rules.approvers)
        ]
        if call.state is StreetCallState.ADMISSION
        else [],
    }


async def street_call_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """For the department: what of the list it may be, one press each."""
    call = await uow.street_calls.get(card.subject.id)
    if call is None:
        return None
    subject = subject_of(call)
    items = [district.rules.street_items[code] for code in call.candidates if code in district.rules.street_items]
    shown = [{"code": i.code, "name": i.name, "limit": i.handle_limit, "clause": i.clause} for i in items]
    params = await _params(uow, district, call, card) | {"items": shown}
    choices = [
        [Button("button-street-item", Action.CALL_STREET, subject, arg=i.code, params={"name": i.name})] for i in items
    ]
    drop = Button("button-street-drop", Action.CALL_STREET, subject, arg="drop")
    admit = Button("button-street-admission", Action.CALL_STREET, subject, arg="admission")
    if call.state is StreetCallState.OPEN:
        return View("street-call", params, rows(*choices, [admit, drop]))
    return View("street-call", params, rows([drop]) if call.state is StreetCallState.ADMISSION else ())


async def approval_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """For the approvers: `同意` and `驳回`, each in the name of its office."""
    call = await uow.street_calls.get(card.subject.id)
    if call is None:
        return None
    params = await _params(uow, district, call, card)
    undo = await _undo(uow, district, call, card, now)
    if call.state is not StreetCallState.ADMISSION:
        return View("approval-card", params, rows([undo]))
    lines: list[list[Button | None]] = []
    for approver in sorted(frozenset().union(*district.rules.approvers)):
        if call.word_of(approver) is None and await _is_asked(uow, district, approver, card):
            lines.append([*admission_buttons(district, call, approver)])
    return View("approval-card", params, rows(*lines, [undo]))


async def _undo(uow: UnitOfWork, district: District, call: StreetCall, card: Card, now: datetime) -> Button | None:
    """`撤销` where somebody reads whose word can still be taken back."""
    for person_id in {int(word["by"]) for word in call.approvals}:
        if last_word(call, person_id, district.rules.undo_window, now=now) and await reads(
            uow, person_id, card.chat_id
        ):
            return Button("button-undo", Action.UNDO, subject_of(call))
    return None


async def _is_asked(uow: UnitOfWork, district: District, approver: str, card: Card) -> bool:
    """Whether this chat is where that office is asked: a card shows no other office's buttons."""
    ways = [await asked_at(uow, district, approver, sensitive=sensitive) for sensitive in (False, True)]
    return any(card.chat_id in chats for chats in ways)
