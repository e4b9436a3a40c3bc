"""Working days and why; years without a notice; office hours."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from bot.calendar_files import default_calendar
from bot.domain.holidays import BeyondCalendar, statutory_days
from bot.domain.work_calendar import (
    DISTRICT_ZONE,
    Day,
    DayKind,
    InvalidCalendar,
    NaiveMoment,
    NoticeDay,
    OfficePeriod,
    Override,
    PublishedYear,
    WorkCalendar,
    in_utc,
)


@pytest.mark.parametrize(
    ("day", "is_working", "kind", "name"),
    [
        (date(2026, 9, 30), True, DayKind.WORKDAY, ""),
        (date(2026, 10, 1), False, DayKind.HOLIDAY, "国庆节"),
        (date(2026, 10, 3), False, DayKind.HOLIDAY, "国庆节"),
        (date(2026, 10, 10), True, DayKind.MAKE_UP, "国庆节"),
        (date(2026, 10, 11), False, DayKind.WEEKEND, ""),
        (date(2026, 2, 28), True, DayKind.MAKE_UP, "春节"),
        (date(2027, 2, 5), False, DayKind.STATUTORY, "春节"),
        (date(2027, 5, 1), False, DayKind.STATUTORY, "劳动节"),
        (date(2027, 5, 3), True, DayKind.WORKDAY, ""),
        (date(2027, 10, 9), False, DayKind.WEEKEND, ""),
        (date(2027, 10, 4), True, DayKind.WORKDAY, ""),
    ],
)
def test_a_day_says_why(day: date, is_working: bool, kind: DayKind, name: str) -> None:
    calendar = default_calendar()
    assert calendar.day(day) == Day(day, is_working, kind, name)
    assert calendar.is_working_day(day) is is_working


def test_an_override_stands_above_notice_and_law() -> None:
    calendar = default_calendar(
        overrides=[Override(date(2026, 10, 8), False, "停电"), Override(date(2027, 1, 1), True, "值守")]
    )
    assert calendar.day(date(2026, 10, 8)) == Day(date(2026, 10, 8), False, DayKind.OVERRIDE, "停电")
    assert calendar.is_working_day(date(2027, 1, 1))


def test_a_notice_may_name_days_of_a_neighbouring_year() -> None:
    early = PublishedYear(2028, (NoticeDay(date(2027, 12, 31), "元旦", True),))
    calendar = WorkCalendar((early,))
    assert not calendar.is_working_day(date(2027, 12, 31))
    assert calendar.is_working_day(date(2027, 12, 30))
    assert calendar.is_published(2028)
    assert not calendar.is_published(2027)


def test_the_statutory_days_of_2027() -> None:
    expected = {
        "元旦": ["01-01"],
        "春节": ["02-05", "02-06", "02-07", "02-08"],
        "清明节": ["04-05"],
        "劳动节": ["05-01", "05-02"],
        "端午节": ["06-09"],
        "中秋节": ["09-15"],
        "国庆节": ["10-01", "10-02", "10-03"],
    }
    assert statutory_days(2027) == {
        date.fromisoformat(f"2027-{day}"): name for name, listed in expected.items() for day in listed
    }


def test_mid_autumn_within_national_day_shares_the_day() -> None:
    days = statutory_days(2028)
    assert days[date(2028, 10, 3)] == "国庆节、中秋节"
    assert len(days) == 12


@pytest.mark.parametrize("year", [2025, 2026])
def test_published_notices_confirm_the_statutory_days(year: int) -> None:
    calendar = default_calendar()
    assert len(statutory_days(year)) in (12, 13)
    for day, name in statutory_days(year).items():
        published = calendar.day(day)
        assert published.kind is DayKind.HOLIDAY
        assert published.name in name or name in published.name


def test_clear_and_bright_is_where_the_solar_term_is() -> None:
    for year in range(2025, 2051):
        (day,) = [day for day, name in statutory_days(year).items() if name == "清明节"]
        terms = {name: on for on, name in chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 30))}
        assert day == terms["清明"]


def _new_moon(months: int) -> datetime:
    """The new moon so many months after the first of 2000, by the main periodic terms (Meeus); good to minutes."""
    k, t = months, months / 1236.85
    sun, moon = 2.5534 + 29.10535670 * k, 201.5643 + 385.81693528 * k
    node = 160.7108 + 390.67050284 * k
    terms = (
        (-0.40720, moon),
        (0.17241, sun),
        (0.01608, 2 * moon),
        (0.01039, 2 * node),
        (0.00739, moon - sun),
        (-0.00514, moon + sun),
        (0.00208, 2 * sun),
        (-0.00111, moon - 2 * node),
        (-0.00057, moon + 2 * node),
        (0.00056, 2 * moon + sun),
    )
    mean = 5.09766 + 29.530588861 * k + 0.00015437 * t * t
    days = mean + sum(size * math.sin(math.radians(angle)) for size, angle in terms)
    return datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)


def test_lunar_days_stand_at_the_distance_of_their_number_from_a_new_moon() -> None:
    moons = [_new_moon(months) for months in range(300, 640)]
    quarter_hour = timedelta(minutes=15)
    for year in range(2025, 2051):
        days = statutory_days(year)
        first = min(day for day, name in days.items() if name == "春节") + timedelta(1)
        fifth = next(day for day, name in days.items() if name == "端午节")
        fifteenth = next(day for day, name in days.items() if "中秋节" in name)
        assert (first.month, fifth.month) in {(1, 5), (1, 6), (2, 5), (2, 6)}
        assert date(year, 9, 7) <= fifteenth <= date(year, 10, 8)
        for day in (first, fifth - timedelta(4), fifteenth - timedelta(14)):
            opens = datetime.combine(day, time(0), DISTRICT_ZONE)
            closes = opens + timedelta(1)
            assert any(opens - quarter_hour <= moon < closes + quarter_hour for moon in moons), day


@pytest.mark.parametrize("year", [2003, 2051])
def test_a_year_outside_every_table_is_refused(year: int) -> None:
    with pytest.raises(BeyondCalendar) as refused:
        default_calendar().is_working_day(date(year, 6, 1))
    assert refused.value.fields == {"year": year}


def test_office_spans_are_utc_and_only_on_working_days() -> None:
    calendar = default_calendar()
    spans = calendar.office_spans(date(2026, 10, 10))
    assert [(span.start.hour, span.end.hour) for span in spans] == [(1, 4), (5, 9)]
    assert spans[0].start == datetime(2026, 10, 10, 1, tzinfo=UTC)
    assert calendar.office_spans(date(2026, 10, 11)) == ()


def test_office_hours_are_local_over_a_change_of_the_clocks() -> None:
    paris = WorkCalendar(
        (PublishedYear(2026, ()),), office=(OfficePeriod(time(8), time(16)),), zone=ZoneInfo("Europe/Paris")
    )
    assert paris.office_spans(date(2026, 3, 27))[0].start == datetime(2026, 3, 27, 7, tzinfo=UTC)
    assert paris.office_spans(date(2026, 3, 30))[0].start == datetime(2026, 3, 30, 6, tzinfo=UTC)


def test_the_nth_working_day_skips_what_is_off() -> None:
    calendar = default_calendar()
    assert calendar.nth_working_day_after(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert calendar.nth_working_day_after(date(2026, 10, 3), 1) == date(2026, 10, 8)


@pytest.mark.parametrize(
    "office",
    [
        (),
        (OfficePeriod(time(12), time(9)),),
        (OfficePeriod(time(9), time(9)),),
        (OfficePeriod(time(13), time(17)), OfficePeriod(time(9), time(12))),
        (OfficePeriod(time(9), time(13)), OfficePeriod(time(12), time(17))),
    ],
)
def test_office_hours_that_contradict_themselves_are_refused(office: tuple[OfficePeriod, ...]) -> None:
    with pytest.raises(InvalidCalendar):
        WorkCalendar(office=office)


def test_a_year_or_a_day_given_twice_is_refused() -> None:
    with pytest.raises(InvalidCalendar):
        WorkCalendar((PublishedYear(2026, ()), PublishedYear(2026, ())))
    with pytest.raises(InvalidCalendar):
        WorkCalendar(overrides=(Override(date(2026, 1, 2), True), Override(date(2026, 1, 2), False)))


def test_calendars_are_values() -> None:
    used = default_calendar()
    used.office_spans(date(2026, 10, 8))
    assert used == default_calendar()
    assert hash(used) == hash(default_calendar())
    assert used != default_calendar(overrides=[Override(date(2026, 10, 8), False)])


def test_moments_need_a_zone_and_a_century_we_know() -> None:
    with pytest.raises(NaiveMoment):
        in_utc(datetime(2026, 11, 22, 9))  # noqa: DTZ001
    with pytest.raises(BeyondCalendar):
        in_utc(datetime(9999, 12, 31, 23, tzinfo=DISTRICT_ZONE))
