"""The main case over a Bot API server that knows seven methods only, with the real commands and a real process."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nlu.types import Interpreter
from tests.support.bot_process import ROOT, BotProcess, environment_of
from tests.support.foreign_server import ForeignServer, buttons, serve
from tests.support.world import LI, NAMES, STREET, UNIT, WANG

CODE = re.compile(r"JL-\d{8}-\d{4}")
SENTENCE = "路灯不亮了，柳荫路12号门口一片黑"
PRIVACY_ON = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
PRIVACY_OFF = PRIVACY_ON | {"can_read_all_group_messages": True}


@dataclass
class Town:
    """The server, the running bot, and the command line beside it."""

    server: ForeignServer
    bot: BotProcess
    config: Path

    async def jiehu(self, *words: str) -> Any:
        """What a command prints as JSON."""
        command = [sys.executable, "-m", "bot", *words, "--config", str(self.config), "--json"]
        done = await asyncio.to_thread(
            subprocess.run,
            command,
            cwd=self.config.parent,
            env=self.bot.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    async def bind(self) -> None:
        """One-time codes from the command line, used in the chats."""
        street, unit, worker, liaison = await asyncio.gather(
            self.jiehu("code", "group", "--kind", "street", "--of", "JL01"),
            self.jiehu("code", "group", "--kind", "department", "--of", "D26"),
            self.jiehu("code", "person", "--role", "grid_worker", "--of", "JL0101"),
            self.jiehu("code", "person", "--role", "liaison", "--of", "D26"),
        )
        self.server.say(LI, STREET, f"/bind {street['code']}")
        self.server.say(WANG, UNIT, f"/bind {unit['code']}")
        self.server.say(WANG, WANG, f"/join {liaison['code']}")
        if self.server.flags:
            self.server.say(LI, LI, f"/join {worker['code']}")
            await self.server.wait_for(lambda: self.server.said(LI))
        for chat in (STREET, UNIT, WANG):
            await self.server.wait_for(lambda chat=chat: self.server.said(chat))

    async def press(self, user: int, message: dict[str, Any], caption: str) -> str:
        """A press and its answer."""
        return await self.server.answer(self.server.press(user, message, caption))


@asynccontextmanager
async def town(folder: Path, flags: dict[str, Any]) -> AsyncIterator[Town]:
    """A server of that kind and `jiehu run` against it, on a fresh database."""
    groups = {STREET: "望澜街道工作群", UNIT: "市政中心"}
    server = ForeignServer("4242:foreign", flags, groups, NAMES)
    async with serve(server) as url:
        config = folder / "config.yml"
        config.write_text(_places((ROOT / "config.yml").read_text("utf-8"), folder), "utf-8")
        variables = {"TELEGRAM_TOKEN": server.token, "TELEGRAM_BASE_URL": url}
        environment = environment_of(folder, **variables, DATABASE_URL=f"sqlite+aiosqlite:///{folder}/jiehu.db")
        command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
        bot = BotProcess(command, environment, folder / "bot.log", ready="jiehu runs")
        bot.start()
        try:
            await bot.became_ready(240.0)
            yield Town(server, bot, config)
        finally:
            bot.end()


def _places(config: str, folder: Path) -> str:
    return (
        config.replace("examples/", f"{ROOT}/examples/")
        .replace("data/models", f"{ROOT}/data/models")
        .replace("data/files", f"{folder}/files")
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "flags",
    [pytest.param({}, id="no-flags"), pytest.param(PRIVACY_ON, id="private"), pytest.param(PRIVACY_OFF, id="open")],
)
async def test_a_report_goes_all_the_way_round(tmp_path: Path, interpreter: Interpreter, flags: dict[str, Any]) -> None:
    async with town(tmp_path, flags) as here:
        await here.bind()
        before = len(here.server.said(STREET))
        here.server.say(LI, STREET, "今天中午吃啥子")
        code = await _report(here, "/report@foreign_bot " + SENTENCE if flags is PRIVACY_ON else SENTENCE)
        assert len(here.server.said(STREET)) == before + 1, "chatter was answered"
        await _sign_and_report_back(here, code)
        await _evaluate(here, code, LI if flags else STREET)

        ticket = await here.jiehu("tickets", "show", code)
        assert (ticket["stage"], ticket["item"], ticket["department"]) == ("closed", "SZ-04", "D26")
        assert [part["state"] for part in ticket["assignments"]] == ["accepted"]
        assert [each["verdict"] for each in ticket["evaluations"]] == ["satisfied"]
        kinds = [event["kind"] for event in ticket["events"]]
        assert kinds[0] == "reported" and {"dispatched", "delivered", "signed", "reported_back", "closed"} <= set(kinds)
        assert await here.bot.stop() < 10
        assert here.server.refused and "Traceback" not in here.bot.said()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_photo_that_cannot_be_fetched_holds_nothing_up(tmp_path: Path, interpreter: Interpreter) -> None:
    async with town(tmp_path, {}) as here:
        await here.bind()
        code = await _report(here, SENTENCE, photo=True)
        await _sign_and_report_back(here, code)
        await _evaluate(here, code, STREET)
        assert (await here.jiehu("tickets", "show", code))["stage"] == "closed"
        assert here.server.refused["getFile"] > 0
        assert "Traceback" not in here.bot.said()


async def _report(here: Town, words: str, *, photo: bool = False) -> str:
    here.server.say(LI, STREET, words, photo=photo)
    draft = await here.server.card(STREET, "SZ-04", "市政中心", "确认上报")
    answer = await here.press(LI, draft, "确认上报")
    found = CODE.search(answer)
    assert found is not None, answer
    call = await here.server.card(UNIT, found.group(), "柳荫路12号", "签收", "退回")
    assert call["chat"]["id"] == UNIT
    await here.server.wait_for(lambda: found.group() in draft["text"])
    return found.group()


async def _sign_and_report_back(here: Town, code: str) -> None:
    await here.press(WANG, await here.server.card(UNIT, code, "签收"), "签收")
    await here.server.card(STREET, code, "王联络", "已签收")
    signed = await here.server.card(UNIT, code, "回告")
    await here.press(WANG, signed, "回告")
    asked = here.server.said(UNIT)[-1]
    here.server.say(WANG, UNIT, "已处理完毕，灯泡换好了", reply_to=asked)
    await here.press(WANG, await here.server.card(UNIT, code, "发送回告"), "发送回告")


async def _evaluate(here: Town, code: str, where: int) -> None:
    asked = await here.server.card(where, code, "满意", "未解决")
    assert [button["text"] for button in buttons(asked)] == ["满意", "基本满意", "不满意", "未解决"]
    await here.press(LI, asked, "满意")
    await here.server.card(STREET, code, "已结案")
