"""Where published years come from: the seed that chinesecalendar ships, and files of holiday-cn or chinese-days.

The only module that knows chinesecalendar; the tables it gives out are plain domain values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import ClassVar

import chinese_calendar

from bot.domain.errors import Refusal
from bot.domain.holidays import BeyondCalendar, statutory_days
from bot.domain.work_calendar import (
    OFFICE_HOURS,
    NoticeDay,
    OfficePeriod,
    Override,
    PublishedYear,
    WorkCalendar,
)

_NAMES = {
    chinese_calendar.Holiday.new_years_day.value: "元旦",
    chinese_calendar.Holiday.spring_festival.value: "春节",
    chinese_calendar.Holiday.tomb_sweeping_day.value: "清明节",
    chinese_calendar.Holiday.labour_day.value: "劳动节",
    chinese_calendar.Holiday.dragon_boat_festival.value: "端午节",
    chinese_calendar.Holiday.national_day.value: "国庆节",
    chinese_calendar.Holiday.mid_autumn_festival.value: "中秋节",
    chinese_calendar.Holiday.anti_fascist_70th_day.value: "抗战胜利70周年纪念日",
}


class NoticeNotPublished(Refusal):
    """The source has no days for `year`: its notice is not out, or not yet in the source."""

    code: ClassVar[str] = "notice-not-published"


class HolidayFileInvalid(Refusal):
    """The file `path` holds no notice in a form that is known; `detail` names what is wrong."""

    code: ClassVar[str] = "holiday-file-invalid"


def seeded_years() -> range:
    """The years that chinesecalendar knows."""
    return range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


def published_from_chinesecalendar(years: Iterable[int]) -> tuple[PublishedYear, ...]:
    """The notices of those years as chinesecalendar ships them; raises NoticeNotPublished."""
    return tuple(_seed(year) for year in years)


@cache
def _seed(year: int) -> PublishedYear:
    if year not in seeded_years():
        raise NoticeNotPublished(year=year)
    off = [NoticeDay(day, _NAMES[name], True) for day, name in chinese_calendar.holidays.items() if day.year == year]
    make_up = [
        NoticeDay(day, _NAMES[name], False) for day, name in chinese_calendar.workdays.items() if day.year == year
    ]
    return PublishedYear(year, tuple(sorted(off + make_up, key=lambda day: day.date)))


def read_notices(path: Path) -> tuple[PublishedYear, ...]:
    """The notices in a file of holiday-cn (one year) or of chinese-days (many); raises as `read_holiday_file`."""
    content = _json(path)
    if not (isinstance(content, dict) and isinstance(content.get("holidays"), dict)):
        return (read_holiday_file(path),)
    years: dict[int, list[NoticeDay]] = {}
    try:
        for part, is_off in (("holidays", True), ("workdays", False)):
            for day, words in content[part].items():
                name = str(words).split(",")
                notice = NoticeDay(date.fromisoformat(day), name[1] if len(name) > 1 else name[0], is_off)
                years.setdefault(notice.date.year, []).append(notice)
    except (ValueError, KeyError, AttributeError) as error:
        raise HolidayFileInvalid(path=str(path), detail=str(error)) from error
    for year, days in years.items():
        _check(path, year, tuple(days))
    return tuple(PublishedYear(year, tuple(days)) for year, days in sorted(years.items()))


def _json(path: Path) -> object:
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HolidayFileInvalid(path=str(path), detail=str(error)) from error
    return content


def read_holiday_file(path: Path) -> PublishedYear:
    """The notice in a holiday-cn file; raises HolidayFileInvalid, and NoticeNotPublished where it lists no day."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        year = int(content["year"])
        days = tuple(_notice_day(entry) for entry in content["days"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HolidayFileInvalid(path=str(path), detail=str(error)) from error
    if not days:
        raise NoticeNotPublished(year=year)
    _check(path, year, days)
    return PublishedYear(year, days)


def _notice_day(entry: dict[str, object]) -> NoticeDay:
    is_off = entry["isOffDay"]
    if not isinstance(is_off, bool):
        raise TypeError("isOffDay is true or false")
    return NoticeDay(date.fromisoformat(str(entry["date"])), str(entry["name"]), is_off)


def _check(path: Path, year: int, days: tuple[NoticeDay, ...]) -> None:
    if len({day.date for day in days}) < len(days):
        raise HolidayFileInvalid(path=str(path), detail="a day is listed twice")
    if any(abs(day.date.year - year) > 1 for day in days):
        raise HolidayFileInvalid(path=str(path), detail="a day is far from its year")
    try:
        statutory = statutory_days(year)
    except BeyondCalendar:
        return
    # half a notice would make deadlines firm that are wrong
    missing = statutory.keys() - {day.date for day in days if day.is_off}
    if missing:
        raise HolidayFileInvalid(path=str(path), detail=f"statutory day {min(missing)} is not off")


def default_calendar(
    imported: Iterable[PublishedYear] = (),
    overrides: Iterable[Override] = (),
    office: tuple[OfficePeriod, ...] = OFFICE_HOURS,
) -> WorkCalendar:
    """The calendar of every known year, an imported notice standing above the seed of its year."""
    tables = {table.year: table for table in published_from_chinesecalendar(seeded_years())}
    tables |= {table.year: table for table in imported}
    return WorkCalendar(tuple(tables[year] for year in sorted(tables)), tuple(overrides), office)
