"""经办人: which acts he may do stands in config or is his leader's word; it is shown, taken back, recorded as 代."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind
from bot.domain.events import EventKind
from bot.domain.leading import StreetLeader
from nlu.types import Interpreter
from tests.scenarios.stories import LAMP
from tests.scenarios.test_reverse import referred
from tests.support.world import LEADER, LI, OFFICER, QIAN, STREET, SUN, UNIT, WANG, World, captions, open_world


@pytest.fixture
async def starting(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """A district in which the officer starts every call."""
    async with open_world(tmp_path, interpreter, standing_items=frozenset()) as opened:
        yield opened


async def _secretary(world: World, *may: str) -> None:
    words = {"钱警官": frozenset(may)} if may else {}
    leaders = (StreetLeader("吴区长", "副区长", frozenset({"JL01"}), ("钱警官",), words),)
    world.app.district.choose(leaders=leaders)
    async with world.app.store.begin() as uow:
        code = await issue_code(uow, world.app.district(), CodeKind.PERSON, "delegate", "hub", now=world.now)
        await uow.commit()
    await world.says(QIAN, QIAN, f"/join {code.code}")


async def test_config_names_what_one_delegate_may_do(world: World) -> None:
    await _secretary(world, "启动")
    await referred(world)
    assert "区领导" in await world.press(QIAN, QIAN, "派→市政中心")
    await world.says(LEADER, LEADER, "委托")
    assert "钱警官：启动" in world.last(LEADER).text
    await world.says(LEADER, LEADER, "委托 @钱警官 派单、启动")
    assert "钱警官 可以代您：启动、派单" in world.last(LEADER).text
    assert "吴区长 委托您代办：启动、派单" in world.last(QIAN).text
    await world.press(QIAN, QIAN, "派→市政中心")
    assert world.card(UNIT, "签收")


async def test_what_was_given_is_taken_back_also_from_whom_config_names(world: World) -> None:
    await _secretary(world)
    await referred(world)
    await world.says(LEADER, LEADER, "委托")
    assert "钱警官：启动、签发、派单、督促" in world.last(LEADER).text, "config's own default"
    await world.says(LEADER, LEADER, "取消委托 @钱警官")
    assert "收回了给您的委托" in world.last(QIAN).text
    assert "区领导" in await world.press(QIAN, QIAN, "派→市政中心")
    await world.says(LEADER, LEADER, "委托")
    assert "还没有委托谁" in world.last(LEADER).text
    await world.says(WANG, WANG, "委托 @钱警官 派单")
    assert "这一步要由街道分管副书记、分管领导、区领导来做" in world.last(WANG).text


async def test_an_officers_delegate_starts_calls_and_it_is_recorded(starting: World) -> None:
    world = starting
    await world.says(SUN, SUN, "你好")
    await world.says(OFFICER, OFFICER, "委托 @孙师傅 启动")
    await world.says(OFFICER, OFFICER, "委托 @孙师傅 盖章")
    await world.says(LI, STREET, LAMP)
    await world.press(LI, STREET, "确认上报")
    card = world.card(SUN, "启动")
    assert captions(card)[0].startswith("启动")
    await world.press(SUN, SUN, "启动", card)
    assert world.card(UNIT, "签收")
    async with world.app.store.read() as uow:
        [ticket] = await uow.tickets.open_in(streets={"JL01"})
        [started] = [e for e in await uow.events.of_ticket(ticket.id) if e.kind is EventKind.STARTED]
    assert '"delegate":true' in started.body
