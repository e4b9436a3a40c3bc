"""The report-back form: opened by the button, filled by the next words, sent by one press."""

from __future__ import annotations

from tests.support.world import LI, STREET, UNIT, WANG, World


async def test_words_after_the_button_become_the_answer_and_progress_does_not(world: World) -> None:
    await world.says(LI, STREET, "路灯不亮了，柳荫路12号门口一片黑")
    await world.press(LI, STREET, "确认上报")
    await world.press(WANG, UNIT, "签收")
    await world.says(WANG, UNIT, "电工已到现场，正在换灯泡", reply_to=world.card(UNIT, "回告"))
    await world.press(WANG, UNIT, "回告", world.card(UNIT, "进展"))
    form = world.card(UNIT, "发送回告")
    assert "正在换灯泡" not in form.text
    await world.says(WANG, UNIT, "11:05 换了新灯泡，已经亮了", reply_to=form)
    assert "11:05 换了新灯泡" in world.card(UNIT, "发送回告").text
    await world.press(WANG, UNIT, "发送回告")
    assert "11:05 换了新灯泡" in world.card(LI, "基本满意").text
    before = len(world.said(UNIT))
    await world.says(WANG, UNIT, "中午一起吃饭嘛")
    assert len(world.said(UNIT)) == before
