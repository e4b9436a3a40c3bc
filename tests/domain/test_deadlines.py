"""The counting rule on cases worked out by hand with the published notice of 2026."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.calendar_files import default_calendar
from bot.domain.deadlines import (
    Due,
    Pause,
    PauseInverted,
    add_counted,
    counted,
    counted_before,
    due_at,
    moment_at_fraction,
)
from bot.domain.limits import LimitUnit, UnitsDiffer, parse_limit
from bot.domain.work_calendar import DISTRICT_ZONE, NaiveMoment

CALENDAR = default_calendar()


def at(text: str) -> datetime:
    """A local moment of 2026 as `11-18T10:00`, or with its year."""
    full = text if text[4] == "-" else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=DISTRICT_ZONE)


def pause(text: str) -> Pause:
    """A pause as FROM/TO, or FROM/ where it is open."""
    start, _, end = text.partition("/")
    return Pause(at(start), at(end) if end else None)


def due(start: str, limit: str, *pauses: str, extend: tuple[str, ...] = ()) -> Due:
    """What the rule says for a case of a table."""
    return due_at(
        at(start), parse_limit(limit), CALENDAR, [pause(p) for p in pauses], [parse_limit(text) for text in extend]
    )


# National Day: 1 to 7 October off, Saturday 10 October made up
NATIONAL_DAY = [
    ("09-30T16:20", "3工作日", "10-10T17:00"),
    ("09-30T16:20", "5工作日", "10-13T17:00"),
    ("09-30T16:20", "2工作时", "10-08T10:20"),
    ("09-30T16:20", "0.5紧急工作时", "09-30T16:50"),
    ("09-30T23:30", "2紧急工作时", "10-01T01:30"),
    ("09-30T16:20", "2自然日", "10-02T23:59:59"),
    ("10-03T11:00", "1工作时", "10-08T10:00"),
    ("10-03T11:00", "1工作日", "10-08T17:00"),
    ("10-09T16:00", "2工作时", "10-10T10:00"),
    ("10-10T16:30", "1工作时", "10-12T09:30"),
]
# Spring Festival: 15 to 23 February off, Saturdays 14 and 28 February made up
SPRING_FESTIVAL = [
    ("02-13T15:00", "3工作日", "02-25T17:00"),
    ("02-14T16:30", "1工作日", "02-24T17:00"),
    ("02-14T16:30", "1工作时", "02-24T09:30"),
    ("02-18T22:00", "1工作时", "02-24T10:00"),
    ("02-24T10:00", "5工作日", "03-02T17:00"),
    ("02-14T09:00", "15自然日", "03-01T23:59:59"),
]
MAKE_UP_SUNDAY = [
    ("09-20T09:30", "2工作日", "09-22T17:00"),
    ("09-20T09:30", "4工作时", "09-20T14:30"),
    ("01-04T16:00", "2工作时", "01-05T10:00"),
    ("01-04T16:00", "1工作日", "01-05T17:00"),
]
SHARP = [
    ("11-18T12:00", "1工作时", "11-18T14:00"),
    ("11-18T12:00", "1工作日", "11-19T17:00"),
    ("11-18T09:00", "3工作时", "11-18T12:00"),
    ("11-18T09:00", "7工作时", "11-18T17:00"),
    ("11-18T11:30", "0.5工作时", "11-18T12:00"),
    ("11-18T12:30", "4工作时", "11-18T17:00"),
    ("11-18T17:00", "1工作时", "11-19T10:00"),
    ("11-18T17:00", "1工作日", "11-19T17:00"),
    ("11-20T17:00", "1工作时", "11-23T10:00"),
    ("11-20T17:00", "1工作日", "11-23T17:00"),
    ("11-20T17:00", "1自然日", "11-21T23:59:59"),
    ("11-18T16:59:59", "1工作时", "11-19T09:59:59"),
    ("11-18T23:59", "1工作时", "11-19T10:00"),
    ("11-18T23:59", "1工作日", "11-19T17:00"),
    ("11-18T23:59", "1自然日", "11-19T23:59:59"),
    ("11-18T23:59", "1紧急工作时", "11-19T00:59"),
    ("11-18T00:00", "1工作日", "11-19T17:00"),
    ("11-18T00:00", "1工作时", "11-18T10:00"),
]


@pytest.mark.parametrize(("start", "limit", "expected"), NATIONAL_DAY + SPRING_FESTIVAL + MAKE_UP_SUNDAY + SHARP)
def test_due_by_the_published_notice(start: str, limit: str, expected: str) -> None:
    found = due(start, limit)
    assert found.due_at == at(expected)
    assert not found.provisional


@pytest.mark.parametrize(
    ("start", "limit", "expected", "provisional"),
    [
        ("12-28T10:00", "3工作日", "12-31T17:00", False),
        ("12-28T10:00", "4工作日", "2027-01-04T17:00", True),
        ("12-31T16:00", "1工作时", "12-31T17:00", False),
        ("12-31T16:00", "1.5工作时", "2027-01-04T09:30", True),
        ("12-31T17:00", "1工作时", "2027-01-04T10:00", True),
        ("12-31T23:00", "2紧急工作时", "2027-01-01T01:00", False),
        ("12-30T10:00", "5自然日", "2027-01-04T23:59:59", False),
        ("2027-01-04T10:00", "1工作时", "2027-01-04T11:00", True),
        ("2027-02-04T16:00", "2工作日", "2027-02-10T17:00", True),
        ("2027-04-30T16:00", "2工作时", "2027-05-03T10:00", True),
    ],
)
def test_due_where_no_notice_is_out(start: str, limit: str, expected: str, provisional: bool) -> None:
    found = due(start, limit)
    assert found.due_at == at(expected)
    assert found.provisional is provisional


def test_a_pause_that_pushes_over_new_year_makes_it_provisional() -> None:
    found = due("12-30T10:00", "1工作日", "12-31T10:00/12-31T11:00")
    assert found.due_at == at("2027-01-04T10:00")
    assert found.provisional


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "expected"),
    [
        ("11-17T15:00", "1工作日", ["11-18T10:00/11-18T14:00"], "11-19T12:00"),
        ("11-17T15:00", "1工作日", ["11-18T10:00/11-18T12:00", "11-18T11:00/11-18T14:00"], "11-19T12:00"),
        ("11-17T15:00", "1工作日", ["11-18T12:00/11-18T14:00", "11-18T10:00/11-18T12:00"], "11-19T12:00"),
        ("11-18T10:00", "1工作日", ["11-18T11:00/11-18T12:00"], "11-20T10:00"),
        ("11-18T11:00", "2工作时", ["11-18T09:00/11-18T11:30"], "11-18T14:30"),
        ("11-18T10:00", "1自然日", ["11-18T12:00/11-18T13:00"], "11-20T00:59:59"),
        ("11-18T22:00", "1紧急工作时", ["11-18T22:30/11-18T23:30"], "11-19T00:00"),
        ("11-18T09:00", "3工作时", ["11-18T11:00/11-18T12:00"], "11-18T14:00"),
        ("11-18T09:00", "2工作时", ["11-18T10:00/11-18T10:00"], "11-18T11:00"),
    ],
)
def test_a_pause_does_not_count(start: str, limit: str, pauses: list[str], expected: str) -> None:
    assert due(start, limit, *pauses).due_at == at(expected)


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "expected"),
    [
        ("11-19T10:00", "3工作日", ["11-20T17:00/11-23T09:00"], "11-24T17:00"),
        ("11-19T10:00", "3工作日", ["11-21T00:00/11-23T00:00"], "11-24T17:00"),
        ("09-30T16:20", "3工作日", ["10-01T00:00/10-08T00:00"], "10-10T17:00"),
        ("11-19T16:00", "3工作时", ["11-20T12:00/11-20T13:00"], "11-20T11:00"),
        ("11-20T16:30", "1工作时", ["11-20T17:00/11-23T09:00"], "11-23T09:30"),
    ],
)
def test_a_pause_over_time_off_moves_nothing(start: str, limit: str, pauses: list[str], expected: str) -> None:
    assert due(start, limit, *pauses).due_at == due(start, limit).due_at == at(expected)


def test_a_pause_over_a_weekend_moves_by_the_office_time_in_it() -> None:
    assert due("11-19T10:00", "2工作日", "11-20T16:00/11-23T10:00").due_at == at("11-24T11:00")


def test_a_pause_over_a_weekend_moves_what_runs_on() -> None:
    assert due("11-19T10:00", "2自然日", "11-21T00:00/11-23T00:00").due_at == at("11-23T23:59:59")


@pytest.mark.parametrize("late", ["11-18T17:00/11-20T17:00", "11-18T17:00/", "11-19T09:00/"])
def test_a_pause_of_what_is_due_already_changes_nothing(late: str) -> None:
    assert due("11-17T15:00", "1工作日", late) == due("11-17T15:00", "1工作日")


@pytest.mark.parametrize(
    "pauses",
    [
        ["11-18T10:00/"],
        ["11-18T16:59:59/"],
        ["11-01T10:00/"],
        ["11-18T10:00/11-18T12:00", "11-19T10:00/"],
        ["11-20T10:00/", "11-18T10:00/"],
        ["11-18T09:00/11-18T12:00", "11-18T10:00/"],
    ],
)
def test_an_open_pause_gives_no_due_moment(pauses: list[str]) -> None:
    found = due("11-17T15:00", "1工作日", *pauses)
    assert found.due_at is None
    assert not found.provisional
    assert found.intervals[-1].end is None


def test_an_open_pause_from_the_due_moment_that_closed_ones_reach_changes_nothing() -> None:
    assert due("11-17T15:00", "1工作日", "11-18T10:00/11-18T12:00", "11-19T11:00/").due_at == at("11-19T11:00")


def test_an_extension_adds_to_the_limit() -> None:
    assert due("09-30T16:20", "1工作日", extend=("1工作日", "1工作日")).due_at == at("10-10T17:00")
    assert due("11-18T10:00", "0.5工作时", extend=("1.5工作时",)).due_at == at("11-18T12:00")


def test_an_extension_of_another_unit_is_refused() -> None:
    with pytest.raises(UnitsDiffer):
        due("09-30T16:20", "1工作日", extend=("1自然日",))


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(PauseInverted):
        pause("11-18T10:00/11-18T09:59")


def test_naive_moments_are_refused() -> None:
    naive = datetime(2026, 11, 18, 10)  # noqa: DTZ001
    limit = parse_limit("1工作日")
    for ask in (
        lambda: due_at(naive, limit, CALENDAR),
        lambda: due_at(at("11-18T09:00"), limit, CALENDAR, [Pause(naive)]),
        lambda: Pause(at("11-18T09:00"), naive),
        lambda: counted(naive, at("11-18T09:00"), LimitUnit.WORKING_HOURS, CALENDAR),
        lambda: counted(at("11-18T09:00"), naive, LimitUnit.WORKING_HOURS, CALENDAR),
        lambda: moment_at_fraction(naive, limit, CALENDAR, Decimal("0.5")),
        lambda: add_counted(naive, Decimal(1), LimitUnit.WORKING_HOURS, CALENDAR),
        lambda: counted_before(naive, Decimal(1), LimitUnit.WORKING_HOURS, CALENDAR),
    ):
        with pytest.raises(NaiveMoment):
            ask()


def test_the_zone_of_the_argument_does_not_matter_and_the_answer_is_local() -> None:
    limit = parse_limit("3工作日")
    local = due_at(at("09-30T16:20"), limit, CALENDAR)
    assert due_at(at("09-30T16:20").astimezone(UTC), limit, CALENDAR) == local
    assert due_at(at("09-30T16:20").astimezone(ZoneInfo("America/New_York")), limit, CALENDAR) == local
    assert local.due_at is not None
    assert local.due_at.isoformat() == "2026-10-10T17:00:00+08:00"


@pytest.mark.parametrize(
    ("start", "end", "unit", "pauses", "hours"),
    [
        ("11-18T08:00", "11-18T18:00", LimitUnit.WORKING_HOURS, [], 7),
        ("11-20T16:00", "11-23T10:00", LimitUnit.WORKING_DAYS, [], 2),
        ("11-20T16:00", "11-20T18:00", LimitUnit.RUNNING_HOURS, [], 2),
        ("11-20T00:00", "11-22T00:00", LimitUnit.CALENDAR_DAYS, ["11-20T12:00/11-21T00:00"], 36),
        ("11-18T09:00", "11-18T17:00", LimitUnit.WORKING_HOURS, ["11-18T08:00/11-18T10:00", "11-18T16:00/"], 5),
        ("11-18T09:00", "11-18T17:00", LimitUnit.WORKING_HOURS, ["11-18T10:00/2100-01-01T00:00"], 1),
        ("11-18T17:00", "11-18T09:00", LimitUnit.WORKING_HOURS, [], 0),
        ("11-18T17:00", "11-18T09:00", LimitUnit.RUNNING_HOURS, [], 0),
    ],
)
def test_counted_time(start: str, end: str, unit: LimitUnit, pauses: list[str], hours: int) -> None:
    found = counted(at(start), at(end), unit, CALENDAR, [pause(text) for text in pauses])
    assert found == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "limit", "fraction", "pauses", "expected"),
    [
        ("11-18T09:00", "4工作时", "0.5", [], "11-18T11:00"),
        ("11-18T09:00", "4工作时", "0.75", [], "11-18T12:00"),
        ("11-18T09:00", "4工作时", "1", [], "11-18T14:00"),
        ("11-18T20:00", "4工作时", "0", [], "11-18T20:00"),
        ("11-17T17:00", "1工作日", "0.5", [], "11-18T13:30"),
        ("11-18T20:00", "2紧急工作时", "0.8", [], "11-18T21:36"),
        ("11-18T09:00", "4工作时", "0.5", ["11-18T10:00/11-18T11:00"], "11-18T12:00"),
        ("11-18T09:00", "4工作时", "0.5", ["11-18T11:00/"], "11-18T11:00"),
        ("11-18T09:00", "4工作时", "0.8", ["11-18T11:00/"], None),
    ],
)
def test_the_moment_at_a_fraction(
    start: str, limit: str, fraction: str, pauses: list[str], expected: str | None
) -> None:
    found = moment_at_fraction(
        at(start), parse_limit(limit), CALENDAR, Decimal(fraction), [pause(text) for text in pauses]
    )
    assert found == (None if expected is None else at(expected))


@pytest.mark.parametrize(
    ("moment", "hours", "unit", "later"),
    [
        ("11-20T16:00", "4", LimitUnit.WORKING_HOURS, "11-23T12:00"),
        ("11-20T17:00", "4", LimitUnit.WORKING_DAYS, "11-23T14:00"),
        ("11-20T23:59:59", "4", LimitUnit.CALENDAR_DAYS, "11-21T03:59:59"),
        ("11-20T16:00", "0.5", LimitUnit.RUNNING_HOURS, "11-20T16:30"),
        ("11-20T20:00", "0", LimitUnit.WORKING_HOURS, "11-20T20:00"),
    ],
)
def test_counted_time_is_added(moment: str, hours: str, unit: LimitUnit, later: str) -> None:
    assert add_counted(at(moment), Decimal(hours), unit, CALENDAR) == at(later)


@pytest.mark.parametrize(
    ("moment", "hours", "unit", "earlier"),
    [
        ("11-18T17:00", "1", LimitUnit.WORKING_DAYS, "11-18T16:00"),
        ("11-18T13:30", "1", LimitUnit.WORKING_HOURS, "11-18T11:30"),
        ("11-18T10:00", "1", LimitUnit.WORKING_HOURS, "11-18T09:00"),
        ("11-18T09:00", "1", LimitUnit.WORKING_HOURS, "11-17T16:00"),
        ("10-08T09:30", "1", LimitUnit.WORKING_HOURS, "09-30T16:30"),
        ("11-22T12:00", "1", LimitUnit.WORKING_HOURS, "11-20T16:00"),
        ("11-18T14:00", "9", LimitUnit.WORKING_HOURS, "11-17T11:00"),
        ("11-18T00:30", "1", LimitUnit.RUNNING_HOURS, "11-17T23:30"),
        ("11-22T12:00", "0", LimitUnit.WORKING_HOURS, "11-22T12:00"),
    ],
)
def test_counted_time_before_a_moment(moment: str, hours: str, unit: LimitUnit, earlier: str) -> None:
    assert counted_before(at(moment), Decimal(hours), unit, CALENDAR) == at(earlier)


def test_time_is_neither_added_nor_taken_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_counted(at("11-18T10:00"), Decimal(-1), LimitUnit.WORKING_HOURS, CALENDAR)
    with pytest.raises(ValueError, match="forwards"):
        counted_before(at("11-18T10:00"), Decimal(-1), LimitUnit.WORKING_HOURS, CALENDAR)
    with pytest.raises(ValueError, match="forwards"):
        moment_at_fraction(at("11-18T10:00"), parse_limit("1工作日"), CALENDAR, Decimal("-0.1"))
