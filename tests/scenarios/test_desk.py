"""The hub's desk (下一件, 交班, 定级, what was lost) and the boards of each chat, leafed through in place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from nlu.types import Flag
from tests.scenarios.stories import LAMP, code_in
from tests.scenarios.transcript import Story
from tests.support.known_words import KnownWords, Meaning
from tests.support.world import (
    CHEN,
    HUB,
    LEADER,
    LI,
    OFFICER,
    POLICE,
    QIAN,
    RESIDENT,
    STREET,
    UNIT,
    WANG,
    World,
    captions,
    open_world,
)

NEW_DISPATCHER = 120
MEANINGS = {
    "有人受伤": Meaning("SZ-04", flags=frozenset({Flag.DANGER})),
    "工地乱": Meaning("YJ-04"),
    "家暴": Meaning("ZA-02"),
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, KnownWords(MEANINGS)) as opened:
        yield opened


async def joins(world: World, user: int, role: str, of: str, name: str = "") -> None:
    """A person takes up one more role."""
    if name:
        world.play.add_user(user, name)
    async with world.app.store.begin() as uow:
        code = await issue_code(uow, world.app.district(), CodeKind.PERSON, role, of, now=world.now)
        await uow.commit()
    await world.says(user, user, f"/join {code.code}")


async def to_hub(world: World, text: str) -> str:
    """A report that nobody could classify: its code."""
    await world.says(LI, STREET, text)
    await world.press(LI, STREET, "换一项")
    await world.press(LI, STREET, "都不是，交中枢研判")
    return code_in(world.last(STREET).text)


async def test_two_dispatchers_never_read_the_same_and_the_shift_is_handed_over(world: World) -> None:
    await joins(world, NEW_DISPATCHER, "dispatcher", "hub", "高调度")
    story = Story(world)
    story.scene("两件研判不了的到了中枢，两位调度员各看一件")
    await to_hub(world, "路灯不亮，柳荫路1号")
    await to_hub(world, "路灯不亮，柳荫路2号")
    await world.says(CHEN, CHEN, "下一件")
    await world.says(NEW_DISPATCHER, NEW_DISPATCHER, "下一件")
    await world.press(NEW_DISPATCHER, NEW_DISPATCHER, "下一件")
    await world.says(LI, LI, "下一件")
    story.scene("公安分局的群把机器人移出；又来一件险情：最急的排在前面")
    await world.play.kick(POLICE)
    await world.settle()
    await world.says(LI, STREET, "有人受伤，路灯杆倒了，柳荫路3号")
    await world.press(LI, STREET, "确认上报")
    await world.says(CHEN, CHEN, "下一件")
    await world.press(WANG, UNIT, "签收")
    await world.press(CHEN, CHEN, "下一件")
    await world.press(CHEN, CHEN, "已处理")
    story.scene("交班")
    await world.says(CHEN, CHEN, "交班")
    await world.says(NEW_DISPATCHER, NEW_DISPATCHER, "下一件")
    await world.press(NEW_DISPATCHER, NEW_DISPATCHER, "派单→其他")
    await world.says(NEW_DISPATCHER, NEW_DISPATCHER, "市政中心")
    await world.forward(timedelta(minutes=11))
    await world.says(CHEN, HUB, "下一件")
    story.compare("desk")


async def test_emergencies_and_what_reaches_nobody_come_first(world: World) -> None:
    ordinary = await to_hub(world, "路灯不亮，柳荫路1号")
    await world.play.kick(POLICE)
    await world.settle()
    await world.says(LI, STREET, "有人受伤，路灯杆倒了，柳荫路3号")
    await world.press(LI, STREET, "确认上报")
    await world.says(CHEN, CHEN, "交班")
    lines = world.last(CHEN).text.splitlines()
    assert "🚨" in lines[1] and "群失联：公安分局" in world.last(CHEN).text and ordinary in lines[-1]
    await world.says(CHEN, CHEN, "下一件")
    assert "请盯到签收" in world.last(CHEN).text
    await world.press(CHEN, CHEN, "下一件")
    assert "公安分局" in world.last(CHEN).text and "发不进消息" in world.last(CHEN).text
    await world.press(CHEN, CHEN, "已处理")
    await world.press(WANG, UNIT, "签收")
    await world.says(CHEN, CHEN, "交班")
    assert "中枢还有 1 件（派单 1）" in world.last(CHEN).text and "您今天办了 1 件" in world.last(CHEN).text


async def test_one_department_and_no_dispute_is_ordinary(world: World) -> None:
    story = Story(world)
    story.scene("清单定为复杂的一件：中枢可以定级，点错了能撤销")
    await world.says(LI, STREET, "工地乱，柳荫路1号")
    await world.press(LI, STREET, "确认上报")
    task = world.card(HUB, "定级")
    await world.press(CHEN, HUB, "定级", task)
    await world.press(CHEN, HUB, "重大")
    assert await graded(world) == ["重大"]
    await world.press(CHEN, HUB, "撤销")
    assert await graded(world) == ["复杂"]
    story.scene("派给一个部门、没有争议：按一般办")
    await world.press(CHEN, HUB, captions(task)[0], task)
    assert await graded(world) == ["一般"]
    await world.press(CHEN, HUB, "撤销", task)
    assert await graded(world) == ["复杂"]
    story.compare("grading")


async def graded(world: World) -> list[str]:
    """The levels of all tickets."""
    async with world.app.store.read() as uow:
        return [str(ticket.level) for ticket in await uow.tickets.listed(limit=10)]


async def test_a_board_offers_the_next_task_only_while_one_is_free(world: World) -> None:
    world.app.district.choose(direct_levels=frozenset())
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    await world.says(CHEN, HUB, "清单")
    assert "下一件" in captions(world.last(HUB))
    await world.says(CHEN, CHEN, "下一件")
    await world.says(CHEN, HUB, "清单")
    assert "下一件" not in captions(world.last(HUB)), "it is in somebody's hand"


async def test_boards_by_chat_paged_in_place_with_buttons(world: World) -> None:
    for number in range(1, 9):
        await world.says(LI, STREET, f"路灯不亮，柳荫路{number}号")
        await world.press(LI, STREET, "确认上报")
    story = Story(world)
    await world.says(WANG, UNIT, "/board")
    board = world.last(UNIT)
    await world.press(WANG, UNIT, "下一页", board)
    await world.press(WANG, UNIT, "签收 0007", board)
    await world.press(WANG, UNIT, "逾期", board)
    for user, chat in ((CHEN, HUB), (OFFICER, OFFICER), (LI, LI), (RESIDENT, RESIDENT), (LEADER, LEADER)):
        await world.says(user, chat, "清单")
    story.compare("boards")
    await world.forward(timedelta(days=4))
    await world.says(LI, STREET, "清单 逾期")
    assert "⚠️" in world.last(STREET).text and "进度 0001" in captions(world.last(STREET))


async def test_two_days_with_one_number_are_told_apart_on_the_board(world: World) -> None:
    for days in (0, 1):
        await world.forward(timedelta(days=days))
        await world.says(LI, STREET, f"路灯不亮，柳荫路{days + 1}号")
        await world.press(LI, STREET, "确认上报")
    await world.says(CHEN, HUB, "清单")
    assert {"进度 1123·0001", "进度 1124·0001"} <= set(captions(world.last(HUB)))


async def test_sensitive_matters_are_on_no_groups_board(world: World) -> None:
    await world.says(LI, LI, "家暴，柳荫路9号3单元501")
    await world.press(LI, LI, "确认上报")
    for user, chat in ((LI, STREET), (CHEN, HUB), (QIAN, POLICE)):
        await world.says(user, chat, "/board")
        assert "没有在办的" in world.last(chat).text
    await world.says(CHEN, CHEN, "/board")
    shown = world.last(CHEN).text
    assert "敏感件" in shown and "柳荫社区" in shown and "家" not in shown.replace("大家", "") and "501" not in shown
