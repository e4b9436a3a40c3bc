"""A leader's digest (text 5b): only what he is to decide, with a proposal and buttons; the week in four numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.district import District
from bot.application.people.leaders import with_streets
from bot.application.ports import UnitOfWork
from bot.application.records import BY_SILENCE, Button, Figures, Subject, SubjectKind
from bot.application.views.others import to_release, to_start
from bot.application.views.referrals import candidates
from bot.application.views.view import View, rows, shown_place
from bot.application.ways.refer_up import referral_subject
from bot.domain import digest
from bot.domain.people import Grant, Person, Role
from bot.domain.permissions import Action
from bot.domain.ticket import Sensitivity, Ticket
from bot.domain.work_calendar import ONE_DAY

LEADERS = frozenset({Role.DEPARTMENT_LEADER, Role.DISTRICT_LEADER, Role.STREET_OFFICER, Role.DELEGATE})
LISTED = 4
NOTHING = Figures(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide: `kind` names its sentence (`decision-KIND`), `proposal` what somebody suggests."""

    kind: str
    code: str
    item_name: str
    place: str
    proposal: str = ""
    since_at: datetime | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(slots=True)
class Decisions:
    """What waits for one person; `together` are buttons that decide several at once."""

    found: list[Decision] = field(default_factory=list)
    together: list[Button] = field(default_factory=list)


Finder = Callable[[UnitOfWork, District, Person, Decisions], Awaitable[None]]


async def _releases(uow: UnitOfWork, district: District, person: Person, into: Decisions) -> None:
    waiting = await to_release(uow, district, person.id)
    into.found += [
        Decision("release", t.code, t.item_name, shown_place(district, t), part.report_text, part.last_moved_at)
        for part, t in waiting
        if t.sensitivity is not Sensitivity.SENSITIVE
    ]
    if waiting:
        subject = Subject(SubjectKind.PERSON, person.id)
        into.together.append(Button("button-release-all", Action.RELEASE, subject, arg="all"))
        into.together.append(Button("button-each", Action.RELEASE, subject, arg="each"))


async def _starts(uow: UnitOfWork, district: District, person: Person, into: Decisions) -> None:
    waiting: Sequence[Ticket] = await to_start(uow, district, person.id)
    into.found += [
        Decision("start", t.code, t.item_name, shown_place(district, t), since_at=t.created_at)
        for t in waiting
        if t.sensitivity is not Sensitivity.SENSITIVE
    ]
    if waiting:
        subject = Subject(SubjectKind.PERSON, person.id)
        into.together.append(Button("button-start-all", Action.START_ALL, subject))
        into.together.append(Button("button-each", Action.START, subject, arg="each"))


async def _referrals(uow: UnitOfWork, district: District, person: Person, into: Decisions) -> None:
    """What streets laid before him, with their proposal."""
    for referral in await uow.referrals.waiting_for(person.id):
        ticket = await uow.tickets.get(referral.ticket_id)
        if ticket is None or ticket.ending is not None or ticket.sensitivity is Sensitivity.SENSITIVE:
            continue
        subject = referral_subject(referral.id)
        units = candidates(district, referral, ticket)
        proposal = referral.proposal or (units[0][1] if units else "")
        buttons = [Button("button-meet-one", Action.ORDER, subject, arg="meet", params={"code": ticket.code})]
        buttons.append(Button("button-say-one", Action.ORDER, subject, arg="say", params={"code": ticket.code}))
        if units:
            params = {"code": ticket.code, "name": units[0][1]}
            buttons.insert(
                0, Button("button-agree-one", Action.ORDER, subject, arg=f"to:{units[0][0].code}", params=params)
            )
        place = shown_place(district, ticket)
        into.found.append(
            Decision("referral", ticket.code, ticket.item_name, place, proposal, referral.prepared_at, tuple(buttons))
        )


FINDERS: tuple[Finder, ...] = (_referrals, _releases, _starts)
"""Where decisions come from; who adds a kind adds its finder and its sentence."""


async def leader_digest(
    uow: UnitOfWork, district: District, person: Person, *, now: datetime, summary: bool
) -> View | None:
    """What he is to decide; the week where nothing is and `summary` asks for it; else None."""
    waiting = Decisions()
    for find in FINDERS:
        await find(uow, district, person, waiting)
    figures = await week_of(uow, district, person, now=now)
    if not waiting.found and (not summary or figures == NOTHING):
        return None
    cases = [
        {
            "kind": each.kind,
            "code": each.code,
            "item_name": each.item_name,
            "place": each.place,
            "proposal": each.proposal,
            "since_at": each.since_at.isoformat() if each.since_at else None,
        }
        for each in waiting.found[:LISTED]
    ]
    params = {
        "name": person.name,
        "count": len(waiting.found),
        "decisions": cases,
        "kept": figures.kept,
        "called": figures.called,
        "closed": figures.closed,
        "overdue": figures.overdue,
        "left_unsigned": await uow.settings.get(BY_SILENCE.format(person.id)) or 0,
    }
    single = [each.buttons for each in waiting.found[:LISTED]]
    together = waiting.together
    pairs = [together[number : number + 2] for number in range(0, len(together), 2)]
    return View("digest-leader", params, rows(*single, *pairs), locale=person.locale)


async def week_of(uow: UnitOfWork, district: District, person: Person, *, now: datetime) -> Figures:
    """This week's figures of all that he answers for."""
    grants = with_streets(district, person, await uow.people.grants(person.id))
    streets, units = _streets(grants), _units(district, grants)
    if not streets and not units:
        return NOTHING
    calendar, today = district.calendar, district.day(now)
    since = calendar.whole_day(today - today.weekday() * ONE_DAY).start
    return await uow.tickets.figures(streets=streets, units=units, since=since, now=now)


def _streets(grants: frozenset[Grant]) -> frozenset[str]:
    return frozenset(g.of for g in grants if g.role in {Role.DISTRICT_LEADER, Role.STREET_OFFICER} and g.of != "hub")


def _units(district: District, grants: frozenset[Grant]) -> frozenset[str]:
    codes = {g.of for g in grants if g.role in {Role.DEPARTMENT_LEADER, Role.DELEGATE}}
    units = district.catalogue.units.values()
    return frozenset(u.code for u in units if codes & {u.code, u.department}) | codes


def is_summary(district: District, moment: datetime) -> bool:
    """Whether the week is summed up then."""
    local = district.local(moment)
    return local.time() == district.rules.leader_summary_at


def next_leader_moment(district: District, after: datetime) -> datetime | None:
    """The next morning that may bring decisions, or the next end of a week."""
    rules, calendar = district.rules, district.calendar
    morning = digest.next_moment(calendar, (rules.leader_digest_at,), after)
    day = district.day(after)
    for number in range(digest.LOOK_AHEAD):
        if digest.is_last_working_day_of_the_week(calendar, day + number * ONE_DAY):
            end = calendar.at(day + number * ONE_DAY, rules.leader_summary_at)
            if end > after:
                return min(moment for moment in (morning, end) if moment is not None)
    return morning
