"""A leader decides what was laid before him: a press, or one sentence that is shown back before it goes out."""

from __future__ import annotations

from datetime import datetime

from bot.application.calls.dispatching import Terms, dispatch_to, open_hub_task
from bot.application.district import District
from bot.application.hub_tasks import finish_tasks
from bot.application.loading import Case
from bot.application.meetings.call_meeting import invite as invite_parties
from bot.application.meetings.call_meeting import proposed, say_when, send_invitations
from bot.application.meetings.meeting_messages import meeting_subject, show_meeting
from bot.application.meetings.take_minutes import mark_of
from bot.application.people.succession import take_away
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Face
from bot.application.requests.rulings import close_requests
from bot.application.telling import offer_undo, raise_cards, show_anew, tell_hub
from bot.application.ways.refer_up import load_referral, referral_subject, settle_referral, tell_street
from bot.domain.assignment import OPEN_STATES, AssignmentState
from bot.domain.chat import Chat
from bot.domain.errors import ButtonStale, UnitUnknown
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import Invitation, Meeting, MeetingKind, MeetingState
from bot.domain.naming import party_called
from bot.domain.order import Order, read_order
from bot.domain.party import Party
from bot.domain.people import Actor
from bot.domain.permissions import Action
from bot.domain.referral import OrderUnclear, Referral, ReferralState
from bot.domain.returning import Outcome
from bot.domain.ticket import Mode


async def order_to(
    uow: UnitOfWork, district: District, actor: Actor, referral_id: int, code: str, *, now: datetime
) -> Case:
    """`派→X`: one press."""
    referral, case = await load_referral(uow, district, actor, referral_id)
    party = party_called(district.catalogue, code, case.ticket.street)
    if party is None:
        raise UnitUnknown(unit=code)
    _unsaid(referral)
    await _dispatch(uow, district, referral, case, actor, Order((party,), "", meets=False), now=now)
    return case


def _unsaid(referral: Referral) -> None:
    """A sentence that was shown and not passed on goes out with no press of another button."""
    referral.words, referral.meets_at, referral.meets_where = "", None, ""


async def hear_order(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    referral_id: int,
    words: str,
    meets: tuple[datetime | None, str],
    chat: Chat,
    *,
    now: datetime,
) -> None:
    """His sentence, kept, read and shown as `这样转达？` in that chat; `meets`: when and where it says that people meet."""
    referral, case = await load_referral(uow, district, actor, referral_id)
    order = read_order(words, district.catalogue, case.ticket.street)
    if not order.is_clear:
        raise OrderUnclear()
    referral.words = words.strip()[:500]
    referral.meets_at, referral.meets_where = meets if order.meets and meets[0] else (None, "")
    await uow.referrals.save(referral)
    await show_anew(uow, referral_subject(referral.id), chat.id, Face.ORDER, silent=chat.is_group, at=now)


async def confirm_order(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    referral_id: int,
    mark: str,
    *,
    now: datetime,
) -> tuple[Order, Case]:
    """`转达`: the sentence goes out as it was shown."""
    referral, case = await load_referral(uow, district, actor, referral_id)
    if mark != mark_of(referral.words):
        raise ButtonStale()
    order = read_order(referral.words, district.catalogue, case.ticket.street)
    if order.meets:
        await _meet(uow, district, referral, case, actor, order, now=now)
    else:
        await _dispatch(uow, district, referral, case, actor, order, now=now)
    return order, case


async def order_meeting(uow: UnitOfWork, district: District, actor: Actor, referral_id: int, *, now: datetime) -> Case:
    """`开协调会`: the hub finds the time and invites."""
    referral, case = await load_referral(uow, district, actor, referral_id)
    _unsaid(referral)
    await _meet(uow, district, referral, case, actor, Order((), "", meets=True), now=now)
    return case


