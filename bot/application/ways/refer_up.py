"""报区领导: the street lays a matter before its district leader with one press, who is waited for with a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.application.calls.dispatching import send_on
from bot.application.clocks.assignment_clocks import first_check
from bot.application.district import District
from bot.application.loading import Case, load_case, load_open_case
from bot.application.people.identify import ticket_target
from bot.application.people.leaders import delegates_of, leaders_of
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Face, Outgoing, Subject, SubjectKind
from bot.application.telling import offer_undo, raise_cards, tell, ticket_subject
from bot.domain import ladders
from bot.domain.assignment import LIVE_STATES
from bot.domain.errors import ButtonStale
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Actor, Person
from bot.domain.permissions import Action, Target, require
from bot.domain.referral import NoLeader, Referral, ReferralSettled, ReferralState


def referral_subject(referral_id: int) -> Subject:
    """The referral as a subject."""
    return Subject(SubjectKind.REFERRAL, referral_id)


async def load_referral(
    uow: UnitOfWork, district: District, actor: Actor, referral_id: int, action: Action = Action.ORDER
) -> tuple[Referral, Case]:
    """An open referral, locked after its ticket, for somebody who may do that."""
    known = await uow.referrals.get(referral_id)
    if known is None:
        raise ButtonStale()
    case = await load_case(uow, known.ticket_id, for_update=True)
    # a leader who reported the matter himself decides as a leader: what is one's own gives no right to order
    target = ticket_target(case.ticket, district.catalogue)
    require(actor, action, Target(streets=target.streets))
    referral = await uow.referrals.get(referral_id, for_update=True)
    if referral is None or not referral.is_open or case.ticket.ending is not None:
        raise ReferralSettled()
    return referral, case


async def open_referral(uow: UnitOfWork, ticket_id: int) -> Referral | None:
    """The one that waits, if any."""
    return next((each for each in await uow.referrals.of_ticket(ticket_id) if each.is_open), None)


async def refer_up(
    uow: UnitOfWork, district: District, actor: Actor, ticket_id: int, proposal: str, *, now: datetime
) -> tuple[Referral, Person, Case]:
    """`报区领导`: the leader of that street gets it in private; a start that was awaited waits for him instead."""
    case = await load_open_case(uow, ticket_id)
    require(actor, Action.REFER_UP, ticket_target(case.ticket, district.catalogue))
    waiting = await open_referral(uow, ticket_id)
    readers = [p for p in await leaders_of(uow, district, case.ticket.street) if p.reachable and p.private_chat_id]
    if not readers:
        raise NoLeader(street=district.catalogue.party_name(case.ticket.street))
    if waiting is None:
        due = district.due_moment(now, district.rules.referrals.leader_limit)
        opened = Referral(0, ticket_id, ReferralState.OPEN, readers[0].id, actor.id, now, due)
        waiting = await uow.referrals.add(opened)
        detail = {"leader": readers[0].id, "awaits_start": case.ticket.start_awaited}
        await uow.events.append(ticket_id, EventKind.REFERRED, at=now, actor=actor.id, detail=detail)
    if proposal.strip():
        waiting.proposal = proposal.strip()[:500]
        await uow.referrals.save(waiting)
    if case.ticket.start_awaited:
        case.ticket.start_awaited = False
        await uow.tickets.save(case.ticket)
        await uow.dues.drop(ticket_subject(ticket_id), DueKind.START)
    first = first_check(district, ladders.REFERRAL, waiting.prepared_at, district.rules.referrals.leader_limit)
    await uow.dues.put(referral_subject(waiting.id), DueKind.REFERRAL, max(first, now))
    await _show(uow, district, waiting, case, now=now)
    await raise_cards(uow, case)
    await offer_undo(uow, district, ticket_id, now=now)
    return waiting, readers[0], case


async def _show(uow: UnitOfWork, district: District, referral: Referral, case: Case, *, now: datetime) -> None:
    for person in await readers_of(uow, district, referral):
        assert person.private_chat_id is not None
        subject, silent = referral_subject(referral.id), not district.rings(now)
        await uow.cards.want(subject, person.private_chat_id, Face.LEADER, silent=silent, at=now)


async def readers_of(uow: UnitOfWork, district: District, referral: Referral) -> Sequence[Person]:
    """The leader, and those who may act for him."""
    leader = await uow.people.get(referral.leader_id)
    found = [leader, *await delegates_of(uow, district, leader)] if leader else []
    return [person for person in found if person.reachable and person.private_chat_id]


async def propose(
    uow: UnitOfWork, district: District, actor: Actor, referral_id: int, words: str
) -> tuple[Referral, Case]:
    """The street's own sentence to the leader, as long as he has not decided."""
    referral, case = await load_referral(uow, district, actor, referral_id, Action.REFER_UP)
    referral.proposal = words.strip()[:500]
    await uow.referrals.save(referral)
    await uow.cards.want_all(referral_subject(referral.id))
    return referral, case


