"""待启动 has its clock, its ladder from config and its announcement, like everything else that somebody is waited for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application.people.binding import issue_code
from bot.application.records import CodeKind, DueKind
from bot.application.ways.refer_up import referral_subject
from bot.domain.events import EventKind
from bot.domain.ladders import DEFAULT_LADDERS
from nlu.types import Interpreter
from tests.scenarios.diary import Diary
from tests.scenarios.stories import LAMP, count, reported
from tests.scenarios.test_calendar_arrives import jiehu, notice
from tests.scenarios.test_reverse import referred
from tests.support.world import HUB, LI, OFFICER, STREET, ZHAO, World, captions, open_world

HOUR = timedelta(hours=1)


@pytest.fixture
async def starting(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """A district in which the officer starts every call."""
    async with open_world(tmp_path, interpreter, standing_items=frozenset()) as opened:
        yield opened


async def _asked(world: World, text: str = LAMP) -> None:
    await world.says(LI, STREET, text)
    await world.press(LI, STREET, "确认上报")


async def _joins(world: World, who: int, role: str, of: str) -> None:
    async with world.app.store.begin() as uow:
        code = await issue_code(uow, world.app.district(), CodeKind.PERSON, role, of, now=world.now)
        await uow.commit()
    await world.says(who, who, f"/join {code.code}")


async def test_the_hub_hears_of_it_only_an_hour_after_the_officers_were_told_that_it_would(starting: World) -> None:
    world = starting
    await _joins(world, ZHAO, "street_officer", "JL01")
    await _asked(world)
    first, second = (OFFICER, ZHAO) if any("待启动" in text for text in world.said(OFFICER)) else (ZHAO, OFFICER)
    await world.forward(2 * HOUR + timedelta(minutes=59))
    assert not any("待启动" in text for text in world.said(second)), "the deputy is asked at 13:00"
    await world.forward(timedelta(minutes=2))
    assert any("待启动" in text for text in world.said(second))
    before = count(world, first)
    await world.forward(HOUR)
    told = world.last(second)
    assert told.text.startswith("⏰") and "今天 15:00 仍没有消息，会请中枢关注。点“启动”就不再往上报。" in told.text
    assert captions(told) == ["启动"] and any(text.startswith("⏰") for text in world.said(first)[before:])
    assert not any("还没启动" in text for text in world.said(HUB))
    await world.forward(HOUR)
    assert any("街道还没启动" in text for text in world.said(HUB))


async def test_a_press_on_the_announcement_starts_and_the_hub_hears_nothing(starting: World) -> None:
    world = starting
    await _asked(world)
    diary = Diary(world)
    await world.forward(4 * HOUR + timedelta(minutes=1))
    assert any("会请中枢关注" in line for line in diary.read(lines=3))
    await world.press(OFFICER, OFFICER, "启动", world.last(OFFICER))
    await world.forward(3 * HOUR)
    assert not any("启动" in text for text in world.said(HUB))


async def test_the_ladder_is_the_one_of_when_it_began_to_wait(starting: World) -> None:
    world = starting
    await _asked(world)
    none = {**DEFAULT_LADDERS, "start": ()}
    world.app.district._value = replace(world.app.district(), ladders=none)
    await world.forward(6 * HOUR)
    assert any("街道还没启动" in text for text in world.said(HUB))
    told = len(world.said(HUB))
    await _asked(world, "石鼓路8号门口路灯坏了两盏")
    await world.forward(24 * HOUR)
    assert not any("石鼓路" in text and "启动" in text for text in world.said(HUB)[told:])


async def test_another_calendar_counts_what_waits_anew_and_tells(starting: World, tmp_path: Path) -> None:
    world = starting
    await world.app.set_clock(datetime(2026, 12, 31, 8, 30, tzinfo=UTC))
    world.app.district.choose(start_limit="1工作日")
    await _asked(world)
    await jiehu(tmp_path, "calendar", "import", str(notice(tmp_path)))
    await world.app.facts()
    await world.settle()
    assert "启动 周二 17:00（原 周一 17:00）" in world.last(OFFICER).text
    assert "启动 周二 17:00" in world.last(STREET).text
    async with world.app.store.read() as uow:
        [ticket] = await uow.tickets.awaiting_start("JL01")
        found = [e for e in await uow.events.of_ticket(ticket.id) if e.kind is EventKind.DUE_RECOMPUTED]
    assert [json.loads(e.body)["detail"]["clock"] for e in found] == ["start"]
    await world.app.advance(datetime(2027, 1, 5, 8, 59, tzinfo=UTC))
    assert not any("还没启动" in text for text in world.said(HUB))


async def test_what_was_taken_back_is_reminded_of_as_if_it_had_not_been(world: World) -> None:
    """Three working days to say how it went; at two thirds of them comes the reminder, undone or not."""
    await reported(world)
    await world.press(LI, LI, "满意")
    await world.press(LI, LI, "撤销")
    diary = Diary(world)
    await world.forward(timedelta(days=2, hours=6))
    [told] = [line for line in diary.read() if "请看看办得怎么样" in line]
    assert "李网格" in told and captions(world.card(LI, "基本满意"))[:2] == ["满意", "基本满意"]


async def test_what_a_leader_is_asked_has_its_hours_by_the_new_calendar_too(world: World, tmp_path: Path) -> None:
    await world.app.set_clock(datetime(2026, 12, 31, 8, 30, tzinfo=UTC))
    code = await referred(world)
    await jiehu(tmp_path, "calendar", "import", str(notice(tmp_path)))
    await world.app.facts()
    await world.settle()
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        [referral] = await uow.referrals.of_ticket(ticket.id if ticket else 0)
        moment = await uow.dues.moment_of(referral_subject(referral.id), DueKind.REFERRAL)
    tuesday = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    assert referral.due_at == moment == tuesday, "Monday the 4th is off in the invented notice"
