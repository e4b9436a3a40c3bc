"""`jiehu calendar`: the yearly notices of days off that deadlines are counted with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.application.records import HolidayRow
from bot.calendar_files import HolidayFileInvalid, NoticeNotPublished, read_notices
from bot.cli.opening import calendar_for, opened, run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.domain.work_calendar import ONE_DAY, Day, DayKind, PublishedYear, WorkCalendar

app = typer.Typer(help="Days off and days worked instead (放假调休).", no_args_is_help=True)

Notice = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="JSON of holiday-cn (one year) or chinese-days (many).", show_default=False),
]


@app.command("import")
def import_notice(file: Notice, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Take a published notice; a running bot counts its open deadlines anew within seconds, else at its start."""
    notices = _read(file)
    run(_keep(config, notices, file.name))
    found = [{"year": notice.year, "days": len(notice.days)} for notice in notices]
    lines = [f"{each['year']}: {each['days']} days, in force from now on." for each in found]
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(lines))


@app.command()
def show(
    year: Annotated[int, typer.Argument(show_default=False)], config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Print the days of a year that are not what their weekday says, with what decides them."""
    calendar = calendar_for(config)
    days = [
        {"date": day.isoformat(), "works": judged.is_working, "kind": judged.kind.value, "name": judged.name}
        for day, judged in _special(calendar, year)
    ]
    published = calendar.is_published(year)
    if as_json:
        typer.echo(json.dumps({"year": year, "published": published, "days": days}, ensure_ascii=False))
        return
    typer.echo(f"{year}: {'published' if published else 'not published yet; deadlines there are provisional (暂定)'}")
    typer.echo("\n".join(f"{d['date']} {'works' if d['works'] else 'off  '} {d['kind']} {d['name']}" for d in days))


def _special(calendar: WorkCalendar, year: int) -> list[tuple[date, Day]]:
    first = date(year, 1, 1)
    days = [first + number * ONE_DAY for number in range(366)]
    judged = [(day, calendar.day(day)) for day in days if day.year == year]
    return [(day, found) for day, found in judged if found.kind not in {DayKind.WORKDAY, DayKind.WEEKEND}]


def _read(file: Path) -> tuple[PublishedYear, ...]:
    try:
        return read_notices(file)
    except NoticeNotPublished as refusal:
        raise Refused(f"{file} names no day of {refusal.fields['year']}: that notice is not out yet.") from None
    except HolidayFileInvalid as refusal:
        raise Refused(f"{file} is no notice that can be read: {refusal.fields['detail']}.") from None


async def _keep(config_file: Path | None, notices: tuple[PublishedYear, ...], source: str) -> None:
    async with opened(config_file) as work, work.store.begin() as uow:
        for notice in notices:
            rows = [HolidayRow(notice.year, day.date, day.name, day.is_off, source) for day in notice.days]
            await uow.calendar.replace_year(notice.year, rows, source)
        await uow.commit()
