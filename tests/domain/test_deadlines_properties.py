"""What holds for every start, limit, pause and extension."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar_files import default_calendar
from bot.domain.deadlines import Pause, add_counted, counted, counted_before, due_at, moment_at_fraction
from bot.domain.limits import Limit, LimitUnit

CALENDAR = default_calendar()
EARLIEST, LATEST = datetime(2024, 1, 1), datetime(2026, 12, 31)  # noqa: DTZ001

units = st.sampled_from(LimitUnit)
starts = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
pauses = st.builds(
    lambda start, length: Pause(start, start + length),
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(12)),
)


def limits_of(unit: LimitUnit) -> st.SearchStrategy[Limit]:
    """Limits of one unit as the list has them, and longer."""
    amounts = st.decimals("0.25", 40, places=2) if unit.is_hours else st.integers(1, 20).map(Decimal)
    return st.builds(Limit, amounts, st.just(unit))


limits = units.flatmap(limits_of)


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, Limit, list[Pause], list[Limit]]:
    """A start with a limit, pauses near it (the last perhaps open) and extensions of its unit."""
    start, limit = draw(starts), draw(limits)
    gaps = draw(st.lists(st.tuples(st.integers(-3000, 30000), st.integers(0, 9000)), max_size=4))
    near = [Pause(start + timedelta(minutes=after), start + timedelta(minutes=after + long)) for after, long in gaps]
    has_open = draw(st.integers(0, 3)) == 0
    if near and has_open:
        near[-1] = replace(near[-1], end=None)
    return start, limit, near, draw(st.lists(limits_of(limit.unit), max_size=3))


@given(case=cases(), data=st.data())
def test_the_order_in_which_things_happened_never_matters(
    case: tuple[datetime, Limit, list[Pause], list[Limit]], data: st.DataObject
) -> None:
    start, limit, near, extensions = case
    other = data.draw(st.permutations(near)), data.draw(st.permutations(extensions))
    assert due_at(start, limit, CALENDAR, *other) == due_at(start, limit, CALENDAR, near, extensions)


@given(case=cases(), data=st.data())
def test_a_pause_in_pieces_twice_or_overlapping_is_the_same_pause(
    case: tuple[datetime, Limit, list[Pause], list[Limit]], data: st.DataObject
) -> None:
    start, limit, near, extensions = case
    pieces: list[Pause] = []
    for pause in near:
        middle = pause.start + timedelta(minutes=data.draw(st.integers(0, 500)))
        if pause.end is None:
            pieces += [Pause(pause.start, middle), Pause(middle)]
        else:
            pieces += [Pause(pause.start, min(middle, pause.end)), Pause(min(middle, pause.end), pause.end), pause]
    pieced = due_at(start, limit, CALENDAR, pieces, extensions)
    whole = due_at(start, limit, CALENDAR, near, extensions)
    assert (pieced.due_at, pieced.provisional) == (whole.due_at, whole.provisional)


@given(case=cases())
def test_extensions_are_a_longer_limit(case: tuple[datetime, Limit, list[Pause], list[Limit]]) -> None:
    start, limit, near, extensions = case
    longer = Limit(sum((extension.value for extension in extensions), limit.value), limit.unit)
    assert due_at(start, limit, CALENDAR, near, extensions) == due_at(start, longer, CALENDAR, near)


@given(limit=limits, first=starts, later=st.timedeltas(timedelta(0), timedelta(9)), gaps=st.lists(pauses, max_size=3))
def test_a_later_start_is_never_due_earlier(limit: Limit, first: datetime, later: timedelta, gaps: list[Pause]) -> None:
    second = first + later
    # a pause before the start has no effect by the rule, so one between two starts may pull the later one ahead
    shared = gaps if limit.unit.is_hours else [pause for pause in gaps if pause.start >= second]
    early, late = (due_at(start, limit, CALENDAR, shared).due_at for start in (first, second))
    assert early is not None
    assert late is not None
    assert early <= late


@given(case=cases(), data=st.data())
def test_more_limit_extension_or_pause_is_never_due_earlier(
    case: tuple[datetime, Limit, list[Pause], list[Limit]], data: st.DataObject
) -> None:
    start, limit, near, extensions = case
    closed = [pause for pause in near if pause.end is not None]
    base = due_at(start, limit, CALENDAR, closed, extensions).due_at
    more = data.draw(limits_of(limit.unit))
    extended = due_at(start, limit, CALENDAR, closed, [*extensions, more]).due_at
    paused = due_at(start, limit, CALENDAR, [*closed, data.draw(pauses)], extensions).due_at
    assert base is not None
    assert extended is not None
    assert paused is not None
    assert start < base < extended
    assert base <= paused


@given(case=cases())
def test_the_due_moment_is_the_first_with_the_whole_counted_time(
    case: tuple[datetime, Limit, list[Pause], list[Limit]],
) -> None:
    start, limit, near, extensions = case
    closed = [pause for pause in near if pause.end is not None]
    unpaused = due_at(start, limit, CALENDAR, (), extensions).due_at
    due = due_at(start, limit, CALENDAR, closed, extensions).due_at
    assert unpaused is not None
    assert due is not None
    whole = counted(start, unpaused, limit.unit, CALENDAR)
    assert counted(start, due, limit.unit, CALENDAR, closed) == whole
    assert counted(start, due - timedelta(microseconds=1), limit.unit, CALENDAR, closed) < whole


@given(case=cases(), fractions=st.tuples(st.decimals(0, 1, places=2), st.decimals(0, 1, places=2)))
def test_fractions_of_the_limit_come_in_order_and_end_at_the_due_moment(
    case: tuple[datetime, Limit, list[Pause], list[Limit]], fractions: tuple[Decimal, Decimal]
) -> None:
    start, limit, near, _ = case
    closed = [pause for pause in near if pause.end is not None]
    reached = [
        moment_at_fraction(start, limit, CALENDAR, fraction, closed)
        for fraction in (Decimal(0), *sorted(fractions), Decimal(1))
    ]
    moments = [moment for moment in reached if moment is not None]
    assert len(moments) == len(reached)
    assert all(before <= after for before, after in pairwise(moments))
    assert moments[0] == start
    assert moments[-1] == due_at(start, limit, CALENDAR, closed).due_at


@given(moment=starts, hours=st.decimals("0.01", 60, places=2), unit=units)
def test_adding_and_going_back_are_exact(moment: datetime, hours: Decimal, unit: LimitUnit) -> None:
    amount = timedelta(seconds=int(hours * 3600))
    later, earlier = add_counted(moment, hours, unit, CALENDAR), counted_before(moment, hours, unit, CALENDAR)
    tick = timedelta(microseconds=1)
    assert counted(moment, later, unit, CALENDAR) == amount
    assert counted(moment, later - tick, unit, CALENDAR) < amount
    assert counted(earlier, moment, unit, CALENDAR) == amount
    assert counted(earlier + tick, moment, unit, CALENDAR) < amount


@pytest.fixture
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process as if on a machine of another zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize("machine_zone", ["America/New_York", "Pacific/Kiritimati", "Asia/Shanghai"], indirect=True)
def test_the_zone_of_the_machine_has_no_effect() -> None:
    start = datetime(2026, 9, 30, 8, 20, tzinfo=UTC)
    pause = Pause(datetime(2026, 10, 8, 2, tzinfo=UTC), datetime(2026, 10, 8, 3, tzinfo=UTC))
    found = [due_at(start, Limit(Decimal(3), unit), default_calendar(), [pause]).due_at for unit in LimitUnit]
    assert [moment.isoformat() for moment in found if moment] == [
        "2026-10-08T13:20:00+08:00",
        "2026-10-12T10:00:00+08:00",
        "2026-09-30T19:20:00+08:00",
        "2026-10-03T23:59:59+08:00",
    ]
