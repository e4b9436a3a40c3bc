"""交接 and 请假: somebody's roles go to another who accepts by a press, for good or for some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.application.calls.verify import ask_verification
from bot.application.clocks.digests import plan_leader_digest
from bot.application.clocks.long_breaks import shown
from bot.application.district import District
from bot.application.loading import load_case
from bot.application.lookups.find_ticket import open_here
from bot.application.people.liaison_left import liaison_left
from bot.application.people.on_duty import on_duty, roster_of
from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, DueRow, Face, Outgoing, Priority, Subject, SubjectKind
from bot.application.telling import assignment_subject, raise_cards, tell_by_clock, tell_hub
from bot.domain import routing
from bot.domain.assignment import AssignmentState
from bot.domain.chat import Chat
from bot.domain.duty import Handover, HandoverKind, Spell
from bot.domain.errors import ButtonStale, NothingToHandOver, NotTheSuccessor
from bot.domain.events import EventKind
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.ticket import Sensitivity, Ticket
from bot.domain.work_calendar import ONE_DAY

MOST_REPORTS = 200
EVE, TIME_TO_ACCEPT = timedelta(hours=8), timedelta(hours=2)
"""On the afternoon before a leave begins, but not sooner than so long after it was asked for, it has to be accepted."""

CALLING = frozenset({Role.GRID_WORKER, Role.STREET_OFFICER})
OF_THE_PERSON = frozenset({Face.DETAIL, Face.VERIFY, Face.ANSWER, Face.START, Face.RELEASE, Face.REQUEST})
"""Cards in a private chat that are there because of a role."""


def handover_subject(handover_id: int) -> Subject:
    """The handover as a subject."""
    return Subject(SubjectKind.HANDOVER, handover_id)


async def ask_handover(
    uow: UnitOfWork,
    district: District,
    actor: Actor,
    chat: Chat,
    to: Person | None,
    name: str,
    *,
    now: datetime,
    spell: Spell | None = None,
) -> Handover:
    """Writes down who is to take over what is held here (in private: everything); he accepts himself by a press."""
    grants = held_here(district, actor.grants, chat)
    if not grants or (to is not None and to.id == actor.id) or not (to or name):
        raise NothingToHandOver()
    of = sorted({grant.of for grant in grants})[0]
    kind = HandoverKind.LEAVE if spell else HandoverKind.HANDOVER
    asked = await uow.handovers.add(
        Handover(
            0, kind, actor.id, to.id if to else None, to.name if to else name, chat.of or of, now,
            spell.first if spell else None, spell.last if spell else None,
        )
    )  # fmt: skip
    if spell is not None:
        await _wait(uow, district, asked, now=now)
    return asked


def held_here(district: District, grants: frozenset[Grant], chat: Chat) -> list[Grant]:
    """In a group only the roles of its party."""
    if not chat.is_group or not chat.of:
        return sorted(grants, key=lambda g: (g.role, g.of))
    communities = {c.code for c in district.catalogue.communities.values() if chat.of in {c.street, c.code}}
    offices = {u.code for u in district.catalogue.units.values() if chat.of in {u.code, u.department}}
    own = {chat.of, roster_of(district, chat)} | routing.covering_codes(district.catalogue, chat.of)
    here = own | communities | offices
    return sorted((g for g in grants if g.of in here), key=lambda g: (g.role, g.of))


async def accept_handover(
    uow: UnitOfWork, district: District, actor: Actor, chat: Chat, handover_id: int, *, now: datetime
) -> tuple[Handover, list[Grant], list[Ticket]]:
    """`接手`, by the person who was named: from now on, or from the first day of the leave on, he holds the roles."""
    asked = await uow.handovers.get(handover_id, for_update=True)
    if asked is None or asked.ended_at is not None or asked.accepted_at is not None:
        raise ButtonStale()
    names = {actor.person.name, actor.person.username.lower()}
    named = actor.id == asked.to_id or (asked.to_id is None and {asked.to_name, asked.to_name.lower()} & names)
    if not named or actor.id == asked.from_id:
        raise NotTheSuccessor(name=asked.to_name)
    asked.to_id, asked.to_name, asked.accepted_at = actor.id, actor.person.name, now
    grants = held_here(district, await uow.people.grants(asked.from_id), chat)
    cases = await open_cases(uow, district, asked.from_id, grants)
    if asked.kind is HandoverKind.LEAVE:
        asked.granted = [f"{grant.role}:{grant.of}" for grant in grants if grant not in actor.grants]
        await uow.handovers.save(asked)
        await _begin_or_wait(uow, district, asked, now=now)
        return asked, grants, cases
    asked.ended_at = now
    await uow.handovers.save(asked)
    await _move_roles(uow, district, asked, grants, cases, now=now)
    return asked, grants, cases


async def _move_roles(
    uow: UnitOfWork,
    district: District,
    asked: Handover,
    grants: Sequence[Grant],
    cases: Sequence[Ticket],
    *,
    now: datetime,
) -> None:
    """Roles, the person of record and the private cards go over; the predecessor's buttons are gone."""
    assert asked.to_id is not None
    for grant in grants:
        await uow.people.revoke(asked.from_id, grant, at=now)
        await uow.people.grant(asked.to_id, grant, at=now, by=asked.from_id)
    before, after = await uow.people.get(asked.from_id), await uow.people.get(asked.to_id)
    assert before is not None and after is not None
    if before.private_chat_id is not None:
        await uow.cards.retire_in(before.private_chat_id, OF_THE_PERSON)
    for ticket in cases:
        await _hand_ticket(uow, district, ticket, before, after, grants, now=now)
    for person in (before, after):
        await plan_leader_digest(uow, district, person.id, now=now)
    await liaison_left(uow, district, before.id, grants, now=now)
    params = {"name": before.name, "successor": after.name, "party": district.catalogue.party_name(asked.of)}
    key = f"handover:{asked.id}"
    await tell_hub(uow, district, "handover-told", params, now=now, dedupe_key=key)