async def pass_on(uow: UnitOfWork, district: District, actor: Actor, referral_id: int, *, now: datetime) -> Case:
    """`按常规办`: the leader need not decide; the call goes its ordinary way."""
    referral, case = await load_referral(uow, district, actor, referral_id)
    await settle_referral(uow, referral, case, ReferralState.PASSED, actor.id, now=now)
    if not is_with_somebody(case):
        await send_on(uow, district, case, now=now, by=actor.id)
    await tell_street(uow, district, referral, case, "referral-passed", now=now)
    await raise_cards(uow, case)
    return case


def is_with_somebody(case: Case) -> bool:
    """Whether a unit has it, or the hub is to dispatch it."""
    dispatches = any(task.is_open and task.kind is HubTaskKind.DISPATCH for task in case.hub_tasks)
    return dispatches or any(part.state in LIVE_STATES for part in case.assignments)


async def settle_referral(
    uow: UnitOfWork, referral: Referral, case: Case, state: ReferralState, by: int | None, *, now: datetime
) -> None:
    """Nobody waits for the leader any more."""
    referral.state, referral.decided_by, referral.decided_at = state, by, now
    await uow.referrals.save(referral)
    await uow.dues.drop(referral_subject(referral.id), DueKind.REFERRAL)
    detail: dict[str, object] = {
        "leader": referral.leader_id,
        "state": str(state),
        "on_behalf": referral.on_behalf,
        "before": {"mode": str(case.ticket.mode), "ordered_by": case.ticket.ordered_by},
    }
    kind = EventKind.ORDERED if state in {ReferralState.ORDERED, ReferralState.MEETING} else EventKind.REFERRAL_CLOSED
    texts = {"words": referral.words} if referral.words else None
    await uow.events.append(case.ticket.id, kind, at=now, actor=by, detail=detail, texts=texts)
    await uow.cards.want_all(referral_subject(referral.id))


async def tell_street(
    uow: UnitOfWork, district: District, referral: Referral, case: Case, kind: str, *, now: datetime, **more: object
) -> None:
    """Who laid it before the leader hears in private what became of it."""
    officer = await uow.people.get(referral.prepared_by)
    leader = await uow.people.get(referral.leader_id)
    if officer is None or not officer.private_chat_id:
        return
    params = {"code": case.ticket.code, "name": leader.name if leader else "", **more}
    message = Outgoing(
        kind=kind,
        chat_id=officer.private_chat_id,
        params=params,
        subject=ticket_subject(case.ticket.id),
        locale=officer.locale,
        dedupe_key=f"referral:{referral.id}:{kind}:{now.isoformat()}",
    )
    await tell(uow, district, message, now=now)


async def reopen_referral(
    uow: UnitOfWork, district: District, case: Case, *, decided_at: datetime, now: datetime
) -> None:
    """What was decided or lapsed at that moment is open again, with the time that the leader has for it."""
    for referral in await uow.referrals.of_ticket(case.ticket.id):
        if referral.decided_at != decided_at:
            continue
        referral.state, referral.decided_by, referral.decided_at = ReferralState.OPEN, None, None
        referral.due_at = max(referral.due_at, district.due_moment(now, "1工作时"))
        await uow.referrals.save(referral)
        await uow.dues.put(referral_subject(referral.id), DueKind.REFERRAL, now)
        await uow.cards.want_all(referral_subject(referral.id))


async def lapse_referral(uow: UnitOfWork, case: Case, by: int | None, *, now: datetime) -> None:
    """The hub or an end of the ticket came first."""
    waiting = await open_referral(uow, case.ticket.id)
    if waiting is not None:
        await settle_referral(uow, waiting, case, ReferralState.LAPSED, by, now=now)
