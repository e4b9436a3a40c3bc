"""Several problems in one message: the card names them, one press makes a card of each, each becomes its own ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.application.records import DueKind
from nlu.types import Entity, EntityKind, Interpretation, Interpreter, ItemGuess, Segment
from tests.scenarios.scripted import Scripted, reading
from tests.support.world import LI, RESIDENT, STREET, World, captions, open_world

LAMP, BINS = "柳荫路12号门口路灯不亮", "旁边垃圾桶也满出来了"
TWO = f"{LAMP}，{BINS}"
BEATING = "楼上那家天天打老婆"
HIDDEN = f"{LAMP}，{BEATING}"


def _both(first: str, second: str, *items: str) -> Interpretation:
    text = f"{first}，{second}"
    parts = ((0, len(first) + 1, items[0]), (len(first) + 1, len(text), items[1]))
    segments = tuple(Segment(text[a:b], a, b, (ItemGuess(code, 0.9),)) for a, b, code in parts)
    place = Entity(EntityKind.PLACE, "柳荫路12号门口", 0, 8)
    return replace(reading(text, *items), segments=segments, entities=(place,))


SCRIPT = {TWO: _both(LAMP, BINS, "SZ-04", "SR-01"), HIDDEN: _both(LAMP, BEATING, "SZ-04", "ZA-02")}


@pytest.fixture
async def world(tmp_path: Path, interpreter: Interpreter) -> AsyncIterator[World]:
    async with open_world(tmp_path, Scripted(interpreter, SCRIPT)) as opened:
        yield opened


async def test_two_problems_become_two_cards_and_two_tickets(world: World) -> None:
    await world.says(LI, STREET, TWO)
    card = world.card(STREET, "分开上报")
    assert "2 件事：路灯不亮或缺失、街面保洁与暴露垃圾" in card.text
    assert "2 张卡" in await world.press(LI, STREET, "分开上报")
    cards = [message for message in world.play.said_by_bot(STREET) if any("确认上报" in c for c in captions(message))]
    assert len(cards) == 2
    assert not any("分开上报" in caption for message in cards for caption in captions(message))
    assert all("柳荫路12号门口" in message.text for message in cards), "a place named once holds for both"
    for message in cards:
        await world.press(LI, STREET, "确认上报", message)
    async with world.app.store.read() as uow:
        tickets = await uow.tickets.listed(limit=10)
    assert {(ticket.item, ticket.text) for ticket in tickets} == {("SZ-04", LAMP), ("SR-01", BINS)}


async def test_one_problem_has_no_such_button(world: World) -> None:
    await world.says(LI, STREET, "柳荫路人行道上有人占道摆摊卖水果，挡路")
    assert not any("分开上报" in caption for caption in captions(world.last(STREET)))


async def test_a_sensitive_one_among_them_keeps_the_card_out_of_the_group(world: World) -> None:
    await world.says(LI, LI, "你好")
    await world.says(LI, STREET, HIDDEN)
    assert "家庭暴力" not in world.transcript(STREET).replace(HIDDEN, "")
    assert "家庭暴力" in world.card(LI, "分开上报").text
    await world.press(LI, LI, "分开上报")
    assert "家庭暴力" not in world.transcript(STREET)


async def test_each_of_a_residents_problems_stays_with_the_worker_who_parted_them(world: World) -> None:
    await world.says(RESIDENT, RESIDENT, TWO)
    await world.says(RESIDENT, RESIDENT, "柳荫社区")
    said = len(world.said(RESIDENT))
    await world.press(LI, LI, "分开上报")
    assert len(world.said(RESIDENT)) == said, "he has nothing to press"
    cards = [message for message in world.play.said_by_bot(LI) if any("确认上报" in c for c in captions(message))]
    assert len(cards) == 2
    async with world.app.store.read() as uow:
        assert len(await uow.dues.of_kinds({DueKind.RESIDENT_REPORT})) == 2, "each goes on to the next"
    for message in cards:
        await world.press(LI, LI, "确认上报", message)
    async with world.app.store.read() as uow:
        assert {ticket.text for ticket in await uow.tickets.listed(limit=10)} == {LAMP, BINS}
