"""One report, all the way round, through the chats."""

from __future__ import annotations

import re

from tests.support.world import LI, STREET, UNIT, WANG, World, captions

SENTENCE = "路灯不亮了，柳荫路12号门口一片黑"
CODE = re.compile(r"JL-20261123-\d{4}")


async def test_a_report_is_dispatched_signed_reported_back_evaluated_and_filed(world: World) -> None:
    await world.says(LI, STREET, SENTENCE)
    draft = world.last(STREET)
    assert "路灯不亮" in draft.text and "SZ-04" in draft.text and "市政中心" in draft.text
    assert any("确认上报" in caption for caption in captions(draft))

    await world.press(LI, STREET, "确认上报")
    code = CODE.search(world.last(STREET).text)
    assert code is not None
    call = world.card(UNIT, "签收")
    assert code.group() in call.text and "柳荫路12号" in call.text
    assert any("退回" in caption for caption in captions(call))

    await world.press(WANG, UNIT, "签收")
    assert any("王联络" in text and "已签收" in text for text in world.said(STREET))

    await world.says(WANG, UNIT, "已到现场，正在抢修", reply_to=call)
    assert "正在抢修" in world.card(UNIT, "回告").text

    await world.says(WANG, UNIT, "已处理完毕，灯泡换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    asked = world.card(LI, "满意")
    assert code.group() in asked.text and [c for c in captions(asked)] == ["满意", "基本满意", "不满意", "未解决"]

    await world.press(LI, LI, "基本满意")
    assert any("已结案" in text for text in world.said(STREET))
    assert len([text for text in world.said(STREET) if code.group() in text]) == 4


async def test_chatter_gets_no_answer_in_any_group(world: World) -> None:
    before = len(world.play.said_by_bot(STREET))
    for text in ("收到", "今天中午吃啥子", "明天下午三点开会，大家准时", "上周那个井盖已经修好了哈"):
        await world.says(LI, STREET, text)
    assert len(world.play.said_by_bot(STREET)) == before
