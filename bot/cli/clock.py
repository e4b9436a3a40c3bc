"""`jiehu clock`: asks the deadline arithmetic without a ticket; times are local to the district, without an offset."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar, TypedDict
from zoneinfo import ZoneInfo

import typer

from bot.domain import deadlines
from bot.domain.errors import Refusal
from bot.domain.limits import parse_limit
from bot.domain.work_calendar import WorkCalendar

SENTENCES = {
    "invalid-limit": "{text} is no limit: an amount and 工作时, 工作日, 紧急工作时 or 自然日, fractions only of hours.",
    "units-differ": "An extension of {extension} does not fit a limit of {limit}: both need the same unit.",
    "pause-inverted": "The pause ends at {end:%Y-%m-%dT%H:%M}, before it starts at {start:%Y-%m-%dT%H:%M}.",
    "beyond-calendar": "The calendar does not know the days of {year}.",
    "invalid-moment": "{text} is no local time such as 2026-09-30T16:20, nor a pause such as FROM/TO or FROM/.",
}


class InvalidMoment(Refusal):
    """`text` is no local time without offset, or no pause of two such."""

    code: ClassVar[str] = "invalid-moment"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it was typed."""

    start: str
    limit: str
    pauses: tuple[str, ...]
    extensions: tuple[str, ...]


# "from" is a keyword, hence the functional form
_IntervalJson = TypedDict(
    "_IntervalJson", {"from": str, "to": str | None, "counts": bool, "reason": str, "name": str | None}
)


class _DueJson(TypedDict):
    due_at: str | None
    provisional: bool
    intervals: list[_IntervalJson]


def clock_app(calendar_for: Callable[[Path | None], WorkCalendar]) -> typer.Typer:
    """The sub-app `clock`; `calendar_for` gives the calendar of a `--config` file, or without one the default's."""
    clock = typer.Typer(help="Deadline arithmetic of the district.", no_args_is_help=True)
    # a group of one command would lose its name
    clock.callback()(lambda: None)

    @clock.command()
    def due(
        start: Annotated[str, typer.Option(help="Local time the clock starts at, e.g. 2026-09-30T16:20.")],
        limit: Annotated[str, typer.Option(help="E.g. 3工作日, 0.5紧急工作时, 4工作时, 2自然日.")],
        pause: Annotated[list[str] | None, typer.Option(help="FROM/TO, or FROM/ while open; repeatable.")] = None,
        extend: Annotated[list[str] | None, typer.Option(help="Of the limit's unit; repeatable.")] = None,
        config: Annotated[Path | None, typer.Option(help="The district's settings.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Print when it is due, and every interval from start to there."""
        question = Question(start, limit, tuple(pause or ()), tuple(extend or ()))
        try:
            found = _answer(question, calendar_for(config))
        except Refusal as refusal:
            if refusal.code not in SENTENCES:
                raise
            typer.echo(SENTENCES[refusal.code].format(**refusal.fields), err=True)
            raise typer.Exit(1) from refusal
        typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(_lines(found)))

    return clock


def _answer(question: Question, calendar: WorkCalendar) -> _DueJson:
    result = deadlines.due_at(
        _moment(question.start, calendar.zone),
        parse_limit(question.limit),
        calendar,
        [_pause(text, calendar.zone) for text in question.pauses],
        [parse_limit(text) for text in question.extensions],
    )
    return _as_json(result)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidMoment(text=text) from error
    if moment.tzinfo is not None or not {"T", " "} & set(text):
        raise InvalidMoment(text=text)
    return moment.replace(tzinfo=zone)


def _pause(text: str, zone: ZoneInfo) -> deadlines.Pause:
    start, slash, end = text.partition("/")
    if not slash:
        raise InvalidMoment(text=text)
    return deadlines.Pause(_moment(start, zone), _moment(end, zone) if end else None)


def _local(moment: datetime | None) -> str | None:
    return None if moment is None else moment.replace(tzinfo=None).isoformat()


def _as_json(result: deadlines.Due) -> _DueJson:
    intervals: list[_IntervalJson] = [
        {
            "from": interval.start.replace(tzinfo=None).isoformat(),
            "to": _local(interval.end),
            "counts": interval.counts,
            "reason": interval.reason.value,
            "name": interval.name or None,
        }
        for interval in result.intervals
    ]
    return {"due_at": _local(result.due_at), "provisional": result.provisional, "intervals": intervals}


def _lines(found: _DueJson) -> Iterator[str]:
    yield f"due_at {found['due_at'] or '-'}{' provisional' if found['provisional'] else ''}"
    for interval in found["intervals"]:
        sign = "+" if interval["counts"] else "-"
        why = f"{interval['reason']} {interval['name'] or ''}".rstrip()
        yield f"{sign} {interval['from']} {interval['to'] or '-'} {why}"
