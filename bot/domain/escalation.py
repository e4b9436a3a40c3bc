"""Ladders: when whoever owes something is reminded, and when a superior hears of it, never unannounced.

A ladder is config's, copied onto the assignment at dispatch. `next_step` decides and does nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from bot.domain import deadlines
from bot.domain.deadlines import Pause
from bot.domain.errors import Refusal
from bot.domain.limits import Limit, LimitUnit, parse_limit
from bot.domain.work_calendar import ONE_DAY, WorkCalendar, in_utc

AT_DUE = "due"
FROM_START = "start+"
NOTICE = "notice:"
ONE_HOUR = Decimal(1)
SLACK = timedelta(minutes=10)
"""An announcement that was late by no more than this, or a quarter of its lead, was in time."""


class Tells(StrEnum):
    """Whom a step tells."""

    LIAISON = "liaison"
    OFFICER = "officer"
    DEPUTY = "deputy"
    CALLER = "caller"
    DECIDER = "decider"
    DISPATCHER = "dispatcher"
    DEPARTMENT_LEADER = "department_leader"
    HUB = "hub"
    DISTRICT_LEADER = "district_leader"
    AUTHOR = "author"
    COMMUNITY = "community"
    ASKER = "asker"
    LEADER = "leader"


SUPERIORS = frozenset({Tells.DEPARTMENT_LEADER, Tells.HUB, Tells.DISTRICT_LEADER})
"""Who is told only after the liaison was told that it would happen."""


class InvalidRung(ValueError):
    """`at` is none of `50%`, `start+1工作时`, `due` and a limit after it."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: `at` is a share of the counted time (`80%`), `due`, or a limit after it (`4工作时`).

    Or so long after the clock began (`start+4工作时`), with times of the day the next of these (`start+4工作时 17:00`).
    """

    name: str
    at: str
    tells: tuple[Tells, ...]

    def __post_init__(self) -> None:
        if self.share is None and self.at != AT_DUE:
            try:
                parse_limit(self.after_start or self.at)
                _ = self.times
            except (Refusal, ValueError):
                raise InvalidRung(self.at) from None

    @property
    def share(self) -> Decimal | None:
        """The share of the counted time, if the step is before the deadline."""
        if not self.at.endswith("%") or not self.at[:-1].isdigit():
            return None
        share = Decimal(self.at[:-1]) / 100
        return share if 0 < share < 1 else None

    @property
    def after_start(self) -> str:
        """How long after the clock began, if the step is measured from there."""
        first, _, _ = self.at.partition(" ")
        return first.removeprefix(FROM_START) if first.startswith(FROM_START) else ""

    @property
    def times(self) -> tuple[time, ...]:
        """The times of the day it waits for then."""
        _, _, rest = self.at.partition(" ")
        return tuple(sorted(time.fromisoformat(word) for word in rest.split())) if self.after_start else ()

    @property
    def comes_before(self) -> bool:
        """Whether it makes sense only before the deadline."""
        return self.share is not None or bool(self.after_start)

    @property
    def tells_superior(self) -> bool:
        """Whether it needs an announcement."""
        return bool(SUPERIORS & set(self.tells))


Ladder = Sequence[Rung]


def as_rows(ladders: Mapping[str, Ladder]) -> list[dict[str, object]]:
    """The ladders as they are copied onto an assignment, by the clock they belong to."""
    return [
        {"clock": clock, "name": rung.name, "at": rung.at, "tells": [str(each) for each in rung.tells]}
        for clock, ladder in ladders.items()
        for rung in ladder
    ]


def of_clock(rows: Iterable[Mapping[str, object]], clock: str) -> list[Rung]:
    """The inverse, for one clock."""
    return [_rung(str(row["name"]), str(row["at"]), _words(row["tells"])) for row in rows if row["clock"] == clock]


def _words(stored: object) -> tuple[str, ...]:
    return tuple(str(each) for each in stored) if isinstance(stored, list) else ()


@lru_cache(maxsize=512)
def _rung(name: str, at: str, tells: tuple[str, ...]) -> Rung:
    return Rung(name, at, tuple(Tells(each) for each in tells))


@dataclass(frozen=True, slots=True)
class RunningClock:
    """What a ladder is measured by: the limit has its extensions in it. No deadline: it stands still for now."""

    start: datetime
    limit: Limit
    due_at: datetime | None
    pauses: tuple[Pause, ...] = ()

    @property
    def runs_on(self) -> bool:
        """Whether it runs through nights and holidays."""
        return self.limit.unit is LimitUnit.RUNNING_HOURS


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken for that deadline; `told_at` is when people could read it."""

    step: str
    deadline: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step and its moment; `announced` is when the liaison was told that it would come."""

    step: str
    at: datetime
    rung: Rung
    is_notice: bool = False
    announced: datetime | None = None


def next_step(
    ladder: Ladder,
    clock: RunningClock,
    taken: Collection[Taken],
    calendar: WorkCalendar,
    *,
    now: datetime,
    last_progress_at: datetime | None = None,
    urgent: bool = False,
) -> Decision | None:
    """The earliest step not yet taken, which may lie ahead; None if the ladder has ended or its clock stands still.

    Superiors are told one after the other, each one counted hour after the announcement; `urgent` needs none.
    """
    if clock.due_at is None:
        return None
    found = [*_reminders(ladder, clock, taken, calendar, now=now, last_progress_at=last_progress_at, urgent=urgent)]
    superior = _next_superior(ladder, clock, taken, calendar, urgent=urgent)
    if superior is not None:
        found.append(superior)
    return min(found, key=lambda decision: in_utc(decision.at), default=None)


def _reminders(
    ladder: Ladder,
    clock: RunningClock,
    taken: Collection[Taken],
    calendar: WorkCalendar,
    *,
    now: datetime,
    last_progress_at: datetime | None,
    urgent: bool,
) -> Iterator[Decision]:
    assert clock.due_at is not None
    done = {each.step for each in taken}
    quiet = quiet_until(clock, last_progress_at)
    first = None if urgent else next((rung for rung in ladder if rung.tells_superior), None)
    notice = announced_at(moment_of(first, clock, calendar), clock, calendar) if first else None
    for rung in ladder:
        if rung.tells_superior or rung.name in done:
            continue
        at = moment_of(rung, clock, calendar)
        is_quiet = quiet is not None and last_progress_at is not None and last_progress_at <= at < quiet
        is_past = rung.comes_before and at < now and clock.due_at <= now
        reminds = notice is None or at < notice  # from then on the announcement itself is the reminder
        if reminds and not is_quiet and not is_past:
            yield Decision(rung.name, at, rung)


def quiet_until(clock: RunningClock, last_progress_at: datetime | None) -> datetime | None:
    """A word of progress quiets reminders for half of the time that is left, and moves no deadline."""
    if last_progress_at is None or clock.due_at is None or last_progress_at >= clock.due_at:
        return None
    return last_progress_at + (clock.due_at - last_progress_at) / 2


def _next_superior(
    ladder: Ladder, clock: RunningClock, taken: Collection[Taken], calendar: WorkCalendar, *, urgent: bool
) -> Decision | None:
    own = {each.step: each.told_at for each in taken if each.deadline == clock.due_at}
    for rung in ladder:
        if not rung.tells_superior or rung.name in own:
            continue
        at = moment_of(rung, clock, calendar)
        if urgent:
            return Decision(rung.name, at, rung)
        notice_at = announced_at(at, clock, calendar)
        told = own.get(NOTICE + rung.name)
        if told is None:
            return Decision(NOTICE + rung.name, notice_at, rung, is_notice=True)
        lead = at - notice_at
        in_time = told <= notice_at + min(SLACK, lead / 4)
        reached = at if in_time else max(at, _a_lead_after(told, lead, clock, calendar))
        return Decision(rung.name, reached, rung, announced=told)
    return None


def moment_of(rung: Rung, clock: RunningClock, calendar: WorkCalendar) -> datetime:
    """When the rung is reached if nothing holds it up."""
    assert clock.due_at is not None
    if rung.share is not None:
        at = deadlines.moment_at_fraction(clock.start, clock.limit, calendar, rung.share, clock.pauses)
        return at or clock.due_at
    if rung.after_start:
        at = after(clock.start, rung.after_start, clock, calendar)
        return _next_of(rung.times, at, calendar) if rung.times else at
    return clock.due_at if rung.at == AT_DUE else after(clock.due_at, rung.at, clock, calendar)


def _next_of(times: Sequence[time], moment: datetime, calendar: WorkCalendar) -> datetime:
    """The first of these times on the rest of that day; where none is left, when offices open on the next."""
    day = calendar.local_date(moment)
    left = [at for at in (calendar.at(day, each) for each in times) if at > moment]
    return left[0] if left else calendar.at(day + ONE_DAY, calendar.office[0].opens)


def after(moment: datetime, limit: str, clock: RunningClock, calendar: WorkCalendar) -> datetime:
    """So much later; for a clock that runs on in running hours, a working day being as long as the office is open."""
    wanted = parse_limit(limit)
    if clock.runs_on:
        hours = wanted.value if wanted.unit.is_hours else wanted.value * _office_hours(calendar)
        return deadlines.add_counted(moment, hours, LimitUnit.RUNNING_HOURS, calendar)
    due = deadlines.due_at(moment, wanted, calendar).due_at
    assert due is not None
    return due


def _office_hours(calendar: WorkCalendar) -> Decimal:
    minutes = sum(
        (p.closes.hour * 60 + p.closes.minute) - (p.opens.hour * 60 + p.opens.minute) for p in calendar.office
    )
    return Decimal(minutes) / 60


def announced_at(at: datetime, clock: RunningClock, calendar: WorkCalendar) -> datetime:
    """One counted hour before; half-way from the start where the clock is shorter than that."""
    before = deadlines.counted_before(at, ONE_HOUR, _lead_unit(clock), calendar)
    return before if before > clock.start else clock.start + (at - clock.start) / 2


def _a_lead_after(told: datetime, lead: timedelta, clock: RunningClock, calendar: WorkCalendar) -> datetime:
    hour = deadlines.add_counted(told, ONE_HOUR, _lead_unit(clock), calendar)
    return min(hour, told + lead) if lead < timedelta(hours=1) else hour


def _lead_unit(clock: RunningClock) -> LimitUnit:
    return LimitUnit.RUNNING_HOURS if clock.runs_on else LimitUnit.WORKING_HOURS
