"""Ladders: what comes when, and that nobody's superior hears of anything before he was told that it would happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar_files import default_calendar
from bot.domain import deadlines
from bot.domain.escalation import (
    NOTICE,
    Decision,
    InvalidRung,
    Rung,
    RunningClock,
    Taken,
    Tells,
    as_rows,
    next_step,
    of_clock,
    quiet_until,
)
from bot.domain.limits import Limit, LimitUnit, parse_limit
from bot.domain.work_calendar import DISTRICT_ZONE

CALENDAR = default_calendar()
MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
LADDER = (
    Rung("half", "50%", (Tells.LIAISON,)),
    Rung("late", "80%", (Tells.LIAISON,)),
    Rung("due", "due", (Tells.DEPUTY, Tells.DEPARTMENT_LEADER)),
    Rung("hub", "4工作时", (Tells.HUB,)),
    Rung("district", "1工作日", (Tells.DISTRICT_LEADER,)),
)


def clock(start: str, limit: str, extension: str = "") -> RunningClock:
    whole = parse_limit(limit) + parse_limit(extension) if extension else parse_limit(limit)
    begun = datetime.fromisoformat(start).replace(tzinfo=DISTRICT_ZONE)
    return RunningClock(begun, whole, deadlines.due_at(begun, whole, CALENDAR).due_at)


def story(running: RunningClock, *, urgent: bool = False, progress: datetime | None = None) -> list[str]:
    """Every step at its moment, if the scan is always there."""
    taken: list[Taken] = []
    told = []
    while step := next_step(
        LADDER, running, taken, CALENDAR, now=running.start, last_progress_at=progress, urgent=urgent
    ):
        assert running.due_at is not None
        taken.append(Taken(step.step, running.due_at, step.at))
        told.append(f"{step.at.astimezone(DISTRICT_ZONE):%m-%d %H:%M} {step.step}")
    return told


def test_a_working_day_limit_over_a_weekend() -> None:
    assert story(clock("2026-11-26T10:00", "2工作日")) == [
        "11-27 14:00 half",
        "11-30 12:00 late",
        "11-30 16:00 notice:due",
        "11-30 17:00 due",
        "12-01 13:00 notice:hub",
        "12-01 14:00 hub",
        "12-01 16:00 notice:district",
        "12-01 17:00 district",
    ]


def test_a_clock_that_runs_on_counts_running_hours_at_night() -> None:
    assert story(clock("2026-11-27T22:00", "2紧急工作时")) == [
        "11-27 23:00 notice:due",
        "11-28 00:00 due",
        "11-28 03:00 notice:hub",
        "11-28 04:00 hub",
        "11-28 06:00 notice:district",
        "11-28 07:00 district",
    ]


def test_a_clock_shorter_than_an_hour_is_announced_half_way() -> None:
    assert story(clock("2026-11-27T22:00", "0.5紧急工作时"))[:2] == [
        "11-27 22:15 notice:due",
        "11-27 22:30 due",
    ]


def test_an_emergency_needs_no_announcement() -> None:
    assert not any(NOTICE in line for line in story(clock("2026-11-27T22:00", "2紧急工作时"), urgent=True))


def test_progress_quiets_reminders_for_half_the_time_left_and_moves_nothing() -> None:
    running = clock("2026-11-27T22:00", "10紧急工作时")
    assert story(running)[:3] == ["11-28 03:00 half", "11-28 06:00 late", "11-28 07:00 notice:due"]
    progress = running.start + timedelta(hours=4, minutes=50)
    assert quiet_until(running, progress) == running.start + timedelta(hours=7, minutes=25)
    assert story(running, progress=progress)[:3] == ["11-28 06:00 late", "11-28 07:00 notice:due", "11-28 08:00 due"]


def test_after_an_extension_what_was_announced_is_announced_again() -> None:
    before, later = clock("2026-11-27T09:00", "4工作时"), clock("2026-11-27T09:00", "4工作时", "2工作时")
    assert before.due_at is not None
    taken = [Taken("half", before.due_at, before.start), Taken(NOTICE + "due", before.due_at, before.start)]
    now = before.start + timedelta(hours=3)
    step = next_step([LADDER[0], *LADDER[2:]], later, taken, CALENDAR, now=now)
    assert step is not None and step.step == NOTICE + "due"
    assert f"{step.at.astimezone(DISTRICT_ZONE):%H:%M}" == "15:00"


def test_a_clock_that_stands_still_and_a_ladder_that_ended_have_no_step() -> None:
    still = RunningClock(datetime(2026, 11, 27, tzinfo=UTC), parse_limit("2工作日"), None)
    assert next_step(LADDER, still, [], CALENDAR, now=still.start) is None
    assert next_step([], clock("2026-11-27T09:00", "4工作时"), [], CALENDAR, now=still.start) is None


@pytest.mark.parametrize("at", ["", "0%", "100%", "101%", "half", "4", "工作时"])
def test_a_rung_that_says_no_moment(at: str) -> None:
    with pytest.raises(InvalidRung):
        Rung("x", at, ())


def test_a_ladder_is_copied_and_read_back() -> None:
    rows = as_rows({"handle": LADDER, "sign": LADDER[:1]})
    assert tuple(of_clock(rows, "handle")) == LADDER and tuple(of_clock(rows, "sign")) == LADDER[:1]


@dataclass
class History:
    """An assignment's life as the scan sees it: taken steps, progress, extensions, times when nobody scanned."""

    running: RunningClock
    now: datetime
    taken: list[Taken] = field(default_factory=list)
    progress: datetime | None = None
    told: list[tuple[Decision, datetime, datetime]] = field(default_factory=list)

    def scan(self, held: timedelta) -> None:
        """Takes what is due; what it says can be read after `held`."""
        while True:
            step = next_step(LADDER, self.running, self.taken, CALENDAR, now=self.now, last_progress_at=self.progress)
            if step is None or step.at > self.now:
                return
            assert self.running.due_at is not None
            self.taken.append(Taken(step.step, self.running.due_at, self.now + held))
            self.told.append((step, self.running.due_at, self.now))

    def extend(self, amount: Decimal) -> None:
        """More time is granted."""
        limit = self.running.limit + Limit(amount, self.running.limit.unit)
        due = deadlines.due_at(self.running.start, limit, CALENDAR, self.running.pauses).due_at
        self.running = RunningClock(self.running.start, limit, due)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["0.5紧急工作时", "2紧急工作时", "4工作时", "2工作日", "3自然日"]),
    st.integers(0, 60 * 24 * 14),
    st.lists(
        st.tuples(st.sampled_from(["scan", "scan", "scan", "progress", "extend", "held"]), st.integers(1, 60 * 30)),
        min_size=5,
        max_size=40,
    ),
)
def test_no_superior_hears_of_it_before_the_liaison(limit: str, offset: int, acts: list[tuple[str, int]]) -> None:
    start = datetime(2026, 9, 28, tzinfo=UTC) + timedelta(minutes=offset)
    whole = parse_limit(limit)
    life = History(RunningClock(start, whole, deadlines.due_at(start, whole, CALENDAR).due_at), start)
    for act, minutes in acts:
        life.now += timedelta(minutes=minutes)
        if act == "progress":
            life.progress = life.now
        elif act == "extend" and life.running.due_at is not None and life.now <= life.running.due_at:
            life.extend(Decimal(1))
        life.scan(timedelta(minutes=7 if act == "held" else 0))
    seen: dict[tuple[str, datetime], datetime] = {}
    for taken in life.taken:
        assert (taken.step, taken.deadline) not in seen, "each step once for each deadline"
        seen[taken.step, taken.deadline] = taken.told_at
    shortest = min(timedelta(hours=1), (life.running.due_at - start) / 2)  # type: ignore[operator]
    for step, deadline, told_at in life.told:
        if step.rung.tells_superior and not step.is_notice:
            announced = seen[NOTICE + step.step, deadline]
            assert announced < told_at and told_at - announced >= min(shortest, timedelta(minutes=15))
    assert not {each.rung.name for each, _, at in life.told if at < each.at}


