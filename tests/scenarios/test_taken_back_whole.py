"""Withdrawn and taken back: what ended with the ticket stands again as it stood before."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stories import code_in, now_reads, signed
from tests.scenarios.test_joint import called, to_the_hub
from tests.support.world import CHEN, HUB, LEADER, LI, OFFICER, STREET, UNIT, WANG, World, captions


async def test_a_meeting_is_held_after_all(world: World) -> None:
    await called(world)
    meeting, invited = world.card(HUB, "发纪要"), world.card(UNIT, "派代表")
    await world.press(WANG, UNIT, "参加", invited)
    await world.says(LI, STREET, "撤回 0001")
    assert "会不开了" in world.last(UNIT).text, "who was invited is woken"
    await world.press(LI, STREET, "撤销", world.card(STREET, "撤销"))
    assert "照常开" in world.last(UNIT).text
    assert "参加：市政中心" in now_reads(world, HUB, meeting) and "请假" in "".join(
        captions(world.play.world.message(UNIT, invited.message_id))
    )
    await world.forward(timedelta(hours=28, minutes=30))
    assert any("会议提醒" in text and "今天 15:00" in text for text in world.said(UNIT)), "its clock runs on"


async def test_the_leader_is_waited_for_again(world: World) -> None:
    await to_the_hub(world)
    await world.press(OFFICER, STREET, "报区领导")
    card = world.card(LEADER, "按常规办")
    await world.says(LI, STREET, "撤回 0001")
    assert not captions(world.play.world.message(LEADER, card.message_id))
    await world.press(LI, STREET, "撤销", world.card(STREET, "撤销"))
    await world.press(LEADER, LEADER, "派→市政中心", card)
    assert "区领导交办" in world.card(UNIT, "签收").text


async def test_a_request_to_return_waits_for_its_ruling_and_leads_back_to_where_it_came_from(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "不归我们管，应由供电公司负责", reply_to=call)
    task = world.card(HUB, "驳回")
    await world.says(OFFICER, STREET, "撤回 0001 报错了")
    assert "已撤回" in now_reads(world, UNIT, call)
    await world.press(OFFICER, STREET, "撤销", world.card(STREET, "撤销"))
    assert "已申请退回" in now_reads(world, UNIT, call)
    await world.press(CHEN, HUB, "驳回", task)
    assert "已签收" in now_reads(world, UNIT, call)


async def test_requests_for_time_wait_again_and_a_suspension_goes_on(world: World) -> None:
    _, call = await signed(world)
    await world.says(WANG, UNIT, "挂账到12月1日，等停水", reply_to=call)
    await world.says(OFFICER, STREET, "撤回 0001 报错了")
    await world.press(OFFICER, STREET, "撤销", world.card(STREET, "撤销"))
    await world.press(CHEN, HUB, "同意")
    assert "挂账至 12月1日" in now_reads(world, UNIT, call)
    await world.forward(timedelta(minutes=5))
    before = now_reads(world, UNIT, call)
    await world.says(OFFICER, STREET, "撤回 0001 报错了")
    await world.press(OFFICER, STREET, "撤销", world.card(STREET, "撤销"))
    assert now_reads(world, UNIT, call) == before
    await world.forward(timedelta(days=8))
    assert "挂账" not in now_reads(world, UNIT, call), "it ends on its day"


async def test_minutes_taken_back_leave_one_next_meeting(world: World) -> None:
    await world.says(CHEN, HUB, "联席会议 每月28日上午9点 区政府302")
    await world.press(CHEN, HUB, "发出邀请")
    await world.forward(timedelta(days=8))
    for _ in range(2):
        card = next(m for m in world.play.said_by_bot(HUB) if "发纪要" in captions(m))
        await world.says(CHEN, HUB, "市政中心：排查全区井盖，5工作日", reply_to=card)
        await world.press(CHEN, HUB, "确认派单")
        if _ == 0:
            await world.press(CHEN, HUB, "撤销", world.card(HUB, "撤销"))
    async with world.app.store.read() as uow:
        assert len(await uow.meetings.open()) == 1
    assert code_in(world.card(UNIT, "签收").text)
