"""Item 8: one digest a chat at its times, none where nothing is open; a leader is given decisions only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.rules import AnswerSignature
from nlu.types import Interpreter
from tests.scenarios.stories import COVER, LAMP, called, count, now_reads, reported, signed
from tests.support.world import (
    CHEN,
    HE,
    HUB,
    LEADER,
    LI,
    OFFICER,
    POLICE,
    STREET,
    SUN,
    UNIT,
    WANG,
    World,
    captions,
    open_world,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That local time in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).replace(hour=hour - 8 if hour >= 8 else hour)


def digests(world: World, chat: int) -> list[str]:
    """The digests that stand there."""
    return [text for text in world.said(chat) if text[0] in "☀📋🌙"]


async def test_a_unit_reads_twice_a_day_what_is_open_and_presses_there(world: World) -> None:
    lamp, call = await signed(world)
    other, second = await called(world, "石鼓路8号门口路灯坏了两盏")
    hidden = "柳荫小区3栋2单元501，男的喝了酒又打老婆"
    await world.says(LI, LI, hidden)
    await world.press(LI, LI, "确认上报")
    await world.app.advance(at(23, 15))
    [digest] = digests(world, UNIT)
    assert "市政中心 11月23日 周一" in digest and "待签收 1 · 今天到期 0 · 逾期 0" in digest
    assert "柳荫路12号" in digest and lamp[-4:] in digest and other[-4:] in digest
    assert digests(world, POLICE) == [], "sensitive matters are in no digest"
    assert "打老婆" not in world.everything_in_groups()
    message = world.card(UNIT, f"签收 {other[-4:]}")
    assert captions(message) == [f"📮 回告 {lamp[-4:]}", f"✅ 签收 {other[-4:]}"] and len(digest.splitlines()) <= 9
    await world.press(WANG, UNIT, f"签收 {other[-4:]}")
    assert "已签收：王联络" in now_reads(world, UNIT, second)
    before = count(world, UNIT)
    await world.says(SUN, UNIT, "已到现场，正在抢修", reply_to=message)
    assert count(world, UNIT) == before and "正在抢修" not in now_reads(world, UNIT, call), "which case is not said"
    await world.says(SUN, UNIT, f"{lamp[-4:]} 已到现场，正在抢修", reply_to=message)
    assert "正在抢修" in now_reads(world, UNIT, call)
    await world.says(WANG, UNIT, "已处理完毕，今天下午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    await world.app.advance(at(24, 9))
    morning = digests(world, UNIT)[-1]
    assert "上个工作日办结 1 件，街道满意 1 件" in morning and "11月24日 周二" in morning
    assert "明天 17:00" in morning


async def test_nothing_open_no_message_and_a_chat_chooses_its_times(world: World) -> None:
    await world.app.advance(at(25, 18))
    assert [digests(world, chat) for chat in (STREET, UNIT, HUB, POLICE)] == [[], [], [], []]
    await world.says(WANG, UNIT, "汇总")
    assert "没有未结" in world.last(UNIT).text and "09:00 15:00" in world.last(UNIT).text
    await world.says(LI, STREET, "汇总 25:00")
    assert "汇总 09:00 15:00" in world.last(STREET).text
    await world.says(WANG, UNIT, "汇总 8:30、13:00")
    assert "08:30 13:00" in world.last(UNIT).text and "明天 08:30" in world.last(UNIT).text
    await world.says(LI, STREET, "/digest off")
    assert "不再发汇总" in world.last(STREET).text
    await called(world)
    await world.app.advance(at(26, 8, 31))
    assert len(digests(world, UNIT)) == 1
    await world.says(WANG, UNIT, "静音 12小时")
    await world.app.advance(at(26, 18))
    assert len(digests(world, UNIT)) == 1 and digests(world, STREET) == []
    talk = await world.says(LI, STREET, "汇总一下今天的会议纪要")
    assert world.last(STREET).posting.reply_to != talk.message_id, "chatter"
    await world.says(LI, STREET, "汇总 开")
    await world.app.advance(at(30, 9))
    assert len(digests(world, STREET)) == 2 and "部门逾期 1" in digests(world, STREET)[-1]


async def test_the_street_and_the_hub_have_theirs(world: World) -> None:
    late, _ = await called(world, COVER)
    code, _ = await reported(world)
    await world.says(LI, STREET, "学校门口一到放学就堵死，要交警来管")
    await world.app.advance(at(23, 15))
    [street] = digests(world, STREET)
    assert "部门逾期 1 · 待核实 1" in street and late[-4:] in street and code[-4:] in street
    await world.press(OFFICER, STREET, f"催办 {late[-4:]}")
    assert any("街道催办" in text and late in text for text in world.said(UNIT))
    [hub] = digests(world, HUB)
    assert "全区逾期 1" in hub


async def test_after_an_outage_no_late_digest_is_caught_up(world: World) -> None:
    await called(world)
    await world.app.set_clock(at(25, 12))
    await world.settle()
    assert digests(world, UNIT) == []
    await world.app.advance(at(25, 15))
    assert len(digests(world, UNIT)) == 1


async def test_before_days_off_the_last_digest_looks_ahead(world: World) -> None:
    far, _ = await signed(world)
    await world.app.advance(at(27, 14))
    await called(world, "石鼓路8号门口路灯坏了两盏")
    running, _ = await called(world, COVER)
    await world.app.advance(at(27, 15))
    evening = digests(world, UNIT)[-1]
    assert evening.startswith("🌙") and "周一 12:00" in evening
    assert running[-4:] in evening and "柳荫路12号" in evening and far[-4:] in evening, (
        "what runs on and what is due by Monday noon"
    )
    assert "石鼓路" not in evening, "due on Tuesday"
    assert "放假期间照走" in digests(world, STREET)[-1]
    before = len(digests(world, UNIT))
    await world.app.advance(at(29, 20))
    assert len(digests(world, UNIT)) == before, "none on days off"


@pytest.fixture
async def signing(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """A district in which the leader signs every answer and the officer starts every call."""
    rules = {"answer_signature": AnswerSignature.ALL, "standing_items": frozenset[str](), "release_limit": "4工作日"}
    async with open_world(tmp_path, interpreter, start_limit="9工作日", **rules) as opened:
        yield opened


async def test_a_leader_is_given_decisions_once_a_day_else_the_week(signing: World) -> None:
    world = signing
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    await world.app.advance(at(24, 9))
    officer = world.last(OFFICER)
    assert "今天请您定 1 件" in officer.text and "待您启动" in officer.text
    assert captions(officer) == ["全部启动", "逐件看"] and len(officer.text.splitlines()) <= 9
    await world.press(OFFICER, OFFICER, "全部启动", officer)
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    before = count(world, HE)
    await world.app.advance(at(25, 18))
    assert count(world, HE) == before + 1
    told = world.last(HE).text
    assert "今天请您定 1 件" in told and "回告待签发" in told and "本周：自办 0，呼叫 1，办结 0" in told
    await world.press(HE, HE, "全部签发", world.last(HE))
    assert any("已回告" in text for text in world.said(STREET))
    silent = count(world, HE)
    await world.app.advance(at(27, 16, 29))
    assert count(world, HE) == silent, "nothing to decide, no message"
    await world.app.advance(at(27, 16, 30))
    assert count(world, HE) == silent + 1 and "本周没有要您定的" in world.last(HE).text
    assert "本周：自办 0，呼叫 1" in world.last(LEADER).text
    await world.says(HE, HE, "汇总 关")
    await world.says(CHEN, CHEN, "汇总")
    assert "汇总发在群里" in world.last(CHEN).text