def test_units_are_all_covered() -> None:
    assert {parse_limit(each).unit for each in ("1紧急工作时", "1工作时", "1工作日", "1自然日")} == set(LimitUnit)


@pytest.mark.parametrize(
    ("at", "begun", "reached"),
    [
        ("start+0.5紧急工作时", "2026-11-23T16:45", "11-23 17:15"),
        ("start+0.5紧急工作时 17:00 20:30", "2026-11-23T10:00", "11-23 17:00"),
        ("start+0.5紧急工作时 20:30 17:00", "2026-11-23T16:45", "11-23 20:30"),
        ("start+0.5紧急工作时 17:00 20:30", "2026-11-23T20:00", "11-24 09:00"),
        ("start+0.5紧急工作时 17:00", "2026-11-23T23:50", "11-24 17:00"),
    ],
)
def test_a_step_counted_from_the_start(at: str, begun: str, reached: str) -> None:
    step = next_step((Rung("ask", at, (Tells.AUTHOR,)),), clock(begun, "24紧急工作时"), (), CALENDAR, now=MIDNIGHT)
    assert step is not None and f"{step.at.astimezone(DISTRICT_ZONE):%m-%d %H:%M}" == reached


def test_a_step_counted_from_the_start_in_working_hours() -> None:
    running = clock("2026-11-23T16:00", "2工作日")
    step = next_step((Rung("ask", "start+2工作时", (Tells.AUTHOR,)),), running, (), CALENDAR, now=running.start)
    assert step is not None and f"{step.at.astimezone(DISTRICT_ZONE):%m-%d %H:%M}" == "11-24 10:00"


def test_a_step_counted_from_the_start_is_left_out_once_it_is_due() -> None:
    ladder = (Rung("ask", "start+1工作时", (Tells.AUTHOR,)),)
    running = clock("2026-11-23T10:00", "2工作时")
    assert next_step(ladder, running, (), CALENDAR, now=running.start + timedelta(hours=9)) is None


@pytest.mark.parametrize("at", ["start+", "start+3天", "start+1工作时 25:00", "start+1工作时 soon", "17:00"])
def test_what_is_no_moment_counted_from_the_start(at: str) -> None:
    with pytest.raises(InvalidRung):
        Rung("ask", at, (Tells.AUTHOR,))
