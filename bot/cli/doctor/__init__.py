"""`jiehu doctor`: every self-check in plain words, each with its remedy; no check stops another."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli.doctor.finding import Finding, State, Told, bad, good, told
from bot.cli.opening import Opened, catalogue_in_force, now_of, opened, run
from bot.cli.options import AsJson, ConfigFile, InLanguage, language_of
from bot.cli.refusals import Refused
from bot.config import Config, ConfigError, imported_notices, load_config, work_calendar
from bot.domain.chat import Chat
from bot.text.catalogue import Texts

_SIGNS = {State.GOOD: "✔", State.WARNING: "!", State.BAD: "✘"}


def doctor(config: ConfigFile = None, as_json: AsJson = False, lang: InLanguage = None) -> None:
    """自检：哪里不正常、怎么办。Check everything that can go wrong, and say what to do about it; exit code 1 if bad."""
    texts, locale, now = Texts(), language_of(lang), datetime.now(UTC)
    findings = [told(finding, texts, locale, now) for finding in run(_examine(config))]
    count = sum(finding.state is State.BAD for finding in findings)
    if as_json:
        checks = [asdict(finding) for finding in findings]
        typer.echo(json.dumps({"ok": not count, "checks": checks}, ensure_ascii=False))
    else:
        typer.echo("\n".join(line for finding in findings for line in _lines(finding, locale)))
    if count:
        raise Refused(texts.plain("doctor-bad", locale, {"count": count}, now=now))


def _lines(finding: Told, locale: str) -> list[str]:
    colon = "：" if locale == "zh" else ": "
    line = f"{_SIGNS[finding.state]} {finding.title}{colon}{finding.words}"
    return [line, f"    → {finding.remedy}"] if finding.remedy else [line]


async def _examine(config_file: Path | None) -> list[Finding]:
    try:
        config = load_config(config_file)
    except ConfigError as error:
        return [bad("config", "doctor-config-wrong", mistake=words) for words in error.sentences]
    findings = [good("config", "doctor-config")]
    chats: list[Chat] = []
    try:
        async with opened(config_file) as work:
            findings.append(good("database", "doctor-database"))
            findings += await _all(_here(work))
            async with work.store.read() as uow:
                chats = list(await uow.chats.all_bound())
    except Refused as error:
        findings.append(bad("database", error.key or "doctor-database-unusable", **error.params))
    return findings + await _all(_away(config, chats))


async def _here(work: Opened) -> AsyncIterator[AsyncIterator[Finding]]:
    from bot.cli.doctor import clocks, machine

    yield machine.check_backlog(work.store)
    yield machine.check_last_poll(work.store)
    yield machine.check_files(work.config, work.store)
    async with work.store.read() as uow:
        now, catalogue = await now_of(uow), await catalogue_in_force(uow, work.config)
        chats, notices = await uow.chats.all_bound(), await imported_notices(uow)
    yield machine.check_messages(work.store, now)
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
    return bad(name, "doctor-broken", error=f"{type(error).__name__}, {error}")
