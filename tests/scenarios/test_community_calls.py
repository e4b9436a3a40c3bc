"""社区呼叫: a community calls its street, or the department with the street in copy, and verifies itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.rules import Verifier
from nlu.types import Interpreter
from tests.scenarios.stories import LAMP, code_in, now_reads
from tests.scenarios.transcript import Story
from tests.support.world import COMMUNITY, LI, OFFICER, STREET, UNIT, WANG, ZHAO, World, captions, open_world

RUBBISH = "柳荫路菜场后门垃圾桶满了，垃圾堆了一地没人清"


@pytest.fixture
async def world_of_streets(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    rules = {"community_calls_street": frozenset({"SR-01"}), "verifier": Verifier.STREET_OFFICER}
    async with open_world(tmp_path, interpreter, **rules) as opened:
        yield opened


async def test_a_community_calls_the_department_with_the_street_in_copy(world: World) -> None:
    story = Story(world)
    await world.says(LI, COMMUNITY, LAMP)
    await world.press(LI, COMMUNITY, "确认上报")
    await world.forward(timedelta(minutes=1))
    await world.press(OFFICER, STREET, "转为街道呼叫")
    await world.press(OFFICER, STREET, "撤销")
    await world.forward(timedelta(minutes=1))
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "满意")
    story.compare("community_calls_department")


async def test_a_community_calls_its_street_which_answers_like_a_unit(world_of_streets: World) -> None:
    world = world_of_streets
    await world.says(LI, COMMUNITY, RUBBISH)
    await world.press(LI, COMMUNITY, "确认上报")
    call = world.card(STREET, "签收")
    assert "柳荫社区呼叫 望澜街道" in call.text
    await world.press(ZHAO, STREET, "签收", call)
    assert "已签收：赵网格" in now_reads(world, STREET, call)
    assert "望澜街道" in world.card(COMMUNITY, "催办").text
    await world.says(OFFICER, STREET, "已处理完毕，上午清走了", reply_to=call)
    await world.press(OFFICER, STREET, "发送回告")
    assert "没有" not in await world.press(LI, LI, "满意", world.card(LI, "基本满意"))
    assert "已结案" in now_reads(world, STREET, call), "the community verified, though config names the officer"


async def test_what_the_street_cannot_do_becomes_its_own_call(world_of_streets: World) -> None:
    world = world_of_streets
    story = Story(world)
    await world.says(LI, COMMUNITY, RUBBISH)
    await world.press(LI, COMMUNITY, "确认上报")
    call = world.card(STREET, "转为街道呼叫")
    await world.press(ZHAO, STREET, "签收", call)
    await world.forward(timedelta(minutes=5))
    await world.press(OFFICER, STREET, "转为街道呼叫", call)
    story.compare("community_calls_street")
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code_in(call.text))
        assert ticket is not None and str(ticket.caller) == "street:JL01"
        kinds = [str(event.kind) for event in await uow.events.of_ticket(ticket.id)]
    assert kinds[:2] == ["reported", "dispatched"] and {"taken_over", "cancelled"} <= set(kinds), "the history is kept"


async def test_what_the_street_had_asked_ends_with_its_part_and_stands_again_when_that_is_taken_back(
    world_of_streets: World,
) -> None:
    world = world_of_streets
    await world.says(LI, COMMUNITY, RUBBISH)
    await world.press(LI, COMMUNITY, "确认上报")
    call = world.card(STREET, "转为街道呼叫")
    await world.press(ZHAO, STREET, "签收", call)
    await world.says(OFFICER, STREET, "延期 1小时，等清运车", reply_to=call)
    asked = world.card(LI, "同意")
    await world.press(OFFICER, STREET, "转为街道呼叫", call)
    assert "不用答了" in now_reads(world, LI, asked) and captions(asked) == []
    await world.press(OFFICER, STREET, "撤销")
    assert captions(asked) == ["同意", "驳回"] and "等清运车" in now_reads(world, LI, asked)
