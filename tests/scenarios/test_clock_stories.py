"""Clocks and what stands in their way: a suspension over a holiday, a return, a missing word, a night, a secretary."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application.meetings.lead import acknowledge
from bot.application.people.identify import identify
from bot.application.telling import assignment_subject, ticket_subject
from bot.domain.events import EventKind
from bot.domain.people import Grant, Role
from nlu.types import Interpreter
from tests.scenarios.diary import Diary
from tests.scenarios.stories import called, code_in, count, now_reads, signed
from tests.scenarios.transcript import Story
from tests.support.world import CHEN, HE, HUB, LEADER, LI, SUN, UNIT, WANG, World, captions, open_world

LOOSE = "柳荫路45号门口的井盖没了"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEFORE_NATIONAL_DAY = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
async def autumn(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """Tuesday 29 September 2026, 10:00: two working days before the National Day holiday."""
    async with open_world(tmp_path, interpreter, now=BEFORE_NATIONAL_DAY) as opened:
        yield opened


@pytest.fixture
async def night(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    """Saturday 21 November 2026, 23:00."""
    async with open_world(tmp_path, interpreter, now=SATURDAY_NIGHT) as opened:
        yield opened


async def test_suspended_over_a_holiday(autumn: World) -> None:
    """Due on Thursday 8 October; suspended from Wednesday to the 9th, one working day of it and six hours of another."""
    story = Story(autumn)
    _, call = await signed(autumn)
    assert "处置截止 10月8日 17:00" in now_reads(autumn, UNIT, call)
    await autumn.forward(DAY)
    await autumn.says(WANG, UNIT, "挂账到10月9日，等产权单位停电", reply_to=call)
    await autumn.press(CHEN, HUB, "同意")
    diary = Diary(autumn)
    await autumn.forward(9 * DAY)
    told = [line for line in diary.read() if "0001" in line]
    assert [line.split(" | ")[0] for line in told] == ["10-09 09:00 街道群", "10-09 09:00 单位群"], told
    assert "处置截止 明天 15:59" in now_reads(autumn, UNIT, call), "an hour and a day of two days were left"
    await autumn.says(WANG, WANG, "时限 0001")
    why = autumn.last(WANG).text
    assert "9/30 10:00 – 10/9 09:00 挂账 不计" in why and "10/10 00:00–15:59 调休上班 计" in why
    story.compare("suspended_over_a_holiday")


async def test_returned_and_refused_on_a_clock_that_never_stopped(world: World) -> None:
    story = Story(world)
    _, call = await signed(world)
    due = "处置截止 周三 17:00"
    assert due in now_reads(world, UNIT, call)
    await world.press(WANG, UNIT, "退回", call)
    await world.says(WANG, UNIT, "应由供电公司负责", reply_to=world.last(UNIT))
    await world.forward(2 * HOUR)
    await world.press(CHEN, HUB, "驳回")
    assert due in now_reads(world, UNIT, call), "a return stops no clock"
    diary = Diary(world)
    await world.forward(timedelta(days=2, hours=4))
    told = [line for line in diary.read() if "王联络" in line or "何主任" in line]
    assert told[0].startswith("11-24 14:00 王联络"), told
    story.compare("returned_and_refused")


async def test_no_word_within_three_working_days_and_the_street_has_its_leader_told(world: World) -> None:
    code, call = await signed(world)
    for _ in range(2):
        await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
        await world.press(LI, LI, "同意")
    await world.forward(timedelta(days=3, hours=8))
    offered = world.card(LI, "报联系区领导")
    assert code in offered.text and "还没有阶段回告" in offered.text
    assert "已报联系区领导" in await world.press(LI, LI, "报联系区领导", offered)
    put = world.last(LEADER)
    assert "望澜街道请您关注" in put.text and captions(put) == ["知道了", "请中枢协调", "回街道一句"]


async def test_a_word_on_the_way_is_the_interim_report(world: World) -> None:
    _, call = await signed(world)
    for _ in range(2):
        await world.says(WANG, UNIT, "延期 2天，等配件", reply_to=call)
        await world.press(LI, LI, "同意")
    await world.says(WANG, UNIT, "配件已下单，周五到货", reply_to=call)
    await world.forward(timedelta(days=3, hours=8))
    assert not any("阶段回告" in text for text in world.said(LI) + world.said(WANG))


async def test_a_clock_that_runs_through_the_night_tells_who_is_on_duty_at_once(night: World) -> None:
    _, call = await called(night, LOOSE)
    assert not call.posting.silent, "an emergency rings at any hour"
    diary = Diary(night)
    await night.forward(timedelta(hours=3))
    told = [line.split(" | ")[0] for line in diary.read()]
    assert sorted(told) == [
        "11-21 23:30 王联络",
        "11-21 23:30 陈调度",
        "11-22 00:00 王联络",
        "11-22 00:36 王联络",
        "11-22 01:00 何主任",
        "11-22 01:00 王联络",
    ]
    assert all(not m.posting.silent for m in night.play.said_by_bot(WANG) if "⏰" in m.text), "they wake"


async def test_what_a_sleeping_clock_makes_waits_for_the_morning(night: World) -> None:
    _, call = await called(night)
    diary = Diary(night)
    await night.forward(timedelta(hours=34))
    assert diary.read() == [], "no word in the night, none on Sunday"
    assert "前签收" in now_reads(night, UNIT, call)
    await night.forward(timedelta(hours=3))
    assert [line.split(" | ")[0] for line in diary.read()][:1] == ["11-23 10:00 王联络"]


async def test_what_a_secretary_does_is_recorded_as_done_for_his_leader(world: World) -> None:
    async with world.app.store.begin() as uow:
        secretary = await uow.people.by_telegram_id(SUN)
        assert secretary is None or secretary.id
        person = secretary or await uow.people.ensure(SUN, name="孙秘书")
        await uow.people.grant(person.id, Grant(Role.DELEGATE, "D26"), at=world.now, by=None)
        await uow.commit()
    code, _ = await signed(world)
    await world.forward(timedelta(days=2, hours=8))
    put = world.card(HE, "知道了")
    assert code in code_in(put.text) and count(world, HE)
    async with world.app.store.begin() as uow:
        chat = await uow.chats.by_telegram_id(UNIT)
        person = await uow.people.by_telegram_id(SUN)
        ticket = await uow.tickets.by_code(code)
        assert chat is not None and person is not None and ticket is not None
        actor = identify(world.app.district(), person, await uow.people.grants(person.id), chat)
        await acknowledge(uow, world.app.district(), actor, ticket_subject(ticket.id), now=world.now)
        last = (await uow.events.of_ticket(ticket.id))[-1]
        assert last.kind is EventKind.ACKNOWLEDGED and '"delegate":true' in last.body
        await uow.commit()


async def test_the_auditor_finds_what_nothing_looks_at(world: World) -> None:
    code, _ = await signed(world)
    async with world.app.store.begin() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        for part in await uow.assignments.of_ticket(ticket.id):
            await uow.dues.drop(assignment_subject(part.id))
        await uow.commit()
    await world.app.audit()
    await world.settle()
    assert any("计时自查" in text and code in text for text in world.said(HUB))
    diary = Diary(world)
    await world.forward(2 * DAY)
    assert any("王联络" in line for line in diary.read()), "it is scheduled again"
