"""Telegram refuses, hangs, is away: nothing is lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.playground.model import Status
from tests.faults.rounds import confirm, draft_of, inbox_rows, send_report, sentence, told, until
from tests.support.world import COMMUNITY, HUB, LI, STREET, UNIT, WANG, ZHAO, World

ANSWERS = [
    pytest.param(401, "Unauthorized", id="401"),
    pytest.param(404, "Not Found", id="404"),
    pytest.param(409, "Conflict: terminated by other getUpdates request", id="409"),
    pytest.param(500, "Internal Server Error", id="500"),
    pytest.param(502, "Bad Gateway", id="502"),
    pytest.param(429, "Too Many Requests: retry after 1", id="429"),
]


@pytest.mark.parametrize(("status", "words"), ANSWERS)
async def test_every_method_fails_for_a_while(plain_world: World, status: int, words: str) -> None:
    world = plain_world
    first = await send_report(world, 1)
    world.play.faults.fail(None, status, times=6, description=words, retry_after=1 if status == 429 else 0)
    said = [await world.play.say(LI, STREET, sentence(number)) for number in range(2, 6)]
    codes = {first} | {await confirm(world, await draft_of(world, each)) for each in said}
    assert len(codes) == 5
    for code in codes:
        await told(world, code)
    await world.settle()
    rows = await inbox_rows(world)
    assert (rows.open, rows.dead) == (0, 0)


@pytest.mark.slow
async def test_one_send_that_hangs_holds_up_its_own_chat_only(plain_world: World) -> None:
    world = plain_world
    world.play.faults.hang(60.0, "sendMessage", times=1)
    stuck = await world.play.say(LI, STREET, sentence(1))
    await asyncio.sleep(1.0)
    begun = time.monotonic()
    other = await world.play.say(ZHAO, COMMUNITY, sentence(2))
    await draft_of(world, other)
    assert time.monotonic() - begun < 10
    await draft_of(world, stuck)


async def test_minutes_without_telegram_lose_nothing(plain_world: World) -> None:
    """What is written meanwhile waits with Telegram; a call that could not be shown starts its clock when it is."""
    world = plain_world
    draft = await draft_of(world, await world.play.say(LI, STREET, sentence(1)))
    world.play.faults.fail("sendMessage", 502, times=10_000)
    code = await confirm(world, draft)
    world.play.offline(True)
    waiting = [await world.play.say(LI, STREET, sentence(number)) for number in range(2, 5)]
    await world.app.set_clock(world.now + timedelta(minutes=12))
    await world.app.scan()
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        (assignment,) = await uow.assignments.of_ticket(ticket.id)
        assert assignment.state == "undelivered"
        assert [task.kind for task in await uow.hub_tasks.of_ticket(ticket.id)] == ["undelivered"]
    back_at = world.now
    world.play.faults.clear()
    world.play.offline(False)
    await told(world, code)
    for each in waiting:
        await told(world, await confirm(world, await draft_of(world, each)))
    await world.settle()
    async with world.app.store.read() as uow:
        (assignment,) = await uow.assignments.of_ticket(ticket.id)
        assert assignment.state == "unsigned" and assignment.clock_start >= back_at
        assert all(task.done_at for task in await uow.hub_tasks.of_ticket(ticket.id))
    assert (await inbox_rows(world)).dead == 0


@pytest.mark.slow
async def test_a_chat_that_is_told_to_wait_waits_alone(plain_world: World) -> None:
    """The playground answers 429 to the fourth message a group gets in five seconds."""
    world = plain_world
    world.play.rules = replace(world.play.rules, flood_limits=True, flood_per_minute=3, flood_window_seconds=5.0)
    said = [await world.play.say(LI, STREET, sentence(number)) for number in range(1, 8)]
    await until(lambda: len(world.play.said_by_bot(STREET)) >= 3)
    begun = time.monotonic()
    other = await world.play.say(ZHAO, COMMUNITY, sentence(100))
    await draft_of(world, other)
    quick = time.monotonic() - begun
    drafts = [await draft_of(world, each) for each in said]
    assert quick < 4 < time.monotonic() - begun
    assert len({each.message_id for each in drafts}) == 7


async def test_a_unit_that_throws_the_bot_out_is_told_in_private_or_else_by_the_hub(plain_world: World) -> None:
    world = plain_world
    await world.play.kick(UNIT)
    await world.play.wait_for(HUB, "市政", 30.0)
    await told(world, await send_report(world, 1), WANG)
    await world.play.block(WANG)
    code = await send_report(world, 2)
    await world.forward(timedelta(minutes=11))
    async with world.app.store.read() as uow:
        ticket = await uow.tickets.by_code(code)
        assert ticket is not None
        assert [part.state for part in await uow.assignments.of_ticket(ticket.id)] == ["undelivered"]
    assert any(code in text for text in world.said(HUB))
    await world.play.add(UNIT)
    await world.settle()
    await told(world, code)
    await world.settle()
    async with world.app.store.read() as uow:
        assert [part.state for part in await uow.assignments.of_ticket(ticket.id)] == ["unsigned"]


async def test_a_403_without_a_notice_is_noticed_at_the_next_send(plain_world: World) -> None:
    """Telegram may have dropped the update that says so."""
    world = plain_world
    world.play.chat(UNIT).members[world.play.bot.id] = Status.KICKED
    code = await send_report(world, 1)
    await world.settle()
    assert any("市政" in text for text in world.said(HUB))
    assert any(code in text for text in world.said(WANG)), "whom the group does not reach is told in private"


async def test_a_group_that_migrates_in_the_middle_keeps_its_tickets(plain_world: World) -> None:
    world = plain_world
    code = await send_report(world, 1)
    await told(world, code)
    draft = await draft_of(world, await world.play.say(LI, STREET, sentence(2)))
    await world.settle()
    new_unit = await world.play.migrate(UNIT)
    second = await confirm(world, draft)
    await told(world, second, new_unit)
    await world.settle()
    await world.play.press(WANG, new_unit, world.card(new_unit, "签收").message_id, "签收", timeout=20.0)
    await until(lambda: any(second in text and "已签收" in text for text in world.said(STREET)))
    new_street = await world.play.migrate(STREET)
    third = await world.play.say(LI, new_street, sentence(3))
    await told(world, await confirm(world, await draft_of(world, third)), new_unit)
    rows = await inbox_rows(world)
    assert (rows.open, rows.dead) == (0, 0)
