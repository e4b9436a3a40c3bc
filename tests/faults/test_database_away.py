"""The database is locked, cuts every connection, refuses new ones: what was written in chats is worked off afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.faults.rounds import Rows, confirm, draft_of, inbox_rows, send_report, sentence, told
from tests.storage.databases import ADMIN
from tests.support.plain_words import PlainWords
from tests.support.world import LI, STREET, ZHAO, World, open_world

REPORTS = 12
END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


async def test_a_lock_of_another_process_delays_and_loses_nothing(plain_world: World, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "jiehu.db", isolation_level=None, timeout=30, check_same_thread=False)
    for number in range(3):
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        said = await plain_world.play.say(LI, STREET, sentence(number))
        await asyncio.sleep(1.5)
        assert not any(m.reply_to == said.message_id for m in plain_world.play.said_by_bot(STREET))
        other.execute("ROLLBACK")
        await told(plain_world, await confirm(plain_world, await draft_of(plain_world, said)))
    other.close()
    await plain_world.settle()
    assert await _nothing_left(plain_world)


@pytest.mark.external_service
async def test_every_connection_is_cut_again_and_again(postgresql: str, tmp_path: Path) -> None:
    async def cut(admin: asyncpg.Connection[asyncpg.Record], name: str) -> None:
        for _ in range(20):
            await admin.execute(END_ALL, name)
            await asyncio.sleep(0.2)

    await _reports_while(postgresql, tmp_path, cut)


@pytest.mark.external_service
async def test_a_database_that_is_gone_for_seconds(postgresql: str, tmp_path: Path) -> None:
    async def shut(admin: asyncpg.Connection[asyncpg.Record], name: str) -> None:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await admin.execute(END_ALL, name)
        await asyncio.sleep(4.0)
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    await _reports_while(postgresql, tmp_path, shut)


async def _reports_while(url: str, folder: Path, trouble: Callable[..., object]) -> None:
    """People report before, during and after; each report becomes one ticket that its unit is told of once."""
    async with open_world(folder, PlainWords(), database_url=url) as world:
        await told(world, await send_report(world, 0))
        admin = await asyncpg.connect(ADMIN)
        troubled = asyncio.ensure_future(trouble(admin, url.rsplit("/", 1)[1]))  # type: ignore[arg-type]
        said = []
        for number in range(1, REPORTS):
            said.append((number, await world.play.say((LI, ZHAO)[number % 2], STREET, sentence(number))))
            await asyncio.sleep(0.3)
        await troubled
        await admin.close()
        codes = set()
        for number, each in said:
            codes.add(await confirm(world, await draft_of(world, each), (LI, ZHAO)[number % 2]))
        assert len(codes) == REPORTS - 1
        for code in codes:
            await told(world, code)
        await world.settle()
        assert await _nothing_left(world)


async def _nothing_left(world: World) -> bool:
    rows: Rows = await inbox_rows(world)
    return (rows.open, rows.dead) == (0, 0)
