"""Deadlines: a pure function of start, limit, extensions, pauses and calendar, recomputed and never incremented.

Counted time is office time for working hours and working days, all time for the other units; pauses do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise, takewhile
from typing import ClassVar, NamedTuple

from bot.domain.errors import Refusal
from bot.domain.holidays import BeyondCalendar
from bot.domain.limits import Limit, LimitUnit
from bot.domain.work_calendar import ONE_DAY, DayKind, Span, WorkCalendar, in_utc

LAST_SECOND = time(23, 59, 59)
FAR_FUTURE = datetime.max.replace(tzinfo=UTC)
ZERO = timedelta(0)
MICROSECOND = timedelta(microseconds=1)
ONE_HOUR = timedelta(hours=1)


class PauseInverted(Refusal):
    """A pause ends at `end`, before it starts at `start`."""

    code: ClassVar[str] = "pause-inverted"


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count, [start, end), aware; without an end it is still open. Raises PauseInverted."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and in_utc(self.end) < in_utc(self.start):
            raise PauseInverted(start=self.start, end=self.end)


class Reason(StrEnum):
    """Why an interval counts (the first three, and an override that opens the office) or does not."""

    OFFICE = "office"
    MAKE_UP = "make_up"
    RUNNING = "running"
    OVERRIDE = "override"
    START_DAY = "start_day"
    NIGHT = "night"
    LUNCH = "lunch"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    STATUTORY = "statutory"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch [start, end) in district time; `name` is the holiday's or the override's, no end: still paused."""

    start: datetime
    end: datetime | None
    counts: bool
    reason: Reason
    name: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The due moment in district time (None while paused), and what lies between start and it without a gap.

    Intervals of a limit in working days are whole days. Provisional: a day of an unpublished year had to be asked,
    which cannot be while no moment is known.
    """

    due_at: datetime | None
    provisional: bool
    intervals: tuple[Interval, ...]


class _Why(NamedTuple):
    counts: bool
    reason: Reason
    name: str = ""


_REASON_OF_DAY = {
    DayKind.WORKDAY: Reason.OFFICE,
    DayKind.MAKE_UP: Reason.MAKE_UP,
    DayKind.OVERRIDE: Reason.OVERRIDE,
    DayKind.WEEKEND: Reason.WEEKEND,
    DayKind.HOLIDAY: Reason.HOLIDAY,
    DayKind.STATUTORY: Reason.STATUTORY,
}


def due_at(
    start: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Limit] = (),
) -> Due:
    """When it is due, by the counting rule; raises NaiveMoment, UnitsDiffer, InvalidLimit, BeyondCalendar."""
    for extension in extensions:
        limit += extension
    begin = in_utc(start)
    paused, open_from = _merge(pauses, begin)
    due = _reach(_outside(_counted_spans(begin, limit.unit, calendar), paused), _total(begin, limit, calendar))
    if open_from is not None and open_from < due:
        known = _explain(Span(begin, open_from), limit.unit, calendar, paused)
        still = Interval(open_from.astimezone(calendar.zone), None, False, Reason.PAUSED)
        return Due(None, False, (*known, still))
    provisional = _is_provisional(Span(begin, due), limit.unit, calendar)
    return Due(due.astimezone(calendar.zone), provisional, _explain(Span(begin, due), limit.unit, calendar, paused))


def counted(
    start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar, pauses: Iterable[Pause] = ()
) -> timedelta:
    """The counted time in [start, end) outside pauses; nothing where the end is not later than the start."""
    begin, until = in_utc(start), in_utc(end)
    paused, open_from = _merge(pauses, begin)
    until = until if open_from is None else min(until, open_from)
    return _amount(_outside(_clip(_counted_spans(begin, unit, calendar), until), paused))


def moment_at_fraction(
    start: datetime, limit: Limit, calendar: WorkCalendar, fraction: Decimal, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The first moment at which that fraction of the limit (extensions added before) is used; None while paused."""
    begin = in_utc(start)
    paused, open_from = _merge(pauses, begin)
    share = _times(fraction, _total(begin, limit, calendar))
    moment = _reach(_outside(_counted_spans(begin, limit.unit, calendar), paused), share) if share else begin
    if open_from is not None and open_from < moment:
        return None
    return moment.astimezone(calendar.zone)


def add_counted(moment: datetime, hours: Decimal, unit: LimitUnit, calendar: WorkCalendar) -> datetime:
    """The first moment with so many hours of the unit's counted time after this one, in district time."""
    begin, amount = in_utc(moment), _times(hours, ONE_HOUR)
    reached = _reach(_counted_spans(begin, unit, calendar), amount) if amount else begin
    return reached.astimezone(calendar.zone)


def counted_before(moment: datetime, hours: Decimal, unit: LimitUnit, calendar: WorkCalendar) -> datetime:
    """The last moment with so many hours of the unit's counted time before this one, in district time."""
    end, amount = in_utc(moment), _times(hours, ONE_HOUR)
    if not unit.counts_office_time:
        return (end - amount).astimezone(calendar.zone)
    day = calendar.local_date(end)
    reached = end
    while amount:
        for span in reversed(calendar.office_spans(day)):
            until = min(span.end, end)
            if amount and span.start < until:
                reached = max(span.start, until - amount)
                amount -= until - reached
        day -= ONE_DAY
    return reached.astimezone(calendar.zone)


