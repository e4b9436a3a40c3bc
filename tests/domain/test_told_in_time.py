"""Every item of the list × every quarter of an hour of a week with a holiday in it: told before the clock ran out.

The call itself goes out with its clock (a clock starts at dispatch, or anew where delivery took longer), which
`tests/soak/test_all_items_called.py` follows from dispatch to the phone; here are all moments of both its clocks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

import pytest

from bot.application.clocks.climb import readable_at
from bot.domain.catalogue import Item
from bot.domain.escalation import NOTICE, RunningClock, Taken, next_step
from bot.domain.ladders import HANDLE, SIGN
from bot.domain.limits import parse_limit
from bot.domain.work_calendar import DISTRICT_ZONE
from tests.support.grown import district

WEEK = datetime(2026, 9, 28, tzinfo=DISTRICT_ZONE)
"""Monday to Sunday, with National Day from Thursday on."""

QUARTER = timedelta(minutes=15)
QUARTERS = [WEEK + number * QUARTER for number in range(7 * 24 * 4)]
WHERE = district()


class Step(NamedTuple):
    """A step of a ladder: whether it tells a superior, and when people can read it."""

    name: str
    is_superiors: bool
    read_at: datetime


@cache
def climbed(start: datetime, limit: str, clock: str, urgent: bool) -> tuple[datetime, tuple[Step, ...]]:
    """When it is due, and every step if nobody does anything; kept, for many items have the same limits."""
    due = WHERE.due_moment(start, limit)
    running = RunningClock(start, parse_limit(limit), due)
    taken: list[Taken] = []
    steps = []
    while step := next_step(WHERE.ladders[clock], running, taken, WHERE.calendar, now=start, urgent=urgent):
        at = readable_at(WHERE, step.at, wakes=urgent or running.runs_on)
        taken.append(Taken(step.step, due, at))
        steps.append(Step(step.step, step.rung.tells_superior and not step.is_notice, at))
    return due, tuple(steps)


def test_there_are_110_items_and_672_quarters_of_an_hour() -> None:
    assert (len(WHERE.catalogue.items), len(QUARTERS)) == (110, 672)
    assert sum(item.emergency for item in WHERE.catalogue.items.values()) >= 20


@pytest.mark.parametrize("item", WHERE.catalogue.items.values(), ids=lambda item: item.code)
def test_told_no_later_than_the_clock_started_and_before_it_ended(item: Item) -> None:
    for start in QUARTERS:
        for limit, clock in ((item.sign_limit, SIGN), (item.handle_limit, HANDLE)):
            due, steps = climbed(start, limit, clock, item.emergency)
            where = f"{item.code} at {start}, {limit}"
            assert due > start, "the call, which says the deadline, is out before it"
            assert start < steps[0].read_at < due, f"{where}: reminded in time, {steps[0]}"
            announced = {step.name.removeprefix(NOTICE): step.read_at for step in steps if step.name.startswith(NOTICE)}
            for name, is_superiors, at in steps:
                in_order = item.emergency or not is_superiors or announced[name] < at
                assert in_order, f"{where}: {name} without a word before"
                by_right = WHERE.rings(at) or item.emergency or parse_limit(limit).unit == "紧急工作时"
                assert by_right, f"{where}: {name} at {at} rings at night"
