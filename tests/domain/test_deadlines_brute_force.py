"""`jiehu clock due` against a count of single minutes that shares nothing with it but the rule's wording.

Local minutes since 2024 in arrays; Shanghai has had no summer time since 1991, so local differences are true.
"""

from __future__ import annotations

import json
import random
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import chinese_calendar
import numpy as np
import numpy.typing as npt
import pytest
import typer.main

from bot.calendar_files import default_calendar
from bot.cli.clock import clock_app
from bot.domain.limits import LimitUnit

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


def words(case: Case) -> list[str]:
    """The same question as it is typed."""

    def moment(minute: int) -> str:
        return (ZERO + timedelta(minutes=minute)).isoformat(timespec="minutes")

    limit, *extensions = (f"{amount.normalize():f}{case.unit}" for amount in case.amounts)
    asked = ["due", "--json", "--start", moment(case.start), "--limit", limit]
    for start, end in case.pauses:
        asked += ["--pause", f"{moment(start)}/{moment(end) if end is not None else ''}"]
    for extension in extensions:
        asked += ["--extend", extension]
    return asked


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_random_case_agrees_with_the_count_of_minutes(working: list[bool], office: npt.NDArray[np.bool_]) -> None:
    calendar, dice = default_calendar(), random.Random(20261122)
    command = typer.main.get_command(clock_app(lambda _: calendar))
    seen = {"open": 0, "moved": 0, "provisional": 0, "extended": 0, **dict.fromkeys(map(str, LimitUnit), 0)}
    for _ in range(CASES):
        case = random_case(dice)
        with redirect_stdout(StringIO()) as printed, command.make_context("clock", words(case)) as context:
            command.invoke(context)
        found, expected = json.loads(printed.getvalue()), brute_force(case, working, office)
        assert found["due_at"] == (expected.isoformat() if expected else None), case
        crosses = expected is not None and expected.year > LAST_PUBLISHED
        assert found["provisional"] is (crosses and case.unit.counts_office_time), case
        seen["open"] += expected is None
        seen["moved"] += bool(case.pauses) and any(interval["reason"] == "paused" for interval in found["intervals"])
        seen["provisional"] += found["provisional"]
        seen["extended"] += len(case.amounts) > 1
        seen[str(case.unit)] += 1
    assert min(seen.values()) > CASES // 200, seen
