"""The district's working calendar: the program's own notices, those named in config or imported, and single days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.application.ports import UnitOfWork
from bot.application.records import HolidayRow
from bot.calendar_files import HolidayFileInvalid, NoticeNotPublished, default_calendar, read_holiday_file
from bot.config.config import Config
from bot.config.load import ConfigError
from bot.domain.work_calendar import NoticeDay, PublishedYear, WorkCalendar


def work_calendar(config: Config, imported: Iterable[PublishedYear] = ()) -> WorkCalendar:
    """The calendar, an imported notice above config's, config's above the program's; raises `ConfigError`."""
    tables = {table.year: table for table in (*_notices(config), *imported)}
    calendar = default_calendar(tables.values(), config.own_days(), config.office_hours())
    return replace(calendar, zone=config.zone)


def _notices(config: Config) -> list[PublishedYear]:
    read, sentences = [], []
    for number, path in enumerate(config.calendar.notices):
        place = config.place_of("calendar", "notices", number)
        try:
            read.append(read_holiday_file(path))
        except HolidayFileInvalid as refusal:
            sentences.append(f"{place}: {path} is no notice in the form of holiday-cn: {refusal.fields['detail']}.")
        except NoticeNotPublished as refusal:
            sentences.append(f"{place}: {path} names no day of {refusal.fields['year']}.")
    if sentences:
        raise ConfigError(sentences)
    return read


async def imported_notices(uow: UnitOfWork) -> list[PublishedYear]:
    """The notices that were imported into the database."""
    return notices_of(await uow.calendar.published())


def notices_of(rows: Iterable[HolidayRow]) -> list[PublishedYear]:
    """These days by the year whose notice names them."""
    years: dict[int, list[NoticeDay]] = {}
    for row in rows:
        years.setdefault(row.year, []).append(NoticeDay(row.date, row.name, row.is_off))
    return [PublishedYear(year, tuple(days)) for year, days in sorted(years.items())]
