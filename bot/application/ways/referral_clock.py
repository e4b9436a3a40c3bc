"""The clock of what was laid before a leader: he is reminded, then the matter is the hub's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.application.calls.dispatching import open_hub_task
from bot.application.clocks.waiting import Waiting
from bot.application.district import District
from bot.application.loading import load_case
from bot.application.ports import UnitOfWork
from bot.application.records import DueRow, Outgoing, Priority, Subject
from bot.application.telling import raise_cards, tell_by_clock
from bot.application.ways.refer_up import is_with_somebody, readers_of, settle_referral, tell_street
from bot.domain import ladders
from bot.domain.escalation import RunningClock, Tells
from bot.domain.hub_task import HubTaskKind
from bot.domain.limits import parse_limit
from bot.domain.referral import ReferralState


async def load_referrals(uow: UnitOfWork, district: District, rows: Sequence[DueRow]) -> Mapping[int, Waiting]:
    """What leaders have not decided."""
    limit = parse_limit(district.rules.referrals.leader_limit)
    found: dict[int, Waiting] = {}
    for row in rows:
        referral = await uow.referrals.get(row.subject.id)
        ticket = await uow.tickets.get(referral.ticket_id) if referral and referral.is_open else None
        if referral is None or ticket is None or ticket.ending is not None:
            continue
        found[row.id] = Waiting(
            row=row,
            ticket=ticket,
            clock=RunningClock(referral.prepared_at, limit, referral.due_at),
            ladder=district.ladders.get(ladders.REFERRAL, ()),
            owing=Tells.LEADER,
            what="referral",
            round=int(referral.due_at.timestamp()) // 60,  # open again with another deadline, he is reminded again
            says=say_undecided,
        )
    return found


async def say_undecided(
    uow: UnitOfWork, district: District, subject: Subject, tells: Tells, now: datetime, told_at: datetime
) -> None:
    """The leader and who may act for him are reminded; or nobody waits for him any more."""
    if tells is Tells.LEADER:
        await _remind(uow, district, subject, now=now, told_at=told_at)
    else:
        await _to_the_hub(uow, district, subject, now=now)


async def _to_the_hub(uow: UnitOfWork, district: District, subject: Subject, *, now: datetime) -> None:
    known = await uow.referrals.get(subject.id)
    case = await load_case(uow, known.ticket_id, for_update=True) if known else None
    referral = await uow.referrals.get(subject.id, for_update=True)
    if case is None or referral is None or not referral.is_open:
        return
    await settle_referral(uow, referral, case, ReferralState.LAPSED, None, now=now)
    if not is_with_somebody(case):
        await open_hub_task(uow, district, case, HubTaskKind.DISPATCH, now=now)
    await tell_street(uow, district, referral, case, "referral-lapsed", now=now)
    await raise_cards(uow, case)


async def _remind(uow: UnitOfWork, district: District, subject: Subject, *, now: datetime, told_at: datetime) -> None:
    referral = await uow.referrals.get(subject.id)
    ticket = await uow.tickets.get(referral.ticket_id) if referral else None
    if referral is None or ticket is None:
        return
    for person in await readers_of(uow, district, referral):
        assert person.private_chat_id is not None
        message = Outgoing(
            kind="referral-waits",
            chat_id=person.private_chat_id,
            params={"code": ticket.code, "street": district.catalogue.party_name(ticket.street)},
            subject=subject,
            priority=Priority.REMINDER,
            locale=person.locale,
            dedupe_key=f"referral:{referral.id}:waits:{referral.due_at.isoformat()}:p{person.id}",
        )
        await tell_by_clock(uow, district, message, now=now, told_at=told_at)
