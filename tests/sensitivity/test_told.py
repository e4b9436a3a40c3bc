"""A sensitive matter and an accusation as a play: what each chat sees of them, through the ways that others go too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.scenarios.stories import code_in
from tests.scenarios.transcript import Story
from tests.sensitivity.messages import ACCUSING, SENSITIVE
from tests.sensitivity.test_ways import NOT_URGENT, READER
from tests.support.world import CHEN, HUB, LEADER, LI, OFFICER, POLICE, QIAN, STREET, UNIT, WANG, open_world


async def test_a_sensitive_matter_and_an_accusation_through_the_ways(tmp_path: Path) -> None:
    async with open_world(tmp_path, READER, direct_levels=frozenset()) as world:
        story = Story(world)
        story.scene("敏感的事说在了街道群里")
        await world.says(LI, STREET, NOT_URGENT[0].text)
        await world.press(LI, LI, "确认上报", world.card(LI, "不是上报"))
        code = code_in(world.card(HUB, "联动处置").text)
        story.scene("报区领导，领导一句话")
        await world.says(OFFICER, OFFICER, f"报区领导 {code[-4:]} 请领导定")
        await world.press(LEADER, LEADER, "直接回一句")
        await world.says(LEADER, LEADER, "请公安牵头，三日内办好")
        await world.press(LEADER, LEADER, "转达")
        story.scene("单位签收、回告")
        call = world.card(POLICE, "签收")
        await world.press(QIAN, POLICE, "签收", call)
        await world.says(QIAN, POLICE, "已处理完毕，今天上门谈过了", reply_to=call)
        await world.press(QIAN, QIAN, "发送回告")
        await world.press(LEADER, LEADER, "满意")
        story.scene("清单和汇总里没有它")
        for user, chat in ((LI, STREET), (QIAN, POLICE), (CHEN, HUB)):
            await world.says(user, chat, "清单")
        await world.forward(timedelta(days=1))
        story.scene("部门请街道做一件敏感的事")
        await world.says(WANG, UNIT, f"请街道 望澜街道 {SENSITIVE[30].text}")
        await world.press(WANG, WANG, "申请准入")
        await world.press(CHEN, CHEN, "联席会议：同意")
        await world.press(LEADER, LEADER, "区委区政府：同意")
        await world.press(OFFICER, STREET, "签收")
        story.scene("反映干部的话")
        await world.says(LI, STREET, ACCUSING[20].text)
        await world.says(WANG, UNIT, f"请街道 望澜街道 {ACCUSING[21].text}")
        story.compare("sensitive")
