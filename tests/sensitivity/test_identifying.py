"""Numbers and addresses that identify a person are masked in every way out, however they are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import load_config
from bot.playground.model import Message
from bot.replay import replay_file
from tests.scenarios.stories import code_in
from tests.sensitivity.messages import Said, messages, told
from tests.sensitivity.watching import everything_stored, exported, shown_in_groups
from tests.support.known_words import KnownWords, Meaning
from tests.support.world import (
    CHEN,
    COMMUNITY,
    DEMO_CONFIG,
    HUB,
    LEADER,
    LEADERS,
    LI,
    MIXED,
    OFFICER,
    POLICE,
    QIAN,
    STREET,
    UNIT,
    WANG,
    World,
    open_world,
)

IDENTIFYING = messages("identifying.txt")
READER = KnownWords({said.text: Meaning("SZ-04") for said in IDENTIFYING})
NUMBERS = [said.text.replace("路灯", "那边") for said in IDENTIFYING]
"""The same in the words of those who work on it: no report."""


class Walk:
    """Steps in one world; every answer to a press in a group is kept."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.toasts: list[str] = []

    async def press(self, user: int, chat: int, button: str, message: Message | None = None) -> None:
        answer = await self.world.press(user, chat, button, message)
        self.toasts += [answer] if chat < 0 else []

    async def reported(self, said: Said, chat: int = STREET) -> Message:
        """A report in a group, confirmed there; the unit's card."""
        await self.world.says(LI, chat, said.text)
        await self.press(LI, chat if chat != MIXED else LI, "确认上报")
        return self.world.card(UNIT, "签收")

    async def signed(self, said: Said) -> Message:
        call = await self.reported(said)
        await self.press(WANG, UNIT, "签收", call)
        return call

    async def look_around(self, code: str, words: str) -> None:
        for user, chat in ((LI, STREET), (LI, COMMUNITY), (WANG, UNIT), (CHEN, HUB), (LEADER, LEADERS)):
            for asked in (
                "清单",
                "我的",
                f"进度 {code}",
                f"时限 {code}",
                f"催办 {code}",
                f"归口 {words}",
                f"进度 {words}",
            ):
                await self.world.says(user, chat, asked)

    async def checked(self, folder: Path, codes: Sequence[str], logs: pytest.CaptureFixture[str]) -> None:
        await self.world.forward(timedelta(days=3))
        seen = shown_in_groups(self.world)
        assert [line for line in seen.splitlines() if told(line, IDENTIFYING)] == []
        assert told("\n".join(self.toasts), IDENTIFYING) == []
        stored = await everything_stored(self.world)
        assert told(stored["event"], IDENTIFYING) == [], "what is hashed can never be erased"
        out = await exported(folder, list(codes))
        assert [line for line in out.splitlines() if told(line, IDENTIFYING)] == []
        written = logs.readouterr()
        assert told(written.err + written.out, IDENTIFYING) == []


