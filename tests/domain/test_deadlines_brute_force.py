"""The arithmetic against a count of single minutes that shares nothing with it but the rule's wording.

Local minutes since 2024 in arrays; Shanghai has had no summer time since 1991, so local differences are true.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import numpy.typing as npt
import pytest

from bot.calendar_files import default_calendar
from bot.domain.deadlines import Pause, due_at
from bot.domain.limits import Limit, LimitUnit

CASES = 10_000
ZERO = datetime(2024, 1, 1)  # noqa: DTZ001
DAYS = 366 + 365 + 365 + 365
DAY = 24 * 60
HORIZON = 160 * DAY
LAST_PUBLISHED = 2026
OFF_2027 = {
    *("2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-05-01"),
    *("2027-05-02", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03"),
}


@dataclass(frozen=True)
class Case:
    """One question in minutes since 2024; a pause without an end is open."""

    start: int
    unit: LimitUnit
    amounts: tuple[Decimal, ...]
    pauses: tuple[tuple[int, int | None], ...]


def is_working_day(day: date) -> bool:
    """The published word, else Monday to Friday less the days of the law."""
    if day.year <= LAST_PUBLISHED:
        return bool(chinese_calendar.is_workday(day))
    return day.isoweekday() <= 5 and str(day) not in OFF_2027


@pytest.fixture(scope="module")
def working() -> list[bool]:
    """For each day since 2024 whether it is a working day."""
    return [is_working_day((ZERO + timedelta(days=day)).date()) for day in range(DAYS)]


@pytest.fixture(scope="module")
def office(working: list[bool]) -> npt.NDArray[np.bool_]:
    """For each minute since 2024 whether the office is open."""
    minutes = np.zeros(DAYS * DAY, dtype=bool)
    for day in range(DAYS):
        for hour in (9, 10, 11, 13, 14, 15, 16):
            minutes[day * DAY + hour * 60 : day * DAY + (hour + 1) * 60] = working[day]
    return minutes


def whole_seconds(case: Case, working: list[bool], office: npt.NDArray[np.bool_]) -> int:
    """Seconds of counted time from the start to the unpaused due moment."""
    amount = sum(case.amounts)
    if case.unit.is_hours:
        return int(amount * 3600)
    day = case.start // DAY
    if case.unit is LimitUnit.CALENDAR_DAYS:
        return ((day + int(amount) + 1) * DAY - case.start) * 60 - 1
    left = int(amount)
    while left:
        day += 1
        left -= working[day]
    return int(office[case.start : day * DAY + 17 * 60].sum()) * 60


def brute_force(case: Case, working: list[bool], office: npt.NDArray[np.bool_]) -> datetime | None:
    """The due moment by counting minute after minute, and the seconds of the last one."""
    window = slice(case.start, case.start + HORIZON)
    minutes = office[window].copy() if case.unit.counts_office_time else np.ones(HORIZON, dtype=bool)
    for start, end in case.pauses:
        if end is not None:
            minutes[max(0, start - case.start) : max(0, end - case.start)] = False
    full, seconds = divmod(whole_seconds(case, working, office), 60)
    counting = np.flatnonzero(minutes) + case.start
    last = int(counting[full]) * 60 + seconds if seconds else (int(counting[full - 1]) + 1) * 60
    if any(end is None and max(start, case.start) * 60 < last for start, end in case.pauses):
        return None
    return ZERO + timedelta(seconds=last)


def random_case(dice: random.Random) -> Case:
    """A start at any minute of 2024–2026, any unit, up to four pauses and two extensions."""
    unit = dice.choice(list(LimitUnit))
    longest = 15 if unit.counts_office_time else 30
    amounts = [
        Decimal(dice.randint(1, 40 * 20)) / 20 if unit.is_hours else Decimal(dice.randint(1, longest))
        for _ in range(dice.choice([1, 1, 2, 3]))
    ]
    start = dice.randrange((366 + 365 + 365) * DAY)
    if dice.random() < 0.2:
        start = start // DAY * DAY + dice.choice([0, 9 * 60, 12 * 60, 13 * 60, 17 * 60, DAY - 1])
    pauses: list[tuple[int, int | None]] = []
    for _ in range(dice.choice([0, 0, 1, 2, 4])):
        begin = max(0, start + dice.randint(-3 * DAY, dice.choice([1, 10, 40]) * DAY))
        if dice.random() < 0.3:
            begin = begin // 60 * 60
        pauses.append(
            (begin, None if dice.random() < 0.1 else begin + dice.randint(0, dice.choice([60, 600, 9 * DAY])))
        )
    return Case(start, unit, tuple(amounts), tuple(pauses))


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_every_random_case_agrees_with_the_count_of_minutes(working: list[bool], office: npt.NDArray[np.bool_]) -> None:
    zone, calendar, dice = ZoneInfo("Asia/Shanghai"), default_calendar(), random.Random(20261122)

    def moment(minute: int) -> datetime:
        return (ZERO + timedelta(minutes=minute)).replace(tzinfo=zone)

    seen = {"open": 0, "moved": 0, "provisional": 0}
    for _ in range(CASES):
        case = random_case(dice)
        limit, *extensions = (Limit(amount, case.unit) for amount in case.amounts)
        pauses = [Pause(moment(start), None if end is None else moment(end)) for start, end in case.pauses]
        found = due_at(moment(case.start), limit, calendar, pauses, extensions)
        expected = brute_force(case, working, office)
        assert found.due_at == (expected.replace(tzinfo=zone) if expected else None), case
        crosses = expected is not None and expected.year > LAST_PUBLISHED
        assert found.provisional is (crosses and case.unit.counts_office_time), case
        seen["open"] += expected is None
        seen["moved"] += bool(case.pauses) and found.due_at != due_at(moment(case.start), limit, calendar).due_at
        seen["provisional"] += found.provisional
    assert min(seen.values()) > CASES // 200, seen
