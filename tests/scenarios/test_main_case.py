"""One report, all the way round, through the chats."""

from __future__ import annotations

from tests.scenarios.stories import LAMP
from tests.scenarios.transcript import Story
from tests.support.world import LI, STREET, UNIT, WANG, World


async def test_a_report_is_dispatched_signed_reported_back_evaluated_and_filed(world: World) -> None:
    story = Story(world)
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收")
    await world.says(WANG, UNIT, "已到现场，正在抢修", reply_to=call)
    await world.says(WANG, UNIT, "已处理完毕，灯泡换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "基本满意")
    story.compare("main_case")


async def test_chatter_gets_no_answer_in_any_group(world: World) -> None:
    before = len(world.play.said_by_bot(STREET))
    for text in ("收到", "今天中午吃啥子", "明天下午三点开会，大家准时", "上周那个井盖已经修好了哈"):
        await world.says(LI, STREET, text)
    assert len(world.play.said_by_bot(STREET)) == before
