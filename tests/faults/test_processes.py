"""One process that fetches, two that work, one that keeps the times, on one PostgreSQL: order kept, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import catalogue_of
from bot.clock import OffsetClock
from bot.config import load_config
from bot.playground.server import Playground
from storage import migrate
from storage.store import SqlStore
from storage.tables.matters import draft
from storage.tables.messages import card
from tests.conftest import AUDIT, ROOT
from tests.faults.rounds import draft_of, sentence
from tests.soak.kills import Audit, Plan, examine, wait_until_done
from tests.support.bot_process import bot_on
from tests.support.crowd import Crowd, gather_crowd
from tests.support.world import LI, STREET, World, serve_playground

PARTS = ("gateway", "worker", "worker", "scheduler")
PLAN = Plan(kills=0, updates=700, reports=60)


@pytest.mark.slow
@pytest.mark.external_service
@pytest.mark.timeout(600)
def test_two_workers_keep_the_order_and_double_nothing(
    postgresql: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    audit, orders = asyncio.run(_work_side_by_side(postgresql, tmp_path))
    record_property(AUDIT, audit.table())
    assert not audit.mistakes
    assert len(orders) > 20 and all(numbers == sorted(numbers) for numbers in orders.values())


async def _work_side_by_side(url: str, folder: Path) -> tuple[Audit, dict[int, list[int]]]:
    play = Playground()
    async with serve_playground(play) as base_url:
        crowd, store = await gather_crowd(play, url), SqlStore.open(url)
        bots = [bot_on(_folder(folder, n), base_url, play.token, url, part) for n, part in enumerate(PARTS)]
        reacting = asyncio.ensure_future(crowd.react())
        try:
            for bot in bots:
                bot.start()
            for bot in bots:
                await bot.became_ready()
            await _talk(crowd)
            await wait_until_done(crowd, store, PLAN.updates, bots[1])
            for bot in reversed(bots):
                await bot.stop()
            audit = Audit()
            await examine(audit, store, play, crowd, PLAN)
            return audit, await _orders(store)
        finally:
            reacting.cancel()
            for bot in bots:
                bot.end()
            await store.close()


def _folder(folder: Path, number: int) -> Path:
    """Nothing but the database tells them apart."""
    own = folder / str(number)
    own.mkdir()
    return own


async def test_what_a_dead_process_had_begun_to_send_is_sent_by_another(plain_world: World) -> None:
    world = plain_world
    await draft_of(world, await world.play.say(LI, STREET, sentence(1)))
    await world.settle()
    async with world.app.store.begin() as uow:
        raised = card.update().values(wanted_rev=card.c.wanted_rev + 1, claimed_by="worker-7:")
        await uow.db.execute(raised)
        await uow.commit()
    await world.settle()
    assert await _behind(world), "a claim that somebody may still hold is left alone"
    await world.app.recover()
    await world.settle()
    assert not await _behind(world)


async def _behind(world: World) -> Sequence[Any]:
    async with world.app.store.read() as uow:
        return await uow.db.rows(select(card.c.id).where(card.c.wanted_rev > card.c.shown_rev))


async def _talk(crowd: Crowd) -> None:
    while crowd.done["report"] < PLAN.reports:
        await crowd.report()
        for _ in range(5):
            await crowd.chat()


async def _orders(store: SqlStore) -> dict[int, list[int]]:
    """By chat, the numbers of the reports in the order in which they were worked off."""
    found: dict[int, list[int]] = {}
    async with store.read() as uow:
        for row in await uow.db.rows(select(draft.c.chat_id, draft.c.text).order_by(draft.c.id)):
            found.setdefault(row.chat_id, []).append(int(row.text.split("路")[-1].split("号")[0]))
    return found


@pytest.mark.external_service
async def test_processes_that_start_together_on_an_empty_database_import_one_list(postgresql: str) -> None:
    config, clock = load_config(ROOT / "config.yml", {}), OffsetClock()
    await migrate.upgrade(postgresql)
    stores = [SqlStore.open(postgresql) for _ in range(4)]
    try:
        found = await asyncio.gather(*(catalogue_of(config, store, clock) for store in stores))
    finally:
        for store in stores:
            await store.close()
    assert {catalogue.version for catalogue in found} == {1} and len(found[0].items) == 110