def _times(factor: Decimal, span: timedelta) -> timedelta:
    if factor < 0:
        raise ValueError("counted time runs forwards only")
    return timedelta(microseconds=int(factor * (span // MICROSECOND)))


def _total(begin: datetime, limit: Limit, calendar: WorkCalendar) -> timedelta:
    if limit.unit.is_hours:
        return _times(limit.value, ONE_HOUR)
    day = calendar.local_date(begin)
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        return calendar.at(day + int(limit.value) * ONE_DAY, LAST_SECOND) - begin
    unpaused = calendar.closing(calendar.nth_working_day_after(day, int(limit.value)))
    return _amount(_clip(_counted_spans(begin, limit.unit, calendar), unpaused))


def _counted_spans(begin: datetime, unit: LimitUnit, calendar: WorkCalendar) -> Iterator[Span]:
    if not unit.counts_office_time:
        yield Span(begin, FAR_FUTURE)
        return
    day = calendar.local_date(begin)
    while True:
        for span in calendar.office_spans(day):
            if begin < span.end:
                yield span if begin <= span.start else Span(begin, span.end)
        day += ONE_DAY


def _merge(pauses: Iterable[Pause], begin: datetime) -> tuple[list[Span], datetime | None]:
    closed: list[Span] = []
    open_from: datetime | None = None
    for start, end in sorted(_cut(pauses, begin)):
        if end == FAR_FUTURE:
            open_from = start if open_from is None else open_from
        elif closed and start <= closed[-1].end:
            closed[-1] = Span(closed[-1].start, max(closed[-1].end, end))
        elif start < end:
            closed.append(Span(start, end))
    return closed, open_from


def _cut(pauses: Iterable[Pause], begin: datetime) -> Iterator[tuple[datetime, datetime]]:
    for pause in pauses:
        end = FAR_FUTURE if pause.end is None else in_utc(pause.end)
        yield max(in_utc(pause.start), begin), end


def _outside(spans: Iterable[Span], paused: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        start = span.start
        for pause in paused:
            if pause.end <= start:
                continue
            if pause.start >= span.end:
                break
            if start < pause.start:
                yield Span(start, pause.start)
            start = pause.end
        if start < span.end:
            yield Span(start, span.end)


def _reach(spans: Iterable[Span], amount: timedelta) -> datetime:
    for span in spans:
        if amount <= span.end - span.start:
            return span.start + amount
        amount -= span.end - span.start
    raise BeyondCalendar(year=FAR_FUTURE.year)


def _amount(spans: Iterable[Span]) -> timedelta:
    return sum((span.end - span.start for span in spans), ZERO)


def _clip(spans: Iterable[Span], until: datetime) -> Iterator[Span]:
    for span in takewhile(lambda span: span.start < until, spans):
        yield span if span.end <= until else Span(span.start, until)


def _is_provisional(span: Span, unit: LimitUnit, calendar: WorkCalendar) -> bool:
    if not unit.counts_office_time:
        return False
    first = calendar.local_date(span.start)
    if unit is LimitUnit.WORKING_DAYS or span.start >= calendar.closing(first):
        first += ONE_DAY
    years = range(first.year, calendar.local_date(span.end).year + 1)
    return not all(calendar.is_published(year) for year in years)


def _explain(whole: Span, unit: LimitUnit, calendar: WorkCalendar, paused: Sequence[Span]) -> tuple[Interval, ...]:
    pieces = [(pause, _Why(False, Reason.PAUSED)) for pause in _clip(paused, whole.end)]
    for span, why in _pieces(whole, unit, calendar):
        clipped = Span(max(span.start, whole.start), min(span.end, whole.end))
        pieces += [(left, why) for left in _outside((clipped,), paused)]
    pieces.sort(key=lambda piece: piece[0].start)
    intervals = []
    for why, group in groupby(pieces, key=lambda piece: piece[1]):
        spans = [span for span, _ in group]
        start, end = spans[0].start.astimezone(calendar.zone), spans[-1].end.astimezone(calendar.zone)
        intervals.append(Interval(start, end, why.counts, why.reason, why.name))
    return tuple(intervals)


def _pieces(whole: Span, unit: LimitUnit, calendar: WorkCalendar) -> Iterator[tuple[Span, _Why]]:
    if not unit.counts_office_time:
        yield whole, _Why(True, Reason.RUNNING)
        return
    first = calendar.local_date(whole.start)
    date = first
    while (all_day := calendar.whole_day(date)).start < whole.end:
        day = calendar.day(date)
        why = _Why(day.is_working, _REASON_OF_DAY[day.kind], day.name)
        if not day.is_working:
            yield all_day, why
        elif unit is LimitUnit.WORKING_DAYS:
            yield all_day, _Why(False, Reason.START_DAY) if date == first else why
        else:
            yield from _parts(all_day, calendar.office_spans(date), why)
        date += ONE_DAY


def _parts(all_day: Span, office: Sequence[Span], why: _Why) -> Iterator[tuple[Span, _Why]]:
    yield Span(all_day.start, office[0].start), _Why(False, Reason.NIGHT)
    for before, after in pairwise(office):
        yield before, why
        yield Span(before.end, after.start), _Why(False, Reason.LUNCH)
    yield office[-1], why
    yield Span(office[-1].end, all_day.end), _Why(False, Reason.NIGHT)
