"""`jiehu doctor`: each check with its remedy, against the playground in health and in every kind of trouble."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.application.ports import UnitOfWork
from bot.application.records import DueKind, Subject, SubjectKind
from bot.calendar_files import default_calendar, published_from_chinesecalendar
from bot.catalogue_files import read_catalogue
from bot.cli.doctor import machine
from bot.cli.doctor.finding import Finding, State, Told, told
from bot.cli.doctor.telegram import _clock, check_telegram
from bot.config import Config, load_config
from bot.config.sections import TelegramMode
from bot.domain.chat import Chat, ChatKind
from bot.domain.work_calendar import WorkCalendar
from bot.gateway.health import LAST_FAILURE
from bot.playground.server import Playground
from bot.text.catalogue import Texts
from tests.cli.conftest import ROOT, Line
from tests.support.world import serve_playground

GROUP = -1001
TEXTS = Texts()
CHATS = [Chat(1, GROUP, ChatKind.STREET, "JL01", "望澜街道工作群")]
SEVEN = (
    *("getMe", "getUpdates", "sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery"),
    "deleteMessage",
)


@pytest.fixture
def play() -> Playground:
    made = Playground()
    made.add_user(101, "李网格")
    made.add_chat(GROUP, "望澜街道工作群", (101,))
    return made


@pytest.fixture
async def config(play: Playground) -> AsyncIterator[Config]:
    async with serve_playground(play) as url:
        loaded = load_config(ROOT / "config.yml", {})
        telegram = loaded.telegram.model_copy(update={"base_url": url, "token": SecretStr(play.token)})
        yield loaded.model_copy(update={"telegram": telegram})


def in_english(finding: Finding) -> Told:
    return told(finding, TEXTS, "en", datetime.now(UTC))


async def read(check: AsyncIterator[Finding]) -> dict[str, Told]:
    return {one.name: one for one in [in_english(finding) async for finding in check]}


async def findings(config: Config, chats: list[Chat] = CHATS) -> dict[str, Told]:
    return await read(check_telegram(config, chats))


def states(found: dict[str, Told]) -> dict[str, State]:
    return {name: finding.state for name, finding in found.items()}


async def test_in_health_all_is_good(config: Config) -> None:
    found = await findings(config)
    assert states(found).keys() == {"telegram", "clock", "privacy mode", "updates", "groups"}
    assert {finding.state for name, finding in found.items() if name != "clock"} == {State.GOOD}
    assert "@jiehu_demo_bot" in found["telegram"].words


async def test_privacy_mode_is_told_for_the_bot_and_each_group(config: Config, play: Playground) -> None:
    play.rules = replace(play.rules, privacy_mode=True)
    play.add_chat(-1002, "市政中心", (101,), bot_is_admin=False)
    found = await findings(config, [*CHATS, Chat(2, -1002, ChatKind.DEPARTMENT, "D26", "市政中心")])
    assert found["privacy mode"].state is State.WARNING
    assert "/setprivacy" in found["privacy mode"].remedy
    assert "group 望澜街道工作群" not in found, "an administrator sees everything"
    assert found["group 市政中心"].words.startswith("The bot sees only commands and replies here")


async def test_a_group_that_threw_the_bot_out_is_bad(config: Config, play: Playground) -> None:
    await play.kick(GROUP)
    found = await findings(config)
    assert found["group 望澜街道工作群"].state is State.BAD
    assert "not in this group any more" in found["group 望澜街道工作群"].words
    assert found["updates"].state is State.GOOD


async def test_a_server_that_knows_seven_methods_is_survived(config: Config, play: Playground) -> None:
    play.faults.only(SEVEN)
    found = await findings(config)
    assert found["telegram"].state is State.GOOD
    assert found["updates"].state is State.WARNING
    assert "(getWebhookInfo): 500" in found["updates"].words
    assert "(getChatMember): 500" in found["group 望澜街道工作群"].words


async def test_a_wrong_token_a_dead_server_and_no_token_are_each_one_bad_finding(config: Config) -> None:
    wrong = config.telegram.model_copy(update={"token": SecretStr("9:nobody")})
    dead = config.telegram.model_copy(update={"base_url": "http://127.0.0.1:9"})
    none = config.telegram.model_copy(update={"token": None})
    for telegram, name in ((wrong, "telegram"), (dead, "telegram"), (none, "token")):
        found = await findings(config.model_copy(update={"telegram": telegram}))
        assert states(found) == {name: State.BAD}
        assert found[name].remedy
        assert "nobody" not in found[name].words


async def test_a_webhook_that_contradicts_config_is_bad(config: Config) -> None:
    hook = config.telegram.webhook.model_copy(update={"url": "https://h/x", "secret": SecretStr("s")})
    telegram = config.telegram.model_copy(update={"mode": TelegramMode.WEBHOOK, "webhook": hook})
    found = await findings(config.model_copy(update={"telegram": telegram}), [])
    assert (found["updates"].state, found["updates"].words) == (
        State.BAD,
        "Config says webhook, but none is set.",
    )


@pytest.mark.parametrize(
    ("skew", "state"),
    [(None, State.WARNING), (2.0, State.GOOD), (-31.0, State.WARNING), (301.0, State.BAD)],
)
def test_the_clock_is_compared_with_telegrams(skew: float | None, state: State) -> None:
    assert _clock(skew).state is state


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 9, 30), State.GOOD),
        (date(2026, 10, 1), State.WARNING),
        (date(2025, 12, 1), State.GOOD),
        (date(2027, 1, 1), State.WARNING),
    ],
)
async def test_next_years_notice_is_missed_from_october_on(today: date, state: State) -> None:
    calendar = WorkCalendar(published_from_chinesecalendar([2025, 2026]))
    [finding] = [finding async for finding in machine.check_calendar(calendar, today)]
    assert finding.state is state
    assert ("暂定" in told(finding, TEXTS, "zh", datetime.now(UTC)).words) == (state is State.WARNING)
    assert default_calendar().is_published(2026)


async def test_who_has_no_chat_is_named() -> None:
    catalogue = read_catalogue(load_config(ROOT / "config.yml", {}).catalogue_paths())
    none = await read(machine.check_chats(catalogue, []))
    assert states(none) == {"units": State.WARNING, "streets": State.WARNING, "hub": State.BAD}
    assert none["units"].words.startswith(
        "64 of them have no chat, so nobody gets what is sent to them: 区综合行政执法局 D01, "
    )
    assert "--kind department --of D01" in none["units"].remedy
    chats = [
        *(Chat(0, 0, ChatKind.DEPARTMENT, code) for code in catalogue.departments),
        *(Chat(0, 0, ChatKind.STREET, code) for code in catalogue.streets),
        Chat(0, 0, ChatKind.HUB, "hub", "中枢", unreachable_since=datetime(2026, 11, 22, tzinfo=UTC)),
    ]
    found = await read(machine.check_chats(catalogue, chats))
    assert states(found) == {"units": State.GOOD, "streets": State.GOOD, "group 中枢": State.BAD}


def checks(line: Line) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in json.loads(line("doctor", "--json").stdout)["checks"]}


def test_without_a_token_and_a_database_it_still_tells_everything(bare: Line) -> None:
    result = bare("doctor", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"]) == (1, False)
    assert [(check["name"], check["state"]) for check in answer["checks"]] == [
        ("config", "good"),
        ("database", "bad"),
        ("token", "bad"),
    ]
    assert "Run jiehu db upgrade" in answer["checks"][1]["remedy"]
    assert result.stderr.strip() == "2 check(s) are bad."


def test_a_database_server_that_does_not_answer_is_one_bad_finding_beside_the_others(bare: Line) -> None:
    text = bare.config.read_text(encoding="utf-8").replace("sqlite:///jiehu.db", "postgresql://me:pw@127.0.0.1:9/jiehu")
    bare.config.write_text(text, encoding="utf-8")
    found = checks(bare)
    assert found["database"]["state"] == "bad" and "cannot be reached" in found["database"]["words"]
    assert "token" in found, "what can be asked elsewhere is asked"


def test_mistakes_in_config_are_findings(line: Line) -> None:
    line.config.write_text("district: {name: 区}\n", encoding="utf-8")
    found = json.loads(line("doctor", "--json").stdout)["checks"]
    assert {check["name"] for check in found} == {"config"}
    assert all(check["state"] == "bad" and check["remedy"] for check in found)


def test_every_local_check_is_there_and_whatever_is_not_good_has_a_remedy(line: Line) -> None:
    found = checks(line)
    names = (
        "database",
        "backlog",
        "dead letters",
        "messages",
        "last poll",
        "scan",
        "disk",
        "files",
        "calendar",
        "units",
        "list",
    )
    assert set(names) <= found.keys()
    assert all(bool(check["remedy"]) == (check["state"] != "good") for check in found.values())
    assert found["last poll"]["words"] == "No update was ever fetched."


def test_the_heartbeat_of_the_scan_and_what_it_left_lying(line: Line) -> None:
    assert checks(line)["scan"]["words"].startswith("Deadlines were never scanned")

    async def lately(uow: UnitOfWork) -> None:
        await uow.settings.put("scan:heartbeat", time.time() - 3)

    async def forgotten(uow: UnitOfWork) -> None:
        at = datetime.now(UTC) - timedelta(hours=1)
        await uow.dues.put(Subject(SubjectKind.TICKET, 1), DueKind.CARD_REFRESH, at)

    line.write(lately)
    assert checks(line)["scan"]["state"] == "good"
    line.write(forgotten)
    found = checks(line)["scan"]
    assert found["state"] == "bad" and "1 check(s) should have happened" in found["words"]


def test_the_age_of_the_last_good_poll(line: Line) -> None:
    async def poll(uow: UnitOfWork) -> None:
        await uow.settings.put("poll:last_good", time.time() - timedelta(hours=1).total_seconds())

    line.write(poll)
    assert checks(line)["last poll"]["state"] == "bad"


def test_why_the_last_poll_failed(line: Line) -> None:
    async def poll(uow: UnitOfWork) -> None:
        await uow.settings.put("poll:last_good", time.time() - 5)
        await uow.settings.put(LAST_FAILURE, "conflict")

    line.write(poll)
    found = checks(line)["last poll"]
    assert found["state"] == "warning" and "5 s ago; since then another program fetches" in found["words"]
    assert "tries again by itself" in found["remedy"]


def test_as_text_each_finding_has_a_line_and_its_remedy_below(line: Line) -> None:
    lines = line("doctor").stdout.splitlines()
    position = next(number for number, words in enumerate(lines) if words.startswith("✘ token: "))
    assert lines[position + 1].startswith("    → ")
    assert lines[0] == "✔ config: config.yml is in order."


async def test_a_check_that_breaks_does_not_hide_the_others() -> None:
    from bot.cli.doctor import _all

    async def breaks() -> AsyncIterator[Finding]:
        yield Finding("first", State.GOOD, "well")
        raise RuntimeError("boom")

    async def holds() -> AsyncIterator[Finding]:
        yield Finding("second", State.GOOD, "well")

    async def both() -> AsyncIterator[AsyncIterator[Finding]]:
        yield breaks()
        yield holds()

    found = await _all(both())
    assert [(finding.name, finding.state) for finding in found] == [
        ("first", State.GOOD),
        ("breaks", State.BAD),
        ("second", State.GOOD),
    ]
    assert "RuntimeError, boom" in in_english(found[1]).words
