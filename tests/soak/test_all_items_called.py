"""Every item of the list, called at quarters of an hour of a week with a holiday in it, from dispatch to the phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.assignment import AssignmentState
from bot.domain.chat import ChatKind
from bot.domain.limits import LimitUnit, parse_limit
from bot.domain.people import Role
from bot.domain.work_calendar import DISTRICT_ZONE
from tests.soak.calling_all import Calling, calling

WEEK = datetime(2026, 9, 28, tzinfo=DISTRICT_ZONE)
"""Monday to Sunday, with National Day from Thursday on."""

QUARTER = timedelta(minutes=15)
A_DAY = 24 * 4
TURNS = (84, 259, 380)
"""Monday when the window closes, the eve of the holiday at a quarter to five, the holiday before midnight."""


async def hear(bot: Calling, start: datetime) -> None:
    """Calls every item at that moment and judges what was heard until the last of them had to be signed."""
    items = list(bot.where.catalogue.items.values())
    await bot.call(items)
    rings = bot.where.rings(start)
    hub, leaders = await bot.everywhere(ChatKind.HUB), await bot.everywhere(ChatKind.LEADERS)
    leader = await bot.private_chat(Role.DISTRICT_LEADER, "hub")
    await bot.forward(max(part.sign_due_at for part in bot.parts.values() if part.sign_due_at))
    loud: set[str] = set()
    for item in items:
        part, code = bot.parts[item.code], bot.codes[item.code]
        where = f"{item.code} called {start:%a %H:%M}"
        group, private = await bot.chats_of(part)
        assert part.state is AssignmentState.UNSIGNED and part.delivered_at == part.clock_start == start, where
        about = [heard for heard in bot.ears.heard if code[-4:] in heard.text]
        cards = [heard for heard in about if heard.chat == group]
        assert cards and cards[0].at == start, f"{where}: told when the clock started"
        assert cards[0].silent is not (rings or item.emergency), where
        if item.emergency:
            at_once = {heard.chat: heard.silent for heard in about if heard.at == start}
            assert {group, hub, leaders, leader} <= at_once.keys(), f"{where}: unit, hub and leaders in one moment"
            assert not any(at_once[chat] for chat in (group, hub, leader)), f"{where}: all of them woken"
        if item.emergency or parse_limit(item.sign_limit).unit is LimitUnit.RUNNING_HOURS:
            loud.add(code[-4:])
        assert part.sign_due_at is not None
        sound = [
            h for h in bot.ears.heard if not h.silent and (h in about or ("到时限的有" in h.text and h.chat == private))
        ]
        assert any(h.chat in {group, private} and h.at < part.sign_due_at for h in sound), f"{where}: woken in time"
    for heard in bot.ears.heard:
        by_right = bot.where.rings(heard.at) or any(code in heard.text for code in loud)
        assert heard.silent or by_right, f"{heard} rings at night"


async def hear_each(folder: Path, numbers: Iterable[int]) -> int:
    """A fresh district for each of these quarters of an hour; how many calls there were."""
    calls = 0
    for number in numbers:
        start = WEEK + number * QUARTER
        async with calling(folder, start) as bot:
            await hear(bot, start)
            calls += len(bot.parts)
    return calls


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_every_item_at_the_turns_of_the_week(tmp_path: Path) -> None:
    assert await hear_each(tmp_path, TURNS) == 110 * len(TURNS)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("day", range(7))
async def test_every_item_at_every_quarter_of_an_hour(tmp_path: Path, day: int) -> None:
    assert await hear_each(tmp_path, range(day * A_DAY, (day + 1) * A_DAY)) == 110 * A_DAY
