"""What `/why` is told: an unbroken row of intervals with their reasons, merged over days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar_files import default_calendar
from bot.domain.deadlines import Due, Pause, Reason, due_at
from bot.domain.limits import LimitUnit, parse_limit
from bot.domain.work_calendar import DISTRICT_ZONE, Override

Row = tuple[str, str, str, str]
FIRST = datetime(2025, 12, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """A local moment of 2026 as `11-18T10:00`."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=DISTRICT_ZONE)


def rows(found: Due) -> list[Row]:
    """The intervals as sign and reason, name, from and to."""
    return [
        (
            ("+" if interval.counts else "-") + interval.reason,
            interval.name,
            f"{interval.start:%m-%dT%H:%M}",
            f"{interval.end:%m-%dT%H:%M}" if interval.end else "",
        )
        for interval in found.intervals
    ]


def test_working_days_over_national_day_are_told_by_days() -> None:
    assert rows(due_at(at("09-30T16:20"), parse_limit("3工作日"), default_calendar())) == [
        ("-start_day", "", "09-30T16:20", "10-01T00:00"),
        ("-holiday", "国庆节", "10-01T00:00", "10-08T00:00"),
        ("+office", "", "10-08T00:00", "10-10T00:00"),
        ("+make_up", "国庆节", "10-10T00:00", "10-10T17:00"),
    ]


def test_working_hours_are_told_by_office_hours() -> None:
    assert rows(due_at(at("11-19T16:00"), parse_limit("9工作时"), default_calendar())) == [
        ("+office", "", "11-19T16:00", "11-19T17:00"),
        ("-night", "", "11-19T17:00", "11-20T09:00"),
        ("+office", "", "11-20T09:00", "11-20T12:00"),
        ("-lunch", "", "11-20T12:00", "11-20T13:00"),
        ("+office", "", "11-20T13:00", "11-20T17:00"),
        ("-night", "", "11-20T17:00", "11-21T00:00"),
        ("-weekend", "", "11-21T00:00", "11-23T00:00"),
        ("-night", "", "11-23T00:00", "11-23T09:00"),
        ("+office", "", "11-23T09:00", "11-23T10:00"),
    ]


def test_what_runs_on_is_one_interval_but_for_its_pauses() -> None:
    calendar = default_calendar()
    pause = Pause(at("10-01T00:00"), at("10-01T02:00"))
    assert rows(due_at(at("09-30T23:30"), parse_limit("1紧急工作时"), calendar, [pause])) == [
        ("+running", "", "09-30T23:30", "10-01T00:00"),
        ("-paused", "", "10-01T00:00", "10-01T02:00"),
        ("+running", "", "10-01T02:00", "10-01T02:30"),
    ]


def test_a_pause_is_one_interval_whatever_it_covers() -> None:
    pause = Pause(at("11-20T16:00"), at("11-23T10:00"))
    assert rows(due_at(at("11-19T10:00"), parse_limit("2工作日"), default_calendar(), [pause])) == [
        ("-start_day", "", "11-19T10:00", "11-20T00:00"),
        ("+office", "", "11-20T00:00", "11-20T16:00"),
        ("-paused", "", "11-20T16:00", "11-23T10:00"),
        ("+office", "", "11-23T10:00", "11-24T11:00"),
    ]


def test_an_open_pause_is_the_last_interval_and_has_no_end() -> None:
    pause = Pause(at("11-20T10:00"))
    assert rows(due_at(at("11-20T09:00"), parse_limit("2工作时"), default_calendar(), [pause])) == [
        ("+office", "", "11-20T09:00", "11-20T10:00"),
        ("-paused", "", "11-20T10:00", ""),
    ]


def test_law_and_the_districts_own_word_are_named() -> None:
    calendar = default_calendar(overrides=[Override(date(2027, 1, 4), False, "停电")])
    start = datetime(2026, 12, 31, 16, tzinfo=DISTRICT_ZONE)
    assert [row[:2] for row in rows(due_at(start, parse_limit("1工作日"), calendar))] == [
        ("-start_day", ""),
        ("-statutory", "元旦"),
        ("-weekend", ""),
        ("-override", "停电"),
        ("+office", ""),
    ]


@pytest.mark.parametrize("unit", LimitUnit)
@given(
    start=st.integers(0, 450 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    amount=st.integers(1, 12),
    gaps=st.lists(st.tuples(st.integers(-2000, 20000), st.integers(0, 9000)), max_size=3),
)
def test_intervals_leave_no_gap_and_hold_the_whole_limit(
    unit: LimitUnit, start: datetime, amount: int, gaps: list[tuple[int, int]]
) -> None:
    pauses = [
        Pause(start + timedelta(minutes=after), start + timedelta(minutes=after + length)) for after, length in gaps
    ]
    found = due_at(start, parse_limit(f"{amount}{unit}"), default_calendar(), pauses)
    assert found.intervals[0].start == start
    assert found.intervals[-1].end == found.due_at
    for before, after in pairwise(found.intervals):
        assert before.end == after.start
        assert (before.counts, before.reason, before.name) != (after.counts, after.reason, after.name)
    assert all(interval.start < interval.end for interval in found.intervals if interval.end)
    assert not any(interval.counts and interval.reason is Reason.PAUSED for interval in found.intervals)
    if unit.is_hours:
        spent = sum(
            (interval.end - interval.start for interval in found.intervals if interval.counts and interval.end),
            timedelta(0),
        )
        assert spent == timedelta(hours=amount)