async def _hand_ticket(
    uow: UnitOfWork,
    district: District,
    ticket: Ticket,
    before: Person,
    after: Person,
    grants: Sequence[Grant],
    *,
    now: datetime,
) -> None:
    case = await load_case(uow, ticket.id, for_update=True)
    units = {g.of for g in grants if g.role is Role.LIAISON}
    reporter = any(g.role in CALLING for g in grants) and case.ticket.reporter_id == before.id
    detail = {"from": before.id, "to": after.id, "reporter": reporter}
    await uow.events.append(ticket.id, EventKind.HANDED_OVER, at=now, actor=after.id, detail=detail)
    if reporter:
        case.ticket.reporter_id = after.id
        await uow.tickets.save(case.ticket)
        for part in case.assignments:
            if part.state is AssignmentState.REPORTED:
                await ask_verification(uow, district, case, part, now=now)
    for part in case.assignments:
        mine = routing.covering_codes(district.catalogue, part.assignee.code) & units
        if mine and part.is_open and ticket.sensitivity is Sensitivity.SENSITIVE and after.private_chat_id:
            await uow.cards.want(assignment_subject(part.id), after.private_chat_id, Face.DETAIL, at=now)
    await raise_cards(uow, case)


async def open_cases(uow: UnitOfWork, district: District, person_id: int, grants: Sequence[Grant]) -> list[Ticket]:
    """What is open for somebody with these roles: his unit's, his street's as its officer, his own reports."""
    units = [g.of for g in grants if g.role not in CALLING and g.of != "hub"]
    found: dict[int, Ticket] = {}
    for part in await open_here(uow, district, units) if units else ():
        ticket = await uow.tickets.get(part.ticket_id)
        if ticket is not None:
            found[ticket.id] = ticket
    streets = {g.of for g in grants if g.role is Role.STREET_OFFICER}
    calls = list(await uow.tickets.open_in(streets=streets)) if streets else []
    if any(grant.role in CALLING for grant in grants):
        calls += await uow.tickets.of_person(person_id, limit=MOST_REPORTS)
    found |= {t.id: t for t in calls if t.ending is None and (t.reporter_id == person_id or t.street in streets)}
    return list(found.values())


