"""SIGTERM in the middle of a full queue: over within ten seconds, nothing doubled, the rest is done in the next life."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.playground.server import Playground
from storage.store import SqlStore
from tests.conftest import AUDIT
from tests.soak.kills import claimed, open_rows, unknown, wait_until_done
from tests.support.bot_process import bot_on
from tests.support.crowd import gather_crowd
from tests.support.world import serve_playground


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_full_queue_does_not_delay_the_end(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    stopped_in, left = asyncio.run(_stop_in_the_middle(database_url, tmp_path))
    record_property(AUDIT, f"stopped in {stopped_in:.1f} s with {left} updates waiting")
    assert stopped_in < 10
    assert left > 0


async def _stop_in_the_middle(url: str, folder: Path) -> tuple[float, int]:
    play = Playground()
    async with serve_playground(play) as base_url:
        crowd = await gather_crowd(play, url)
        for number in range(500):
            await (crowd.report() if number % 10 == 0 else crowd.chat())
        reacting = asyncio.ensure_future(crowd.react())
        bot, store = bot_on(folder, base_url, play.token, url), SqlStore.open(url)
        try:
            bot.start()
            await bot.became_ready()
            while len(play.said_by_bot(crowd.units[0].chat)) < 3:
                await asyncio.sleep(0.05)
            stopped_in = await bot.stop()
            left = await open_rows(store) + play.pending
            assert not await claimed(store) and not await unknown(store, play)
            bot.start()
            await wait_until_done(crowd, store, crowd.updates, bot)
            await bot.stop()
            assert not await unknown(store, play)
        finally:
            reacting.cancel()
            bot.end()
            await store.close()
    return stopped_in, left
