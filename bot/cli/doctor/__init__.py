"""`jiehu doctor`: every self-check in plain words, each with its remedy; no check stops another."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import typer

from bot.cli.doctor.finding import Finding, State, bad, good
from bot.cli.opening import Opened, catalogue_in_force, now_of, opened, run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.config import Config, ConfigError, imported_notices, load_config, work_calendar
from bot.domain.chat import Chat

_SIGNS = {State.GOOD: "✔", State.WARNING: "!", State.BAD: "✘"}


def doctor(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Check everything that can go wrong, and say what to do about it; exit code 1 if something is bad."""
    findings = run(_examine(config))
    ok = all(finding.state is not State.BAD for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": ok, "checks": [asdict(finding) for finding in findings]}, ensure_ascii=False))
    else:
        typer.echo("\n".join(line for finding in findings for line in _lines(finding)))
    if not ok:
        raise Refused(f"{sum(finding.state is State.BAD for finding in findings)} check(s) are bad.")


def _lines(finding: Finding) -> list[str]:
    line = f"{_SIGNS[finding.state]} {finding.name}: {finding.words}"
    return [line, f"    → {finding.remedy}"] if finding.remedy else [line]


async def _examine(config_file: Path | None) -> list[Finding]:
    try:
        config = load_config(config_file)
    except ConfigError as error:
        return [bad("config", words, "Correct the line.") for words in error.sentences]
    findings = [good("config", "config.yml is in order.")]
    chats: list[Chat] = []
    try:
        async with opened(config_file) as work:
            findings.append(good("database", "It is reachable and at this program's version."))
            findings += await _all(_here(work))
            async with work.store.read() as uow:
                chats = list(await uow.chats.all_bound())
    except Refused as error:
        findings.append(bad("database", str(error), "See storage.database_url and DATABASE_URL, and what it says."))
    return findings + await _all(_away(config, chats))


async def _here(work: Opened) -> AsyncIterator[AsyncIterator[Finding]]:
    from bot.cli.doctor import clocks, machine

    yield machine.check_backlog(work.store)
    yield machine.check_last_poll(work.store)
    yield machine.check_files(work.config, work.store)
    async with work.store.read() as uow:
        now, catalogue = await now_of(uow), await catalogue_in_force(uow, work.config)
        chats, notices = await uow.chats.all_bound(), await imported_notices(uow)
    yield clocks.check_scan(work.store, now)
    yield machine.check_calendar(work_calendar(work.config, notices), now.astimezone(work.config.zone).date())
    yield machine.check_chats(catalogue, chats, work.config.enforcement.department)
    yield machine.check_agreement(work.config, catalogue)


async def _away(config: Config, chats: list[Chat]) -> AsyncIterator[AsyncIterator[Finding]]:
    from bot.cli.doctor.telegram import check_telegram

    yield check_telegram(config, chats)


async def _all(checks: AsyncIterator[AsyncIterator[Finding]]) -> list[Finding]:
    findings: list[Finding] = []
    try:
        async for check in checks:
            findings += await _one(check)
    except Exception as error:  # a check must never hide what the others found
        findings.append(_broken("checks", error))
    return findings


async def _one(check: AsyncIterator[Finding]) -> list[Finding]:
    findings: list[Finding] = []
    try:
        async for finding in check:
            findings.append(finding)
    except Exception as error:
        findings.append(_broken(getattr(check, "__name__", "check").removeprefix("check_"), error))
    return findings


def _broken(name: str, error: Exception) -> Finding:
    return bad(name, f"This could not be checked: {type(error).__name__}, {error}.", "Report this sentence.")