@pytest.mark.parametrize("chat", [STREET, COMMUNITY, MIXED])
async def test_reports_worked_on_to_their_end(chat: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with open_world(tmp_path, READER) as world:
        walk, codes = Walk(world), []
        for said, words in zip(IDENTIFYING, NUMBERS, strict=True):
            call = await walk.reported(said, chat)
            codes.append(code_in(call.text))
            await walk.press(WANG, UNIT, "签收", call)
            await world.says(WANG, UNIT, f"已到现场，正在抢修，{words}", reply_to=call)
            await world.says(LI, chat, f"{codes[-1]} 补充一下，{words}")
            await world.says(WANG, UNIT, f"已处理完毕，今天上午换好了，{words}", reply_to=call)
            await walk.press(WANG, UNIT, "改给居民的话")
            await world.says(WANG, UNIT, f"换好了，{words}", reply_to=world.last(UNIT))
            await walk.press(WANG, UNIT, "发送回告")
            await walk.press(LI, LI, "不满意")
            await walk.press(LI, LI, "写一句")
            await world.says(LI, LI, words)
        await walk.look_around(codes[-1], NUMBERS[0])
        await walk.checked(tmp_path, codes, capfd)


async def test_requests_rulings_and_merges(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with open_world(tmp_path, READER) as world:
        walk, words = Walk(world), NUMBERS
        first = await walk.signed(IDENTIFYING[0])
        await walk.press(WANG, UNIT, "转承办人", first)
        await world.says(WANG, UNIT, f"张工 {words[4]}", reply_to=world.last(UNIT))
        await world.says(WANG, UNIT, f"延期 2天，{words[0]}", reply_to=first)
        await walk.press(LI, LI, "同意")
        await world.says(WANG, UNIT, f"挂账到12月8日，{words[1]}", reply_to=first)
        await walk.press(CHEN, HUB, "同意")
        second = await walk.signed(IDENTIFYING[1])
        await world.says(WANG, UNIT, f"退回 应由公安分局负责，{words[2]}", reply_to=second)
        await walk.press(CHEN, HUB, "问街道")
        await world.says(CHEN, HUB, f"请核实，{words[3]}", reply_to=world.last(HUB))
        await world.says(LI, STREET, f"核实了，{words[4]}", reply_to=world.last(STREET))
        await walk.press(CHEN, HUB, "同意→公安分局")
        third = await walk.signed(IDENTIFYING[2])
        await world.says(LI, STREET, IDENTIFYING[2].text)
        codes = [code_in(each.text) for each in (first, second, third)]
        await world.says(LI, STREET, f"拆分 {codes[2]} {IDENTIFYING[3].text}")
        await world.says(LI, STREET, f"并案 {codes[2]} {codes[0]}")
        await world.says(OFFICER, STREET, f"撤回 {codes[2]} {words[5]}")
        await world.says(CHEN, HUB, "下一件")
        await world.says(CHEN, HUB, "交班")
        await walk.look_around(codes[0], words[6])
        await walk.checked(tmp_path, codes, capfd)


async def test_meetings_leaders_and_emergencies(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with open_world(tmp_path, READER, direct_levels=frozenset()) as world:
        walk, words = Walk(world), NUMBERS
        await world.says(LI, STREET, IDENTIFYING[0].text)
        await walk.press(LI, STREET, "确认上报")
        code = code_in(world.card(HUB, "联动处置").text)
        await walk.press(CHEN, HUB, "联动处置")
        await world.says(CHEN, HUB, f"明天下午3点，{words[1]}", reply_to=world.last(HUB))
        await walk.press(CHEN, HUB, "加请单位")
        await world.says(CHEN, HUB, "市政中心、公安分局", reply_to=world.last(HUB))
        await walk.press(CHEN, HUB, "发出邀请")
        await walk.press(QIAN, POLICE, "派代表")
        await world.says(QIAN, POLICE, f"李工 {words[2]}", reply_to=world.last(POLICE))
        await world.forward(timedelta(days=1, hours=6))
        await walk.press(CHEN, HUB, "发纪要")
        lines = f"市政中心：{words[3]}，3工作日（牵头）\n公安分局：{words[4]}，2工作日\n没有的单位：{words[5]}，2工作日"
        await world.says(CHEN, HUB, lines, reply_to=world.last(HUB))
        lines = f"市政中心：{words[3]}，3工作日（牵头）\n公安分局：{words[4]}，2工作日"
        await world.says(CHEN, HUB, lines, reply_to=world.last(HUB))
        await walk.press(CHEN, HUB, "确认派单")
        await world.says(OFFICER, OFFICER, f"报区领导 {code} {words[5]}")
        await walk.press(LEADER, LEADER, "直接回一句")
        await world.says(LEADER, LEADER, f"请市政中心牵头，三日内办好，{words[6]}")
        await walk.press(LEADER, LEADER, "转达")
        await world.says(WANG, UNIT, f"请街道 望澜街道 {words[0]}")
        await world.says(LI, STREET, f"先行处置 {words[1]}")
        await world.says(CHEN, HUB, f"应急 启动 望澜街道 {words[2]}")
        await walk.press(CHEN, HUB, "启动应急")
        await world.says(LI, STREET, f"应急 记 {words[3]}")
        await walk.press(CHEN, HUB, "结束应急")
        await walk.look_around(code, words[4])
        await walk.checked(tmp_path, [code], capfd)


async def test_what_a_replay_prints(tmp_path: Path) -> None:
    file = tmp_path / "said.csv"
    file.write_text("text\n" + "\n".join(f'"{said.text}"' for said in IDENTIFYING), encoding="utf-8")
    tally = await replay_file(load_config(DEMO_CONFIG), file, tmp_path)
    assert told(tally.as_text() + str(tally.as_dict()), IDENTIFYING) == []
