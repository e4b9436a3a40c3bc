"""应急状态 through the chats: acted first, declared, answered by party, written down, ended with a summary."""

from __future__ import annotations

from datetime import timedelta

from bot.application.ways.emergency import codes_concerned
from tests.scenarios.stories import LAMP, count, now_reads
from tests.scenarios.transcript import Story
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
    story = Story(world)
    story.scene("还没启动，街道先动手")
    await world.says(LI, STREET, "先行处置 云栈口地下车库进水，已封路，转移了三户")
    await world.says(OFFICER, STREET, "应急 启动 望澜街道 暴雨内涝")
    story.scene("中枢启动")
    await world.says(CHEN, HUB, "应急 启动 望澜 暴雨内涝")
    proposed = world.last(HUB)
    await world.press(CHEN, HUB, "启动应急", proposed)
    cards = {chat: world.card(chat, "到场") for chat in CHATS}
    assert cards[HUB].message_id == proposed.message_id
    assert not any("应急" in text for text in world.said(MIXED))
    story.scene("点名和一本记录")
    for _ in range(2):
        await world.press(WANG, UNIT, "收到", cards[UNIT])
    await world.press(WANG, UNIT, "到场", cards[UNIT])
    await world.press(LI, STREET, "记一笔", cards[STREET])
    await world.says(LI, STREET, "云栈口水已退到脚踝，联系13912345678", reply_to=world.last(STREET))
    story.scene("夜里又有一件，照样响")
    await world.app.read_facts()
    await world.forward(timedelta(hours=13))
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    story.scene("领导结束应急，没办完的转为日常件")
    await world.says(LEADER, LEADER, "应急 结束")
    story.compare("emergency")
    await world.app.read_facts()
    assert world.app.district().alert == frozenset()


async def test_who_has_no_emergency_to_lead_sleeps_on(world: World) -> None:
    district = world.app.district()
    called = codes_concerned(district, {"JL01"})
    name = {department.short_name: department.code for department in district.catalogue.departments.values()}
    assert {name["水务局"], name["消防大队"], name["应急局"], "hub", "JL01", "JL0101"} <= called
    assert not {name["残联"], name["妇联"], name["地铁"], "JL02"} & called
    assert {unit.code for unit in district.catalogue.units.values() if unit.street == "JL01"} <= called


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


async def test_two_at_a_time_are_told_apart_by_their_streets(world: World) -> None:
    for words in ("应急 启动 望澜街道 暴雨内涝", "应急 启动 栖禾街道 山体滑坡"):
        await world.says(CHEN, HUB, words)
        await world.press(CHEN, HUB, "启动应急")
    first, second = [m for m in world.play.said_by_bot(HUB) if "记一笔" in "".join(captions(m))]
    await world.press(CHEN, HUB, "记一笔", second)
    await world.says(CHEN, HUB, "坡下三户已转移", reply_to=world.last(HUB))
    await world.says(CHEN, HUB, "应急 记 望澜街道 抽水泵已到位")
    assert "坡下三户" in now_reads(world, HUB, second) and "坡下三户" not in now_reads(world, HUB, first)
    assert "中枢：抽水泵已到位" in now_reads(world, HUB, first) and "抽水泵" not in now_reads(world, HUB, second)
    await world.says(CHEN, HUB, "应急 结束")
    assert "暴雨内涝" in world.last(HUB).text and "请写明街道" in world.last(HUB).text
    await world.says(CHEN, HUB, "应急 结束 望澜街道")
    assert "已结束" in now_reads(world, HUB, first) and "已结束" not in now_reads(world, HUB, second)


async def test_the_log_shows_how_many_were_moved_and_not_who_they_are(world: World) -> None:
    await world.says(CHEN, HUB, "应急 启动 望澜街道 暴雨内涝")
    await world.press(CHEN, HUB, "启动应急")
    card = world.card(STREET, "记一笔")
    for line in ("转移12人", "安置点收了45人，其中儿童8人"):
        await world.says(OFFICER, STREET, f"应急 记 {line}")
        assert f"：{line}" in now_reads(world, STREET, card)
    await world.says(OFFICER, STREET, "应急 记 柳荫小区3栋302张大爷一家4口已转移")
    assert "3栋〔房号〕〔姓名〕一家4口已转移" in now_reads(world, HUB, world.card(HUB, "记一笔"))
    await world.says(OFFICER, STREET, "应急 记 转移精神病人1名")
    assert "（不在群里写）" in now_reads(world, STREET, card) and "精神" not in world.everything_in_groups()
