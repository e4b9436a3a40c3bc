"""What a district leader sees in private: the matter, the street's proposal, who could do it, and what he can press."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.loading import load_case
from bot.application.meetings.call_meeting import proposed
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card
from bot.application.views.undoing import undo_button
from bot.application.views.view import View, rows, ticket_params
from bot.application.ways.order_down import orders_this_month
from bot.application.ways.refer_up import referral_subject
from bot.domain.assignment import LIVE_STATES, Assignment
from bot.domain.events import EventKind
from bot.domain.meeting import MeetingState
from bot.domain.naming import parties_in
from bot.domain.party import Party, PartyKind
from bot.domain.permissions import Action
from bot.domain.referral import Referral, ReferralState
from bot.domain.ticket import Ticket

PROPOSED = 3


async def leader_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """The leader's card; of a sensitive matter no more than in a group, though it is private."""
    referral = await uow.referrals.get(card.subject.id)
    if referral is None:
        return None
    case = await load_case(uow, referral.ticket_id)
    officer = await uow.people.get(referral.prepared_by)
    decider = await uow.people.get(referral.decided_by) if referral.decided_by else None
    ordered = referral.state is ReferralState.ORDERED
    live = [
        part
        for part in case.assignments
        if part.state in LIVE_STATES and (_was_ordered(referral, part) if ordered else part.is_open)
    ]
    params = ticket_params(district, case.ticket) | {
        "state": str(referral.state),
        "proposal": "" if case.ticket.sensitivity == "sensitive" else referral.proposal,
        "officer": officer.name if officer else "",
        "due_at": referral.due_at,
        "words": referral.words,
        "decider": decider.name if decider and referral.on_behalf else "",
        "units": [district.catalogue.party_name(part.assignee.code) for part in live],
        "count": await orders_this_month(uow, district, referral.leader_id, now=now),
    }
    open_ = referral.is_open and case.ticket.ending is None
    buttons = _buttons(district, referral, case.ticket) if open_ else ()
    return View(
        "leader-card", params, buttons or rows([await undo_order(uow, district, referral, now, seen_in=card.chat_id)])
    )


def _was_ordered(referral: Referral, part: Assignment) -> bool:
    """What was there before he decided is not what he has given to somebody."""
    return referral.decided_at is not None and part.dispatched_at >= referral.decided_at


async def undo_order(
    uow: UnitOfWork, district: District, referral: Referral, now: datetime, *, seen_in: int
) -> Button | None:
    """`撤销` for who has just decided it."""
    undo = await undo_button(uow, district, referral.ticket_id, {EventKind.ORDERED}, now, seen_in=seen_in)
    called_before = referral.state is ReferralState.MEETING and await _called_before(uow, referral)
    return None if called_before else undo


async def _called_before(uow: UnitOfWork, referral: Referral) -> bool:
    """Whether he only joined others to a meeting that was called already: that cannot be unsaid."""
    meetings = await uow.meetings.of_ticket(referral.ticket_id)
    made = any(meeting.created_at == referral.decided_at for meeting in meetings)
    return not made and any(meeting.state is MeetingState.CALLED for meeting in meetings)


def _buttons(district: District, referral: Referral, ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    subject = referral_subject(referral.id)
    to = [
        Button("button-order-to", Action.ORDER, subject, arg=f"to:{party.code}", params={"name": name})
        for party, name in candidates(district, referral, ticket)
    ]
    meet = Button("button-order-meeting", Action.ORDER, subject, arg="meet")
    say = Button("button-order-words", Action.ORDER, subject, arg="say")
    passed = Button("button-order-pass", Action.ORDER, subject, arg="pass")
    return rows(to[:2], to[2:], [meet, say], [passed])


def candidates(district: District, referral: Referral, ticket: Ticket) -> list[tuple[Party, str]]:
    """Whom the street names, then whom the list names; never the street itself."""
    named = parties_in(district.catalogue, referral.proposal, ticket.street)
    found = dict.fromkeys([*named, *proposed(district, ticket)])
    units = [party for party in found if party.kind is not PartyKind.STREET][:PROPOSED]
    return [(party, district.catalogue.party_name(party.code)) for party in units]
