"""应急状态 through the chats: acted first, declared, answered by party, written down, ended with a summary."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stories import LAMP, count, now_reads
from tests.support.world import (
    CHEN,
    COMMUNITY,
    HUB,
    LEADER,
    LI,
    MIXED,
    OFFICER,
    POLICE,
    STREET,
    UNIT,
    WANG,
    World,
    captions,
)

CHATS = (HUB, STREET, COMMUNITY, UNIT, POLICE)


async def test_an_emergency_from_the_first_act_to_the_summary(world: World) -> None:
    await world.says(LI, STREET, "先行处置 云栈口地下车库进水，已封路，转移了三户")
    assert "已记下" in world.last(STREET).text
    assert "中枢调度员" in (await refused(world, OFFICER, STREET, "应急 启动 望澜街道 暴雨内涝")), "who declares"
    quiet = {chat: count(world, chat) for chat in CHATS}
    await world.says(CHEN, HUB, "应急 启动 望澜 暴雨内涝")
    proposed = world.last(HUB)
    assert "这样启动应急状态" in proposed.text and "望澜街道" in proposed.text
    assert count(world, UNIT) == quiet[UNIT], "nobody is told before it is confirmed"
    await world.press(CHEN, HUB, "启动应急", proposed)
    cards = {chat: world.card(chat, "到场") for chat in CHATS}
    assert cards[HUB].message_id == proposed.message_id
    assert all("应急状态：暴雨内涝" in card.text and not card.posting.silent for c, card in cards.items() if c != HUB)
    assert not any("应急" in text for text in world.said(MIXED))
    assert "转移了三户" in cards[UNIT].text, "what the street did before belongs to the log"
    assert "结束应急" not in captions(cards[UNIT])

    await world.press(WANG, UNIT, "收到", cards[UNIT])
    await world.press(WANG, UNIT, "到场", cards[UNIT])
    await world.press(WANG, UNIT, "到场", cards[UNIT])
    await world.press(LI, STREET, "记一笔", cards[STREET])
    await world.says(LI, STREET, "云栈口水已退到脚踝，联系13912345678", reply_to=world.last(STREET))
    reads = now_reads(world, HUB, cards[HUB])
    assert "收到 1 家：市政中心" in reads and "到场 1 家：市政中心" in reads
    assert "水已退到脚踝" in reads and "13912345678" not in reads and "王联络" not in reads, "by party, masked"
    assert count(world, UNIT) == quiet[UNIT] + 1, "one message per chat, edited in place"

    await world.app.read_facts()
    await world.forward(timedelta(hours=13))
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    assert not world.card(UNIT, "签收").posting.silent, "quiet hours are off there"

    await world.says(LEADER, LEADER, "应急 结束")
    assert "已结束" in now_reads(world, UNIT, cards[UNIT]) and captions(cards[UNIT]) == []
    told = world.last(POLICE).text
    assert "应急状态结束" in told and "其间 1 件，未办结 1 件转为日常件" in told
    handed = world.card(STREET, "已办好")
    assert "街道自办" in handed.text and "暴雨内涝" in handed.text
    await world.app.read_facts()
    assert world.app.district().alert == frozenset()


async def refused(world: World, user: int, chat: int, words: str) -> str:
    await world.says(user, chat, words)
    return world.last(chat).text


async def test_what_is_no_command_stays_unanswered_and_what_is_refused_is_said(world: World) -> None:
    before = count(world, STREET)
    await world.says(LI, STREET, "应急演练改到下周三下午，请各网格准备")
    await world.says(LI, STREET, "应急 物资清单在群文件里")
    assert count(world, STREET) == before
    assert "请这样写" in await refused(world, CHEN, HUB, "应急 启动 暴雨内涝")
    assert "现在没有应急状态" in await refused(world, CHEN, HUB, "应急")
    await world.says(CHEN, HUB, "应急 启动 全区 低温冰冻")
    await world.press(CHEN, HUB, "不启动")
    assert "没有启动" in world.last(HUB).text
    assert count(world, UNIT) == 0
