"""What the hub owes without a case to it stands in its queue with a clock: a lost group, a unit alone, a resident."""

from __future__ import annotations

from datetime import timedelta

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from tests.scenarios.stories import LAMP, count
from tests.support.world import CHEN, HUB, POLICE, QIAN, RESIDENT, SUN, WANG, ZHAO, World, captions

HOUR = timedelta(hours=1)


async def _shift(world: World) -> str:
    await world.says(CHEN, CHEN, "交班")
    return world.last(CHEN).text


async def test_a_unit_without_a_liaison_waits_in_the_queue_until_somebody_joins(world: World) -> None:
    await world.says(WANG, WANG, "/leave")
    card = world.card(HUB, "已处理")
    assert "市政中心 现在没有联络员了" in card.text and "/code person liaison D26" in card.text
    await world.says(CHEN, HUB, "下一件")
    assert "没有联络员" in world.last(HUB).text, "in the queue like every task"
    before = count(world, CHEN)
    await world.forward(3 * HOUR + timedelta(minutes=1))
    assert count(world, CHEN) == before + 1 and "补一位联络员 今天 13:00 已到期" in world.last(CHEN).text
    await world.press(CHEN, CHEN, "看这件")
    assert "请 今天 13:00 前补一位" in world.last(CHEN).text
    async with world.app.store.begin() as uow:
        code = await issue_code(uow, world.app.district(), CodeKind.PERSON, "liaison", "D26", now=world.now)
        await uow.commit()
    await world.says(SUN, SUN, f"/join {code.code}")
    assert "中枢还有 0 件" in await _shift(world)


async def test_a_lost_group_has_a_due_row_and_one_that_was_forgotten_is_found(world: World) -> None:
    await world.play.kick(POLICE)
    await world.settle()
    async with world.app.store.begin() as uow:
        [task] = await uow.hub_tasks.open()
        from bot.application.records import DueKind, Subject, SubjectKind

        row = Subject(SubjectKind.HUB_TASK, task.id)
        assert await uow.dues.moment_of(row, DueKind.HUB_TASK) is not None
        await uow.dues.drop(row)
        await uow.commit()
    await world.app.audit()
    await world.settle()
    assert any("计时自查" in text and "公安分局" in text for text in world.said(HUB))
    await world.forward(3 * HOUR + timedelta(minutes=1))
    assert "把群接回来" in world.last(CHEN).text and captions(world.last(CHEN)) == ["看这件"]


async def test_a_resident_whom_nobody_answered_is_settled_when_somebody_does(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, f"柳荫社区{LAMP}")
    await world.forward(timedelta(minutes=33))
    assert "居民上报没人接：柳荫社区" in await _shift(world)
    await world.press(ZHAO, ZHAO, "确认上报")
    assert "居民上报没人接" not in await _shift(world)


async def test_two_who_leave_are_one_task(world: World) -> None:
    await world.says(QIAN, QIAN, "/leave")
    await world.says(QIAN, QIAN, "/leave")
    async with world.app.store.read() as uow:
        assert len(await uow.hub_tasks.open()) == 1
