"""Who is on duty when, who is away, and what is said of it in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.digest import LONG_BREAK, days_off_after, previous_working_day
from bot.domain.errors import DutyNotRead
from bot.domain.work_calendar import ONE_DAY, WorkCalendar

LONGEST_NAME = 20
MOST_NAMES = 6
LOOK_AHEAD = 200
ASKED_BEFORE = 3
"""On the third working day before a long break units are asked for their duty names."""

_RELATIVE = {"今天": 0, "明天": 1, "后天": 2}
_DATE = r"(?:(?P<{0}year>\d{{4}})[-年./])?(?P<{0}month>\d{{1,2}})[-月./](?P<{0}day>\d{{1,2}})[日号]?|(?P<{0}said>今天|明天|后天)"
_FIRST = re.compile(r"\s*(?:从)?(?:" + _DATE.format("a_") + r")")
_LAST = re.compile(r"\s*(?:[-—–~～到至]+\s*|\s+)(?:" + _DATE.format("b_") + r"|(?P<only>\d{1,2})[日号]?(?![\d.月]))")
_DEPUTY = re.compile(r"[\s，,（(]*(?:代理人?|替补|副班|副)\s*[:：]?\s*")
_BETWEEN = re.compile(r"[\s、，,；;和]+")
_TRIMMED = "（）()。.，,、：: \t@"
_HALF_YEAR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Spell:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether that day is one of them."""
        return self.first <= day <= self.last


@dataclass(slots=True)
class Duty:
    """Who answers for a party on those days: names as said, and the persons among them who are known."""

    id: int
    of: str
    first: date
    last: date
    names: list[str]
    deputies: list[str]
    people: list[int]
    set_by: int
    set_at: datetime


class HandoverKind(StrEnum):
    """For good, or while somebody is away."""

    HANDOVER = "handover"
    LEAVE = "leave"


@dataclass(slots=True)
class Handover:
    """Somebody's roles go to another who accepts by a press; of a leave they come back after its last day.

    `granted` are the roles (`liaison:D26`) that the other did not hold before.
    """

    id: int
    kind: HandoverKind
    from_id: int
    to_id: int | None
    to_name: str
    of: str
    asked_at: datetime
    first: date | None = None
    last: date | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    granted: list[str] = field(default_factory=list)
    version: int = 1


def read_spell(words: str, today: date) -> tuple[Spell | None, str]:
    """The days named at the beginning, and what follows; raises `DutyNotRead` for days that cannot be."""
    start = _FIRST.match(words)
    if start is None:
        return None, words.strip()
    first = _day(start, "a_", today)
    end = _LAST.match(words, start.end())
    if end is None:
        return Spell(first, first), words[start.end() :].strip()
    last = _next(first, int(end["only"])) if end["only"] else _day(end, "b_", first if end["b_month"] else today)
    if last < first or last - first > _HALF_YEAR:
        raise DutyNotRead()
    return Spell(first, last), words[end.end() :].strip()


def _day(match: re.Match[str], prefix: str, today: date) -> date:
    if match[f"{prefix}said"]:
        return today + _RELATIVE[match[f"{prefix}said"]] * ONE_DAY
    year = int(match[f"{prefix}year"] or today.year)
    try:
        found = date(year, int(match[f"{prefix}month"]), int(match[f"{prefix}day"]))
        if not match[f"{prefix}year"] and today - found > _HALF_YEAR:
            found = found.replace(year=year + 1)
    except ValueError:
        raise DutyNotRead() from None
    return found


def _next(first: date, number: int) -> date:
    """`10月28日-3日` ends in the month after."""
    month = first if number >= first.day else (first.replace(day=1) + 32 * ONE_DAY)
    try:
        return month.replace(day=number)
    except ValueError:
        raise DutyNotRead() from None


def read_names(words: str) -> tuple[list[str], list[str]]:
    """`张三、李四 代理 王五`: those on duty and their deputies; raises `DutyNotRead` where there is no name."""
    first, _, second = _DEPUTY.sub("\0", words, count=1).partition("\0")
    names, deputies = _names(first), _names(second)
    if not names:
        raise DutyNotRead()
    return names, deputies


def _names(words: str) -> list[str]:
    found = [word.strip(_TRIMMED) for word in _BETWEEN.split(words)]
    names = list(dict.fromkeys(word for word in found if word))
    if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
        raise DutyNotRead()
    return names


def next_break(calendar: WorkCalendar, today: date) -> Spell | None:
    """The next three or more days off in a row that have not begun."""
    day = today
    for _ in range(LOOK_AHEAD):
        if calendar.is_working_day(day) and (count := days_off_after(calendar, day)) >= LONG_BREAK:
            return Spell(day + ONE_DAY, day + count * ONE_DAY)
        day += ONE_DAY
    return None


def asked_on(calendar: WorkCalendar, spell: Spell) -> date:
    """The day on which units are asked who is on duty in that break."""
    day = spell.first
    for _ in range(ASKED_BEFORE):
        day = previous_working_day(calendar, day)
    return day
