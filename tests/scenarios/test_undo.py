"""Item 4: for thirty seconds a press can be taken back, wherever it was made; then no button stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.rules import AnswerSignature
from nlu.types import Interpreter
from tests.scenarios.stories import LAMP, called, code_in, count, now_reads, reported, signed
from tests.support.world import (
    CHEN,
    COMMUNITY,
    HE,
    HUB,
    LI,
    OFFICER,
    RESIDENT,
    STREET,
    UNIT,
    WANG,
    ZHAO,
    World,
    captions,
    open_world,
)

UNDO = "撤销（30秒内）"


def shows_undo(world: World, *chats: int) -> list[str]:
    return [m.text for chat in chats for m in world.play.said_by_bot(chat) if UNDO in captions(m)]


async def test_not_a_report_is_taken_back_in_private(world: World) -> None:
    before = count(world, STREET)
    await world.says(LI, STREET, LAMP)
    assert "上报" in await world.press(LI, STREET, "不是上报")
    assert count(world, STREET) == before, "nothing of it is left in the group"
    gone = world.card(LI, UNDO)
    assert "路灯不亮" in gone.text and gone.posting.silent
    await world.press(LI, LI, UNDO)
    assert "SZ-04" in world.card(STREET, "确认上报").text, "the card stands in the group again"
    for _ in range(2):
        await world.press(LI, STREET, "不是上报", world.card(STREET, "不是上报"))
        await world.press(LI, LI, UNDO)
    await world.press(LI, STREET, "确认上报", world.card(STREET, "确认上报"))
    assert world.card(UNIT, "签收")
    await world.forward(timedelta(seconds=40))
    await world.says(LI, STREET, "澜桥东街路灯坏了三盏，晚上一片黑")
    assert "SZ-04" in world.card(STREET, "确认上报").text, "what was taken back was no error: the group is spoken to"
    await world.press(LI, STREET, "不是上报", world.card(STREET, "不是上报"))
    await world.forward(timedelta(seconds=40))
    assert not any("撤掉了" in text for text in world.said(LI)), "after thirty seconds nothing of it stays"


async def test_who_never_wrote_to_the_bot_is_told_how_to_take_it_back(world: World) -> None:
    before = count(world, STREET)
    said = await world.says(RESIDENT, STREET, LAMP)
    assert "回复“上报”" in await world.press(RESIDENT, STREET, "不是上报")
    assert count(world, STREET) == before
    await world.says(RESIDENT, STREET, "上报", reply_to=said)
    assert "SZ-04" in world.card(STREET, "确认上报").text


async def test_joining_is_taken_back(world: World) -> None:
    await world.says(LI, COMMUNITY, "柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    await world.press(LI, COMMUNITY, "确认上报")
    await world.forward(timedelta(hours=1))
    await world.says(ZHAO, COMMUNITY, "路灯不亮了，柳荫路14号门口一片黑")
    await world.press(ZHAO, COMMUNITY, "并案")
    joined = world.card(COMMUNITY, UNDO)
    assert "并入" in joined.text
    assert "撤销不了" in await world.press(LI, COMMUNITY, UNDO, joined), "who did not press it cannot take it back"
    assert "JL-20261123-0001" not in await world.press(ZHAO, COMMUNITY, UNDO, joined)
    assert "柳荫路14号" in world.card(COMMUNITY, "确认上报").text
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code("JL-20261123-0001")
        assert ticket is not None
        assert [person.telegram_id for person in await uow.tickets.followers(ticket.id)] == [LI]
    await world.press(ZHAO, COMMUNITY, "并案")
    await world.forward(timedelta(seconds=40))
    assert not shows_undo(world, COMMUNITY) and "并入" in now_reads(world, COMMUNITY, joined)


async def test_handing_on_refusing_a_return_and_a_reason_are_taken_back(world: World) -> None:
    _, call = await called(world)
    for name in ("张工", "李工"):
        await world.press(WANG, UNIT, "转承办人", call)
        await world.says(WANG, UNIT, name, reply_to=world.last(UNIT))
        assert f"承办：{name}" in now_reads(world, UNIT, call)
        await world.forward(timedelta(seconds=5))
    await world.press(WANG, UNIT, UNDO, call)
    assert "承办：张工" in now_reads(world, UNIT, call), "who did it before does it again"
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    task = world.card(HUB, "驳回")
    await world.press(CHEN, HUB, "驳回", task)
    assert "已申请退回" not in now_reads(world, UNIT, call)
    await world.press(CHEN, HUB, UNDO, task)
    assert "已申请退回" in now_reads(world, UNIT, call) and "驳回" in "".join(captions(world.card(HUB, "驳回")))
    await world.press(CHEN, HUB, "驳回", task)
    await world.forward(timedelta(seconds=40))
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    await world.press(LI, LI, "不满意")
    await world.forward(timedelta(seconds=5))
    await world.press(LI, LI, "拖得久")
    await world.press(LI, LI, UNDO)
    assert "方便说说原因" in world.card(LI, "写一句").text


async def test_the_form_and_a_residents_withdrawal_offer_it(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, "柳荫社区柳荫路12号路灯不亮了，晚上一片黑")
    await world.press(LI, LI, "确认上报")
    await world.press(RESIDENT, RESIDENT, "撤回")
    await world.press(RESIDENT, RESIDENT, UNDO)
    assert "正在办" in world.card(RESIDENT, "请回电").text
    call = world.card(UNIT, "签收")
    await world.press(WANG, UNIT, "签收", call)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    form = world.card(UNIT, "发送回告")
    await world.press(WANG, UNIT, "发送回告", form)
    await world.press(WANG, UNIT, UNDO, form)
    assert "看一眼就能发" in now_reads(world, UNIT, form) and "已签收" in now_reads(world, UNIT, call)


async def test_a_batch_is_taken_back_with_one_press(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, standing_items=frozenset()) as world:
        for text in (LAMP, "澜桥东街路灯坏了三盏，晚上一片黑"):
            await world.says(LI, STREET, text)
            await world.press(LI, STREET, "确认上报")
        await world.press(OFFICER, OFFICER, "全部启动")
        calls = [m for m in world.play.said_by_bot(UNIT) if "签收" in "".join(captions(m))]
        assert len(calls) == 2
        await world.press(OFFICER, OFFICER, UNDO)
        assert "待启动 2 件" in world.card(OFFICER, "全部启动").text
        assert all("已不在贵单位" in now_reads(world, UNIT, each) for each in calls)
        await world.press(OFFICER, OFFICER, "全部启动")
        await world.forward(timedelta(seconds=40))
        assert not shows_undo(world, OFFICER, STREET, UNIT)


async def test_a_signature_is_taken_back(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter, answer_signature=AnswerSignature.ALL) as world:
        code, call = await reported(world)
        await world.press(HE, HE, "签发")
        assert "待核实" in now_reads(world, UNIT, call)
        await world.press(HE, HE, UNDO)
        assert code in world.card(HE, "签发").text and "待领导签发" in now_reads(world, UNIT, call)


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    async with open_world(tmp_path, interpreter) as opened:
        yield opened


async def test_a_declined_matter_is_taken_up_again(world: World) -> None:
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "换一项")
    await world.press(LI, STREET, "都不是，交中枢研判")
    task = world.card(HUB, "不予受理")
    await world.press(CHEN, HUB, "不予受理", task)
    await world.says(CHEN, HUB, "属于合同纠纷，请走法院", reply_to=world.last(HUB))
    assert "不予受理" in world.last(STREET).text or "不在本渠道" in world.last(STREET).text
    await world.press(CHEN, HUB, UNDO, world.card(HUB, UNDO))
    assert "请研判派单" in now_reads(world, HUB, task) and code_in(task.text)
    await signed(world, "柳荫路45号门口井盖没了，老人差点踩空")
