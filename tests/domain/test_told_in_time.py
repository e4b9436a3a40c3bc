"""Every limit of the list × every quarter of an hour of a week with a holiday in it: told before the clock ran out.

The call itself goes out with its clock (a clock starts at dispatch, or anew where delivery took longer); what the clock
makes is held until the window opens, unless it runs on. Items of one pair of limits behave alike, so each pair is tried.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.application.clocks.climb import readable_at
from bot.application.district import District
from bot.domain.escalation import NOTICE, RunningClock, Taken, next_step
from bot.domain.ladders import HANDLE, SIGN
from bot.domain.limits import parse_limit
from bot.domain.work_calendar import DISTRICT_ZONE
from tests.support.grown import district

WEEK = datetime(2026, 9, 28, tzinfo=DISTRICT_ZONE)
"""Monday to Sunday, with National Day from Thursday on."""

QUARTER = timedelta(minutes=15)
WHERE = district()
PAIRS = sorted({(item.sign_limit, item.handle_limit) for item in WHERE.catalogue.items.values()})


def told(where: District, start: datetime, limit: str, clock: str) -> list[tuple[str, bool, datetime, datetime]]:
    """Every step: its name, whether it tells a superior, its moment, and when people can read it."""
    due = where.due_moment(start, limit)
    running = RunningClock(start, parse_limit(limit), due)
    taken: list[Taken] = []
    steps = []
    while step := next_step(where.ladders[clock], running, taken, where.calendar, now=start):
        at = readable_at(where, running, step.at, urgent=False)
        taken.append(Taken(step.step, due, at))
        steps.append((step.step, step.rung.tells_superior and not step.is_notice, step.at, at))
    return steps


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_told_no_later_than_the_clock_started_and_before_it_ended(pair: tuple[str, str]) -> None:
    for number in range(7 * 24 * 4):
        start = WEEK + number * QUARTER
        for limit, clock in zip(pair, (SIGN, HANDLE), strict=True):
            due = WHERE.due_moment(start, limit)
            steps = told(WHERE, start, limit, clock)
            assert due > start, "the call, which says the deadline, is out before it"
            first = steps[0]
            assert start < first[3] and first[3] < due, f"{start} {limit}: reminded in time, {first}"
            announced = {name.removeprefix(NOTICE): at for name, _, _, at in steps if name.startswith(NOTICE)}
            for name, superior, _, at in steps:
                assert not superior or announced[name] < at, f"{start} {limit}: {name} without a word before"
                held = WHERE.rings(at) or parse_limit(limit).unit == "紧急工作时"
                assert held, f"{start} {limit}: {name} at {at} rings at night"