async def _begin_or_wait(uow: UnitOfWork, district: District, asked: Handover, *, now: datetime) -> None:
    """The deputy's roles begin with the first day."""
    assert asked.first is not None and asked.to_id is not None
    if district.day(now) >= asked.first:
        for grant in _granted(asked):
            await uow.people.grant(asked.to_id, grant, at=now, by=asked.from_id)
    await _wait(uow, district, asked, now=now)


async def _wait(uow: UnitOfWork, district: District, asked: Handover, *, now: datetime) -> None:
    """For the first day, while nobody has accepted for the eve of it; then for the end."""
    assert asked.first is not None and asked.last is not None
    first = _start_of(district, asked.first) if asked.accepted_at else _accepted_by(district, asked)
    at = first if now < first else _start_of(district, asked.last + ONE_DAY)
    await uow.dues.put(handover_subject(asked.id), DueKind.HANDOVER, at)


def _accepted_by(district: District, asked: Handover) -> datetime:
    assert asked.first is not None
    return max(_start_of(district, asked.first) - EVE, asked.asked_at + TIME_TO_ACCEPT)


async def turn_of_leave(uow: UnitOfWork, district: District, row: DueRow, now: datetime) -> None:
    """A leave begins and nobody has accepted, its first day has come, or its last is over: the deputy's roles end."""
    asked = await uow.handovers.get(row.subject.id, for_update=True)
    if asked is None or asked.ended_at is not None or asked.last is None:
        return
    if district.day(now) > asked.last:
        asked.ended_at = now
        await uow.handovers.save(asked)
        for grant in _granted(asked) if asked.to_id else ():
            await uow.people.revoke(asked.to_id or 0, grant, at=now)
    elif asked.accepted_at is not None:
        await _begin_or_wait(uow, district, asked, now=now)
    else:
        if now >= _accepted_by(district, asked):
            await _tell_unaccepted(uow, district, asked, now=now)
        await _wait(uow, district, asked, now=now)


async def _tell_unaccepted(uow: UnitOfWork, district: District, asked: Handover, *, now: datetime) -> None:
    """Who goes away can still find another; where he is the only one, the hub too."""
    assert asked.first is not None and asked.last is not None
    begins = max(now, _start_of(district, asked.first))
    away = await uow.people.get(asked.from_id)
    alone = asked.of != "hub" and not await on_duty(uow, district, asked.of, begins)
    params = {
        "name": away.name if away else "",
        "successor": asked.to_name,
        "party": district.catalogue.party_name(asked.of) if asked.of != "hub" else asked.of,
        "alone": alone,
        **shown(district, Spell(asked.first, asked.last)),
    }
    key = f"leave:{asked.id}:unaccepted"
    if away is not None and away.reachable and away.private_chat_id:
        message = Outgoing(
            kind="leave-unaccepted",
            chat_id=away.private_chat_id,
            params=params,
            subject=handover_subject(asked.id),
            priority=Priority.REMINDER,
            locale=away.locale,
            dedupe_key=key,
        )
        await tell_by_clock(uow, district, message, now=now, told_at=district.rings_next(now))
    if alone:
        await tell_hub(uow, district, "leave-alone", params, now=now, priority=Priority.REMINDER, dedupe_key=key)


def _granted(asked: Handover) -> list[Grant]:
    pairs = (words.partition(":") for words in asked.granted)
    return [Grant(Role(role), of) for role, _, of in pairs]


def _start_of(district: District, day: date) -> datetime:
    return district.calendar.whole_day(day).start
