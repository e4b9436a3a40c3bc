"""What fault tests do over and over: a report that nobody else has written, and its way to the unit."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.playground.model import Message
from storage.tables.messages import DEAD, DONE, OPEN, inbox
from tests.support.world import LI, STREET, UNIT, World, captions

CODE = re.compile(r"JL-\d{8}-\d{4}")
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Inbox rows by where they stand."""

    open: int
    done: int
    dead: int


async def inbox_rows(world: World) -> Rows:
    """The whole inbox, counted."""
    async with world.app.store.read() as uow:
        found = await uow.db.rows(select(inbox.c.status, func.count()).group_by(inbox.c.status))
    count: dict[int, int] = {row[0]: row[1] for row in found}
    return Rows(count.get(OPEN, 0), count.get(DONE, 0), count.get(DEAD, 0))


async def until(holds: Callable[[], object], timeout: float = PATIENCE) -> None:
    """Returns when it holds; an AssertionError after so many real seconds."""
    deadline = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)


def sentence(number: int) -> str:
    """A report of a place of its own."""
    return f"路灯不亮，梧桐路{number}号门口"


async def draft_of(world: World, said: Message, timeout: float = PATIENCE) -> Message:
    """The card that answers the sentence."""
    return await world.play.wait_for(
        said.chat_id, lambda m: m.reply_to == said.message_id and _offers(m, "确认上报"), timeout
    )


async def confirm(world: World, draft: Message, user: int = LI) -> str:
    """The ticket's code once the press has had its effect; the press itself may stay without an answer."""
    await world.play.press(user, draft.chat_id, draft.message_id, "确认上报", timeout=0.1)
    await until(lambda: CODE.search(draft.text))
    found = CODE.search(draft.text)
    assert found is not None
    return found.group()


async def send_report(world: World, number: int) -> str:
    """Written and confirmed; the code."""
    said = await world.play.say(LI, STREET, sentence(number))
    return await confirm(world, await draft_of(world, said))


async def told(world: World, code: str, chat: int = UNIT, timeout: float = PATIENCE) -> Message:
    """The card of that call in the unit's group; exactly one stands there."""
    card = await world.play.wait_for(chat, lambda m: code in m.text and _offers(m, "签收"), timeout)
    assert len([m for m in world.play.said_by_bot(chat) if code in m.text]) == 1
    return card


def _offers(message: Message, button: str) -> bool:
    return any(button in caption for caption in captions(message))
