"""When a chat is given its digest, and what the last one before days off has to look ahead to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.domain.errors import DigestTimesInvalid
from bot.domain.work_calendar import ONE_DAY, WorkCalendar

OFF = "off"
MOST_A_DAY = 4
LOOK_AHEAD = 40
LONG_BREAK = 3
_TIME = re.compile(r"(?<!\d)(\d{1,2})(?:[:：点时](\d{2})?)?(?!\d)")


def parse_times(words: str) -> tuple[time, ...]:
    """`09:00 15:00` or `9点 15点`, at most four a day, in order; raises `DigestTimesInvalid`."""
    found = [(int(hour), int(minute or 0)) for hour, minute in _TIME.findall(words)]
    if not found or len(found) > MOST_A_DAY or any(hour > 23 or minute > 59 for hour, minute in found):
        raise DigestTimesInvalid()
    if _TIME.sub("", words).strip(" ,，、和"):
        raise DigestTimesInvalid()
    return tuple(sorted({time(hour, minute) for hour, minute in found}))


def next_moment(calendar: WorkCalendar, times: Sequence[time], after: datetime) -> datetime | None:
    """The first of these times on a working day later than that moment; None without times."""
    day = calendar.local_date(after)
    for _ in range(LOOK_AHEAD if times else 0):
        if calendar.is_working_day(day):
            moments = (calendar.at(day, moment) for moment in sorted(times))
            found = next((moment for moment in moments if moment > after), None)
            if found is not None:
                return found
        day += ONE_DAY
    return None


def days_off_after(calendar: WorkCalendar, day: date) -> int:
    """How many days off in a row follow that day."""
    count = 0
    while not calendar.is_working_day(day + (count + 1) * ONE_DAY):
        count += 1
    return count


def first_working_noon(calendar: WorkCalendar, day: date) -> datetime:
    """The end of the first half-day of work after that day: until then people look at what they left."""
    return calendar.at(calendar.nth_working_day_after(day, 1), calendar.office[0].closes)


def previous_working_day(calendar: WorkCalendar, day: date) -> date:
    """The last working day before that day."""
    day -= ONE_DAY
    while not calendar.is_working_day(day):
        day -= ONE_DAY
    return day


def is_last_of_the_day(times: Sequence[time], moment: time) -> bool:
    """Whether no later digest comes on that day."""
    return not any(other > moment for other in times)


def is_last_working_day_of_the_week(calendar: WorkCalendar, day: date) -> bool:
    """Whether the working days of that calendar week (Monday to Sunday) end with this one."""
    if not calendar.is_working_day(day):
        return False
    rest = (day + timedelta(number) for number in range(1, 7 - day.weekday()))
    return not any(calendar.is_working_day(other) for other in rest)
