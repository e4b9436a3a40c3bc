"""`jiehu clock due` as people's scripts see it."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.calendar_files import default_calendar
from bot.cli.clock import clock_app
from bot.domain.work_calendar import OfficePeriod, WorkCalendar


def calendar_for(config: Path | None) -> WorkCalendar:
    """The default, and for any settings file an office that opens one hour a day."""
    return default_calendar() if config is None else default_calendar(office=(OfficePeriod(time(9), time(10)),))


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `clock due`."""
    result = CliRunner().invoke(clock_app(calendar_for), ["due", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_json_has_the_due_moment_in_local_time_and_its_intervals() -> None:
    code, out, err = run("--start", "2026-09-30T16:20", "--limit", "3工作日", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found.keys() == {"due_at", "provisional", "intervals"}
    assert found["due_at"] == "2026-10-10T17:00:00"
    assert found["provisional"] is False
    assert found["intervals"][1] == {
        "from": "2026-10-01T00:00:00",
        "to": "2026-10-08T00:00:00",
        "counts": False,
        "reason": "holiday",
        "name": "国庆节",
    }


def test_pauses_and_extensions_may_be_repeated() -> None:
    code, out, _ = run(
        *("--start", "2026-11-17T15:00", "--limit", "1工作日", "--extend", "1工作日", "--extend", "1工作日"),
        *("--pause", "2026-11-18T10:00/2026-11-18T11:00", "--pause", "2026-11-19T10:00/2026-11-19T11:00", "--json"),
    )
    assert code == 0
    assert json.loads(out)["due_at"] == "2026-11-23T11:00:00"


def test_an_open_pause_gives_null() -> None:
    code, out, _ = run("--start", "2026-09-30T09:00", "--limit", "4工作时", "--pause", "2026-09-30T10:00/", "--json")
    found = json.loads(out)
    assert (code, found["due_at"], found["provisional"]) == (0, None, False)
    assert found["intervals"][-1]["to"] is None


def test_without_json_it_prints_lines() -> None:
    code, out, _ = run("--start", "2026-12-31T16:30", "--limit", "1工作时")
    assert code == 0
    assert out.splitlines() == [
        "due_at 2027-01-04T09:30:00 provisional",
        "+ 2026-12-31T16:30:00 2026-12-31T17:00:00 office",
        "- 2026-12-31T17:00:00 2027-01-01T00:00:00 night",
        "- 2027-01-01T00:00:00 2027-01-02T00:00:00 statutory 元旦",
        "- 2027-01-02T00:00:00 2027-01-04T00:00:00 weekend",
        "- 2027-01-04T00:00:00 2027-01-04T09:00:00 night",
        "+ 2027-01-04T09:00:00 2027-01-04T09:30:00 office",
    ]


def test_the_calendar_is_that_of_the_settings() -> None:
    code, out, _ = run("--start", "2026-09-30T09:00", "--limit", "2工作时", "--config", "district.yml", "--json")
    assert code == 0
    assert json.loads(out)["due_at"] == "2026-10-08T10:00:00"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--start", "2026-09-30T16:20", "--limit", "1.5工作日"], "1.5工作日"),
        (["--start", "2026-09-30T16:20", "--limit", "三天"], "三天"),
        (["--start", "2026-09-30T16:20", "--limit", "1工作日", "--extend", "1工作时"], "same unit"),
        (["--start", "2026-09-30T16:20+08:00", "--limit", "1工作日"], "+08:00"),
        (["--start", "2026-09-30", "--limit", "1工作日"], "2026-09-30"),
        (["--start", "{soon}", "--limit", "1工作日"], "{soon}"),
        (["--start", "2026-09-30T16:20", "--limit", "1工作日", "--pause", "2026-09-30T16:20"], "pause"),
        (["--start", "2026-09-30T16:20", "--limit", "1工作日", "--pause", "/2026-09-30T16:20"], "no local time"),
        (
            ["--start", "2026-09-30T16:20", "--limit", "1工作日", "--pause", "2026-10-08T10:00/2026-10-08T09:00"],
            "2026-10-08T09:00",
        ),
        (["--start", "1999-09-30T16:20", "--limit", "1工作日"], "1999"),
        (["--start", "9999-12-31T16:20", "--limit", "2自然日"], "9999"),
        (["--start", "2050-12-30T16:20", "--limit", "30工作日"], "2051"),
    ],
)
def test_what_is_refused_exits_1_with_one_sentence(arguments: list[str], word: str) -> None:
    code, out, err = run(*arguments, "--json")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert word in err


@pytest.mark.parametrize("arguments", [["--start", "2026-09-30T16:20"], ["--limit", "1工作日"], ["--wrong"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2