async def _dispatch(
    uow: UnitOfWork, district: District, referral: Referral, case: Case, actor: Actor, order: Order, *, now: datetime
) -> None:
    """The units answer to the leader; what was open elsewhere before is theirs no longer."""
    await settle_referral(uow, referral, case, ReferralState.ORDERED, actor.id, now=now)
    case.ticket.mode, case.ticket.ordered_by, case.ticket.start_awaited = Mode.REVERSE, referral.leader_id, False
    await uow.tickets.save(case.ticket)
    round_ = max([1, *(part.round for part in case.assignments)])
    for part in case.assignments:
        if part.state in OPEN_STATES or part.state is AssignmentState.REPORTED:
            await take_away(uow, case, part, actor.id, now=now)
    await finish_tasks(uow, case, actor.id, now=now)
    await close_requests(uow, case, Outcome.LAPSED, "", actor.id, now=now)
    for place, party in enumerate(order.parties):
        terms = Terms(referral.words[:200], order.limit, is_lead=place == 0)
        await dispatch_to(uow, district, case, party, now=now, by=actor.id, round_=round_, terms=terms)
    await _told(uow, district, referral, case, order.parties, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, case.ticket.id, now=now)


async def _told(
    uow: UnitOfWork, district: District, referral: Referral, case: Case, parties: tuple[Party, ...], *, now: datetime
) -> None:
    """The hub files and counts; the street that laid it before him hears who does it."""
    leader = await uow.people.get(referral.leader_id)
    names = [district.catalogue.party_name(party.code) for party in parties]
    count = await orders_this_month(uow, district, referral.leader_id, now=now)
    params = {
        "code": case.ticket.code,
        "name": leader.name if leader else "",
        "units": names,
        "count": count,
        "often": count >= district.rules.referrals.often,
        "on_behalf": referral.on_behalf,
    }
    await tell_hub(
        uow, district, "order-told", params, now=now, dedupe_key=f"referral:{referral.id}:told:{now.isoformat()}"
    )
    await tell_street(uow, district, referral, case, "referral-ordered", now=now, units=names)


async def orders_this_month(uow: UnitOfWork, district: District, leader_id: int, *, now: datetime) -> int:
    """How often that leader has ordered since the first of the month, so that it stays the exception."""
    first = district.local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return await uow.referrals.ordered_by(leader_id, since=first.astimezone(now.tzinfo))


async def _meet(
    uow: UnitOfWork,
    district: District,
    referral: Referral,
    case: Case,
    actor: Actor,
    order: Order,
    *,
    now: datetime,
) -> None:
    """Who is named is invited beside those whom the list names; without a time the hub finds one."""
    begins_at, where = referral.meets_at, referral.meets_where
    await settle_referral(uow, referral, case, ReferralState.MEETING, actor.id, now=now)
    if not any(task.is_open and task.kind is HubTaskKind.DISPATCH for task in case.hub_tasks):
        await open_hub_task(uow, district, case, HubTaskKind.DISPATCH, now=now)
    open_ones = [m for m in await uow.meetings.of_ticket(case.ticket.id) if m.is_open]
    prepared = Meeting(0, MeetingKind.TALK, MeetingState.PREPARED, case.ticket.id, "", actor.id, now)
    meeting = open_ones[-1] if open_ones else await uow.meetings.add(prepared)
    parties = [*order.parties, *(p for p in proposed(district, case.ticket) if p not in order.parties)]
    if open_ones:
        await invite_parties(uow, district, actor, meeting.id, parties, now=now)
    else:
        for party in parties:
            await uow.invitations.add(Invitation(0, meeting.id, party))
    await show_meeting(uow, district, meeting, now=now)
    if begins_at is not None and begins_at > now:
        await say_when(uow, district, actor, meeting.id, begins_at, where, now=now)
        if not open_ones or meeting.state is MeetingState.PREPARED:
            await send_invitations(uow, district, actor, meeting.id, now=now)
    leader = await uow.people.get(referral.leader_id)
    params = {"code": case.ticket.code, "name": leader.name if leader else "", "begins_at": begins_at}
    button = Button("button-meeting-when", Action.CALL_MEETING, meeting_subject(meeting.id), arg="when")
    await tell_hub(
        uow,
        district,
        "order-meeting",
        params,
        now=now,
        subject=meeting_subject(meeting.id),
        buttons=() if begins_at else ((button,),),
        dedupe_key=f"referral:{referral.id}:meeting:{now.isoformat()}",
    )
    await tell_street(uow, district, referral, case, "referral-meeting", now=now)
    await raise_cards(uow, case)
