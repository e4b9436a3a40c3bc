"""Steps that stories share: a call that is out, signed, reported back."""

from __future__ import annotations

import re

from bot.playground.model import Message
from tests.support.world import LI, STREET, UNIT, WANG, World

LAMP = "路灯不亮了，柳荫路12号门口一片黑"
COVER = "柳荫路45号门口井盖没了，老人差点踩空"
_CODE = re.compile(r"JL-\d{8}-\d{4}")


def code_in(text: str) -> str:
    """The code that stands there."""
    found = _CODE.search(text)
    assert found is not None, f"no code in {text!r}"
    return found.group()


def count(world: World, chat: int) -> int:
    """How many messages of the bot stand there."""
    return len(world.play.said_by_bot(chat))


def now_reads(world: World, chat: int, message: Message) -> str:
    """What that message says by now."""
    return world.play.world.message(chat, message.message_id).text


async def called(world: World, text: str = LAMP, *, by: int = LI, chat: int = STREET) -> tuple[str, Message]:
    """A report that was confirmed: its code and the unit's card."""
    await world.says(by, chat, text)
    await world.press(by, chat, "确认上报")
    call = world.card(UNIT, "签收")
    return code_in(call.text), call


async def signed(world: World, text: str = LAMP) -> tuple[str, Message]:
    """The same, signed by the liaison."""
    code, call = await called(world, text)
    await world.press(WANG, UNIT, "签收", call)
    return code, call


async def reported(world: World, text: str = LAMP) -> tuple[str, Message]:
    """The same, reported back."""
    code, call = await signed(world, text)
    await world.says(WANG, UNIT, "已处理完毕，今天上午换好了", reply_to=call)
    await world.press(WANG, UNIT, "发送回告")
    return code, call
