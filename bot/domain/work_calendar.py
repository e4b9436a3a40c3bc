"""The working calendar as a frozen value: which days are working days and why, and when the office is open."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain import holidays

ONE_DAY = timedelta(days=1)
DISTRICT_ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = time(0)
SATURDAY = 5
KNOWN_YEARS = range(1900, 2200)


class NaiveMoment(ValueError):
    """A datetime without a zone reached the rules; the caller has to say which zone it means."""


class InvalidCalendar(ValueError):
    """Office hours or tables that contradict themselves."""


class DayKind(StrEnum):
    """Why a day is a working day or none."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    STATUTORY = "statutory"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: whether it is a working day, why, and the name that the notice, law or district gave it."""

    date: date
    is_working: bool
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class OfficePeriod:
    """Local time from opening to closing, half-open, within one day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a yearly notice: off, or a make-up day (调休上班)."""

    date: date
    name: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """The notice of one year; it may name days of the neighbouring years."""

    year: int
    days: tuple[NoticeDay, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """The district's own word on a single day, above every notice."""

    date: date
    is_working: bool
    name: str = ""


class Span(NamedTuple):
    """Half-open stretch of time in UTC."""

    start: datetime
    end: datetime


OFFICE_HOURS = (OfficePeriod(time(9), time(12)), OfficePeriod(time(13), time(17)))


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC, where subtraction is true; raises NaiveMoment, and BeyondCalendar outside 1900–2199."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveMoment(moment.isoformat())
    if moment.year not in KNOWN_YEARS:
        raise holidays.BeyondCalendar(year=moment.year)
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Office hours, zone, published years and single-day overrides; days are looked up once and remembered."""

    published: tuple[PublishedYear, ...] = ()
    overrides: tuple[Override, ...] = ()
    office: tuple[OfficePeriod, ...] = OFFICE_HOURS
    zone: ZoneInfo = DISTRICT_ZONE
    _years: frozenset[int] = field(init=False, repr=False, compare=False)
    _notice: dict[date, NoticeDay] = field(init=False, repr=False, compare=False)
    _own: dict[date, Override] = field(init=False, repr=False, compare=False)
    _days: dict[date, Day] = field(init=False, repr=False, compare=False, default_factory=dict)
    _whole: dict[date, Span] = field(init=False, repr=False, compare=False, default_factory=dict)
    _open: dict[date, tuple[Span, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        _check_office(self.office)
        years = [table.year for table in self.published]
        own = {override.date: override for override in self.overrides}
        if len(set(years)) < len(years) or len(own) < len(self.overrides):
            raise InvalidCalendar("a year or a day is given twice")
        object.__setattr__(self, "_years", frozenset(years))
        object.__setattr__(self, "_notice", {day.date: day for table in self.published for day in table.days})
        object.__setattr__(self, "_own", own)

    def is_published(self, year: int) -> bool:
        """Whether the notice of that year is in the table."""
        return year in self._years

    def is_working_day(self, day: date) -> bool:
        """Whether the office opens on that local day; raises BeyondCalendar."""
        return self.day(day).is_working

    def day(self, day: date) -> Day:
        """The day and why it is a working day or none; raises BeyondCalendar."""
        if day not in self._days:
            self._days[day] = self._judge(day)
        return self._days[day]

    def _judge(self, day: date) -> Day:
        if own := self._own.get(day):
            return Day(day, own.is_working, DayKind.OVERRIDE, own.name)
        if notice := self._notice.get(day):
            return Day(day, not notice.is_off, DayKind.HOLIDAY if notice.is_off else DayKind.MAKE_UP, notice.name)
        statutory = None if day.year in self._years else holidays.statutory_days(day.year).get(day)
        if statutory:
            return Day(day, False, DayKind.STATUTORY, statutory)
        is_weekend = day.weekday() >= SATURDAY
        return Day(day, not is_weekend, DayKind.WEEKEND if is_weekend else DayKind.WORKDAY)

    def office_spans(self, day: date) -> tuple[Span, ...]:
        """When the office is open on that local day; nothing on days off."""
        if day not in self._open:
            periods = self.office if self.is_working_day(day) else ()
            self._open[day] = tuple(Span(self.at(day, p.opens), self.at(day, p.closes)) for p in periods)
        return self._open[day]

    def whole_day(self, day: date) -> Span:
        """The local day from midnight to midnight."""
        if day not in self._whole:
            self._whole[day] = Span(self.at(day, MIDNIGHT), self.at(day + ONE_DAY, MIDNIGHT))
        return self._whole[day]

    def at(self, day: date, local: time) -> datetime:
        """The moment of that local day and time, in UTC."""
        return datetime.combine(day, local, self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The close of office on that day as if it were a working day, in UTC."""
        return self.at(day, self.office[-1].closes)

    def local_date(self, moment: datetime) -> date:
        """The local day of an aware moment."""
        return moment.astimezone(self.zone).date()

    @property
    def mark(self) -> str:
        """The same as long as every day and hour is judged the same: what deadlines were counted with."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def nth_working_day_after(self, day: date, count: int) -> date:
        """The count-th working day after that day; raises BeyondCalendar."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_working_day(day)
        return day


def _check_office(periods: tuple[OfficePeriod, ...]) -> None:
    if not periods or any(period.opens >= period.closes for period in periods):
        raise InvalidCalendar("office hours open before they close")
    if any(before.closes > after.opens for before, after in pairwise(periods)):
        raise InvalidCalendar("office hours stand in order and do not overlap")
