"""What was written and read, before it goes out: a meeting's minutes and a leader's sentence; afterwards what became of it."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import load_case
from bot.application.meetings.meeting_messages import meeting_subject
from bot.application.meetings.take_minutes import mark_of
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card
from bot.application.views.referrals import undo_order
from bot.application.views.undoing import BY_CONVENER, undo_button
from bot.application.views.view import View, rows
from bot.application.ways.refer_up import referral_subject
from bot.domain.masking import mask
from bot.domain.minutes import read_minutes
from bot.domain.order import read_order
from bot.domain.permissions import Action
from bot.domain.referral import ReferralState
from bot.domain.ticket import Sensitivity

DECIDED = frozenset({ReferralState.ORDERED, ReferralState.MEETING})


async def minutes_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """Each line as it would be dispatched, with `确认派单`; a sensitive matter's tasks in private only."""
    meeting = await uow.meetings.get(card.subject.id)
    if meeting is None:
        return None
    case = await load_case(uow, meeting.ticket_id) if meeting.ticket_id else None
    chat = await uow.chats.get(card.chat_id)
    hidden = case is not None and case.ticket.sensitivity is Sensitivity.SENSITIVE and (not chat or chat.is_group)
    minutes = read_minutes(meeting.minutes, district.catalogue, case.ticket.street if case else "")
    params: dict[str, object] = {
        "code": case.ticket.code if case else meeting.title,
        "state": str(meeting.state),
        "lines": [
            {
                "unit": district.catalogue.party_name(line.party.code),
                "task": "" if hidden else mask(line.task),
                "limit": line.limit,
                "is_lead": line.leads,
            }
            for line in minutes.decided
        ],
    }
    if not meeting.is_open:
        undo = (
            await undo_button(uow, district, case.ticket.id, BY_CONVENER, now, seen_in=card.chat_id) if case else None
        )
        return View("minutes-preview", params, rows([undo]))
    subject = meeting_subject(meeting.id)
    confirm = Button("button-confirm-minutes", Action.WRITE_MINUTES, subject, arg=f"confirm:{mark_of(meeting.minutes)}")
    again = Button("button-rewrite-minutes", Action.WRITE_MINUTES, subject)
    return View("minutes-preview", params, rows([confirm, again]))


async def order_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """How his sentence would be passed on, with `转达`; what was decided otherwise went out without it."""
    referral = await uow.referrals.get(card.subject.id)
    if referral is None:
        return None
    case = await load_case(uow, referral.ticket_id)
    order = read_order(referral.words, district.catalogue, case.ticket.street)
    names = [district.catalogue.party_name(party.code) for party in order.parties]
    asks = referral.is_open and bool(referral.words)
    sent = referral.state in DECIDED and bool(referral.words)
    standing = "asks" if asks else "sent" if sent else "unsaid" if referral.is_open else "not_sent"
    params: dict[str, object] = {
        "code": case.ticket.code,
        "standing": standing,
        "lead": names[0] if names else "",
        "others": names[1:],
        "limit": order.limit,
        "meets": order.meets,
        "begins_at": referral.meets_at,
        "words": referral.words,
    }
    if not asks:
        undo = await undo_order(uow, district, referral, now, seen_in=card.chat_id) if sent else None
        return View("order-preview", params, rows([undo]))
    subject = referral_subject(referral.id)
    confirm = Button("button-order-confirm", Action.ORDER, subject, arg=f"confirm:{mark_of(referral.words)}")
    return View(
        "order-preview", params, rows([confirm, Button("button-order-again", Action.ORDER, subject, arg="say")])
    )
