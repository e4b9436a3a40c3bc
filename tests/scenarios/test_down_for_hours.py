"""The bot was down for three hours: what people wrote meanwhile is heard before clocks judge, and says when it was."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.app import open_app
from bot.config import load_config
from nlu.types import Interpreter
from tests.scenarios.stories import COVER, called, now_reads, signed
from tests.support.world import (
    CHEN,
    DEMO_CONFIG,
    HE,
    HUB,
    RESIDENT,
    UNHURRIED,
    UNIT,
    WANG,
    World,
    open_world,
    slow_time,
    with_places,
)

DOWN_FOR = timedelta(hours=3)


async def test_words_written_meanwhile_are_heard_first(tmp_path: Path, interpreter: Interpreter) -> None:
    async with open_world(tmp_path, interpreter) as world:
        code, cover = await signed(world, COVER)
        _, lamp = await called(world)
        start, before = world.now, {chat: len(world.said(chat)) for chat in (HE, HUB, CHEN)}
        await world.app.stop()
        world.play.world.now = lambda: start + timedelta(minutes=30)
        await world.play.say(WANG, UNIT, "已到现场，正在抢修", reply_to=cover.message_id)
        await world.play.say(RESIDENT, RESIDENT, "柳荫社区柳荫路20号路灯不亮，晚上一片黑")
        press = asyncio.ensure_future(world.play.press(WANG, UNIT, lamp.message_id, "签收", timeout=60.0))
        await asyncio.sleep(0.1)
        world.play.world.now = lambda: start + DOWN_FOR
        await again(world, tmp_path, interpreter)
        press.cancel()
        assert world.said(HE)[before[HE] :], "it is overdue all the same"
        assert not any("还没有进展" in text for text in world.said(HE)), "and he hears what was said on the way"
        assert not any("计时自查" in text for chat in (HUB, CHEN) for text in world.said(chat)[before[chat] :])
        assert any("10:30 发的，我刚收到" in text for text in world.said(RESIDENT))
        assert any("10:30 发的，我刚收到" in text for text in world.said(UNIT))
        assert "已签收" in now_reads(world, UNIT, lamp) and code in now_reads(world, UNIT, cover)


async def again(world: World, folder: Path, interpreter: Interpreter) -> None:
    """The same bot, started anew as `jiehu run` does: nothing but its own jobs scans."""
    now = world.now + DOWN_FOR
    url = f"sqlite+aiosqlite:///{folder}/jiehu.db"
    config = with_places(load_config(DEMO_CONFIG), world.base_url, world.play.token, url, folder)  # type: ignore[no-untyped-call]
    async with open_app(config, interpreter=interpreter, delivery=UNHURRIED) as app:
        app.clock.real = slow_time(now)
        await app.set_clock(now)
        await app.start()
        world.app = app
        await world.play.drained(60)
        async with asyncio.timeout(30):
            while not any(text.startswith("分管领导") for text in world.said(HE)):
                await asyncio.sleep(0.2)
        await app.settle()
