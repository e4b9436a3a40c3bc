"""The command line as a whole: help everywhere, exit codes, sentences instead of tracebacks; in real processes too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from bot.cli import app
from tests.cli.conftest import ROOT, VARIABLES, Line


def commands() -> list[tuple[str, ...]]:
    """Every command and group, by its words."""
    found: list[tuple[str, ...]] = []

    def walk(command: Any, words: tuple[str, ...]) -> None:
        found.append(words)
        if isinstance(command, TyperGroup):
            for name in command.list_commands(None):  # type: ignore[arg-type]
                walk(command.get_command(None, name), (*words, name))  # type: ignore[arg-type]

    walk(typer.main.get_command(app), ())
    return found


def leaves() -> list[tuple[str, ...]]:
    all_words = commands()
    return [
        words for words in all_words if not any(other[: len(words)] == words and other != words for other in all_words)
    ]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize("words", leaves(), ids=" ".join)
def test_every_command_takes_a_config(words: tuple[str, ...]) -> None:
    assert "--config" in CliRunner().invoke(app, [*words, "--help"]).output


@pytest.mark.parametrize("words", [("code", "group"), ("code", "group", "--kind", "x", "--of", "hub"), ("nothing",)])
def test_wrong_usage_is_exit_code_2(line: Line, words: tuple[str, ...]) -> None:
    assert line(*words).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("tickets", "list"),
        ("tickets", "show", "JL-1"),
        ("code", "group", "--kind", "hub", "--of", "hub"),
        ("ledger", "verify"),
        ("catalogue", "import"),
        ("purge",),
        ("erase", "JL-1", "--yes"),
    ],
)
def test_without_a_database_a_command_says_what_to_do(bare: Line, words: tuple[str, ...]) -> None:
    assert bare.refusal(*words) == f"There is no database {bare.folder / 'jiehu.db'} yet: run jiehu db upgrade."


def test_a_database_of_another_version_is_refused(bare: Line) -> None:
    import sqlite3

    connection = sqlite3.connect(bare.folder / "jiehu.db")
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.commit()
    connection.close()
    assert bare.refusal("tickets", "list") == "The database is not at this program's version: run jiehu db upgrade."


def test_a_broken_database_is_one_sentence(bare: Line) -> None:
    (bare.folder / "jiehu.db").write_text("this is no database" * 100)
    assert bare.refusal("tickets", "list").startswith("The database cannot be used: ")


def test_db_upgrade_makes_the_folder_and_can_be_repeated(bare: Line) -> None:
    text = bare.config.read_text(encoding="utf-8").replace("sqlite:///jiehu.db", "sqlite:///deep/er/jiehu.db")
    bare.config.write_text(text, encoding="utf-8")
    first = bare.json("db", "upgrade")
    assert first == bare.json("db", "upgrade")
    assert (bare.folder / "deep" / "er" / "jiehu.db").exists()
    assert bare.json("tickets", "list") == []


def test_a_mistake_in_config_refuses_every_command(line: Line) -> None:
    line.config.write_text("district: {name: 区}\n", encoding="utf-8")
    refusal = line.refusal("tickets", "list")
    assert "config.yml, line 1: district.ticket_prefix is missing." in refusal.splitlines()


def process(*words: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_as_a_process_with_the_database_of_the_environment(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x' / 'y.db'}"
    before = process("tickets", "list", "--json", folder=tmp_path, DATABASE_URL=url)
    assert (before.returncode, before.stdout) == (1, "")
    assert before.stderr.strip().endswith("run jiehu db upgrade.")
    assert process("db", "upgrade", folder=tmp_path, DATABASE_URL=url).returncode == 0
    after = process("tickets", "list", "--json", folder=tmp_path, DATABASE_URL=url)
    assert (after.returncode, after.stdout.strip(), after.stderr) == (0, "[]", "")


def test_as_a_process_an_unknown_config_is_one_sentence(tmp_path: Path) -> None:
    refused = process(
        "clock", "due", "--start", "2026-09-30T16:20", "--limit", "3工作日", "--config", "no.yml", folder=tmp_path
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "There is no file no.yml; name another one with --config FILE.\n"


def test_the_clock_follows_the_config(line: Line) -> None:
    ask = ("clock", "due", "--start", "2026-11-23T09:30", "--limit", "2工作时")
    assert line.json(*ask)["due_at"] == "2026-11-23T11:30:00"
    text = line.config.read_text(encoding="utf-8") + "calendar: {office_hours: [{opens: 09:00, closes: 10:00}]}\n"
    line.config.write_text(text, encoding="utf-8")
    assert line.json(*ask)["due_at"] == "2026-11-25T09:30:00"


def test_a_command_that_starts_no_bot_loads_none() -> None:
    told = "import sys, bot.cli; print({'telegram', 'sqlalchemy', 'sklearn', 'openpyxl'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_commands_are_those_that_people_rely_on() -> None:
    promised = (
        *("demo", "run", "db upgrade", "code group", "code person", "tickets list", "tickets show", "clock due"),
        *("nlu predict", "nlu evaluate", "doctor", "ledger verify", "catalogue import", "catalogue diff", "replay"),
        *("config check", "tickets export", "calendar import", "calendar show"),
    )
    assert {tuple(words.split()) for words in promised} <= set(leaves())
