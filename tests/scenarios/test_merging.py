"""Cases that belong together: ＋1 并案 by likeness, merging by request, the heir, 拆分, bursts of facilities."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.merging import MergingRules
from tests.scenarios.stories import code_in, now_reads
from tests.scenarios.transcript import Story
from tests.support.plain_words import PlainWords
from tests.support.world import CHEN, HUB, LI, OFFICER, RESIDENT, STREET, UNIT, WANG, ZHAO, World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    rules = MergingRules(facilities=frozenset({"SZ-04"}), burst=3)
    async with open_world(tmp_path, PlainWords(), merging=rules) as opened:
        yield opened


async def reported(world: World, user: int, text: str) -> str:
    """A confirmed call: its code."""
    await world.says(user, STREET, text)
    await world.press(user, STREET, "确认上报")
    return code_in(world.card(UNIT, "签收").text)


async def test_a_near_report_joins_counts_and_inherits(world: World) -> None:
    story = Story(world)
    story.scene("同一盏灯报了两次：＋1，谁也不漏")
    code = await reported(world, LI, "路灯不亮，柳荫路12号")
    await world.says(ZHAO, STREET, "路灯不亮，澜桥路3号")
    await world.press(ZHAO, STREET, "不是上报")
    await world.says(ZHAO, STREET, "路灯不亮，柳荫路14号")
    await world.press(ZHAO, STREET, f"并案 {code[-4:]}")
    await world.says(WANG, UNIT, "清单")
    story.scene("先报的撤回，后报的接着做主")
    await world.press(LI, STREET, "撤回", world.card(STREET, "催办"))
    await world.press(WANG, UNIT, "签收", world.card(UNIT, "签收"))
    await world.says(WANG, UNIT, "已处理完毕", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "发送回告")
    await world.press(ZHAO, ZHAO, "满意")
    story.scene("单位说重复：只是申请，街道或中枢定")
    first = await reported(world, LI, "路灯不亮，柳荫路50号")
    second = await reported(world, ZHAO, "路灯不亮，柳荫路90号")
    await world.says(WANG, UNIT, f"并案 {second[-4:]} {first[-4:]}")
    await world.press(CHEN, HUB, "同意并案")
    story.scene("一条里有两件：拆分")
    await world.says(LI, STREET, f"拆分 {first[-4:]} 路面破损，坑很深")
    await world.press(LI, STREET, "确认上报")
    story.scene("同一种设施集中报：只告诉中枢的调度员")
    await reported(world, LI, "路灯不亮，柳荫路300号")
    story.compare("merging")


async def test_who_never_wrote_to_the_bot_hears_below_his_own_words(world: World) -> None:
    code = await reported(world, LI, "路灯不亮，柳荫路12号")
    words = await world.says(RESIDENT, STREET, "路灯不亮，柳荫路14号")
    await world.press(RESIDENT, STREET, "并案")
    await world.says(LI, STREET, f"撤回 {code}")
    asked = world.card(STREET, "也撤回")
    assert "由您作主" in asked.text and asked.posting.reply_to == words.message_id and not world.said(RESIDENT)
    await world.press(WANG, UNIT, "签收", world.card(UNIT, "签收"))
    await world.says(WANG, UNIT, "已处理完毕", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "发送回告")
    verdict = world.card(STREET, "基本满意")
    assert verdict.posting.reply_to == words.message_id, "the heir is asked where he wrote"
    await world.press(RESIDENT, STREET, "满意", verdict)
    assert any("已结案" in m.text and m.posting.reply_to == words.message_id for m in world.play.said_by_bot(STREET))


async def test_who_joined_and_never_wrote_to_the_bot_hears_the_end_below_his_own_words(world: World) -> None:
    code = await reported(world, LI, "路灯不亮，柳荫路12号")
    words = await world.says(RESIDENT, STREET, "路灯不亮，柳荫路14号")
    await world.press(RESIDENT, STREET, "并案")
    await world.press(WANG, UNIT, "签收", world.card(UNIT, "签收"))
    await world.says(WANG, UNIT, "已处理完毕", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    [end] = [m for m in world.play.said_by_bot(STREET) if m.posting.reply_to == words.message_id and "结案" in m.text]
    assert code in end.text and end.posting.silent


async def test_the_last_who_reported_it_may_end_it(world: World) -> None:
    code = await reported(world, LI, "路灯不亮，柳荫路12号")
    await world.says(ZHAO, STREET, "路灯不亮，柳荫路14号")
    await world.press(ZHAO, STREET, "并案")
    await world.says(LI, STREET, f"撤回 {code}")
    assert "继续办" in world.last(STREET).text
    await world.press(ZHAO, ZHAO, "也撤回")
    assert "已撤回" in world.play.said_by_bot(UNIT)[0].text


async def test_who_asked_for_the_converse_has_his_answer(world: World) -> None:
    first = await reported(world, LI, "路灯不亮，柳荫路12号")
    second = await reported(world, ZHAO, "路灯不亮，柳荫路90号")
    await world.says(WANG, UNIT, f"并案 {second[-4:]} {first[-4:]}")
    task = world.card(HUB, "同意并案")
    await world.says(OFFICER, STREET, f"并案 {first[-4:]} {second[-4:]}")
    read = now_reads(world, HUB, task)
    assert read.startswith("✅ 已并案（郑副书记）"), read
    await world.press(OFFICER, STREET, "撤销")
    assert "前定" in now_reads(world, HUB, task) and world.card(HUB, "同意并案").message_id == task.message_id


async def test_a_department_asks_and_the_hub_or_the_officer_decides(world: World) -> None:
    first = await reported(world, LI, "路灯不亮，柳荫路12号")
    second = await reported(world, ZHAO, "路灯不亮，柳荫路90号")
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "退回", call)
    await world.press(WANG, UNIT, "重复")
    await world.says(WANG, UNIT, first[-4:], reply_to=world.last(UNIT))
    assert "已请街道、中枢定" in world.last(UNIT).text
    task = world.card(HUB, "同意并案")
    assert first in task.text and second in task.text and "90号" in task.text and "12号" in task.text
    await world.press(OFFICER, OFFICER, "不并案")
    assert f"没有并入 {first}" in world.last(UNIT).text and "没有并案（郑副书记）" in now_reads(world, HUB, task)
    await world.says(WANG, UNIT, f"并案 {second[-4:]} {first[-4:]}")
    await world.press(CHEN, HUB, "同意并案")
    assert "已结束" in now_reads(world, UNIT, call) or "已并" in now_reads(world, UNIT, call)
    assert any(f"{second} 已并入 {first}" in text for text in world.said(STREET))
    await world.says(CHEN, HUB, f"并案 {first[-4:]} {second}")
    assert "本来就是一件" in world.last(HUB).text, "a circle is refused"
    await world.press(WANG, UNIT, "签收", world.play.said_by_bot(UNIT)[0])
    await world.says(WANG, UNIT, "已处理完毕", reply_to=world.play.said_by_bot(UNIT)[0])
    await world.press(WANG, UNIT, "发送回告")
    assert any(first in text and "已回告" in text for text in world.said(ZHAO)), "the merged reporter hears the end"
    await world.press(LI, LI, "满意")
    third = await reported(world, LI, "路灯不亮，澜桥路9号")
    await world.says(OFFICER, STREET, f"并案 {third[-4:]} {first}")
    assert "已经结束" in world.last(STREET).text, "an ended target is refused"


async def test_one_report_that_was_two_is_split(world: World) -> None:
    code = await reported(world, LI, "路灯不亮，柳荫路12号")
    await world.says(LI, STREET, f"拆分 {code[-4:]} 路面破损，坑很深")
    card = world.last(STREET)
    assert "SZ-01" in card.text and "柳荫路12号" in card.text, "the place is taken over"
    await world.press(LI, STREET, "确认上报", card)
    async with world.app.store.read() as uow:
        tickets = await uow.tickets.listed(limit=5)
        assert tickets[1].split_from == tickets[0].id
        kinds = [str(event.kind) for event in await uow.events.of_ticket(tickets[0].id)]
    assert "split" in kinds
    await world.says(WANG, UNIT, f"拆分 {code[-4:]} 路面破损")
    assert "网格员" in world.last(UNIT).text


async def test_a_burst_of_a_facility_is_told_to_the_hub_in_private(world: World) -> None:
    story = Story(world)
    story.scene("一条路上的灯接连不亮：第三件时私下告诉中枢，当天只说一次")
    for number in (1, 100, 200, 300):
        await reported(world, LI, f"路灯不亮，柳荫路{number}号")
        await world.forward(timedelta(minutes=20))
    story.scene("清单里不算设施的，报多少都不说")
    for number in (1, 100, 200):
        await reported(world, LI, f"公厕没人管，柳荫路{number}号")
    assert len([text for text in world.said(CHEN) if "24 小时内报了" in text]) == 1
    assert not any("24 小时内" in text for text in world.said(HUB) + world.said(STREET))
    story.compare("burst")
