"""SIGKILL during a scan, and two that scan at once: no step is lost, none is taken or said twice."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.application.clocks.scan_due import scan_due
from bot.application.records import DueKind
from storage import migrate
from storage.store import SqlStore
from storage.tables.matters import due
from storage.tables.messages import outbox
from storage.tables.waiting import ladder_step
from tests.soak.scanner import FEW
from tests.storage.databases import empty_postgresql, sqlite_url
from tests.support.grown import NOW, ROOT, district, found, grow

LATER = NOW + timedelta(days=4)
ROWS = 600


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.external_service),
    ]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "jiehu.db")
        return
    with empty_postgresql("scan") as made:
        yield made.replace("postgresql://", "postgresql+asyncpg://")


async def grown(url: str) -> SqlStore:
    """A district in which everything sent out on Monday is overdue, and a database that nobody scanned since."""
    await migrate.upgrade(url)
    store = SqlStore.open(url)
    units = await found(store, district())
    await grow(store, units, ROWS, units)
    return store


async def audit(store: SqlStore) -> None:
    """Every open clock was judged; each step stands once, and each was said to each of its people once."""
    async with store.read() as uow:
        assert not await uow.dues.ripe(LATER, limit=10)
        rows = await uow.db.rows(
            select(due.c.kind, due.c.subject_id).where(due.c.kind.in_([DueKind.SIGN, DueKind.HANDLE]))
        )
        steps = await uow.db.rows(select(ladder_step.c.kind, ladder_step.c.subject_id, ladder_step.c.step))
        said = await uow.db.rows(select(outbox.c.kind, outbox.c.chat_id, outbox.c.params))
    clocks = Counter((str(row.kind), row.subject_id) for row in rows)
    taken = Counter((str(row.kind), row.subject_id, row.step) for row in steps)
    assert len(clocks) == 2 * ROWS and set(clocks.values()) == {1}
    assert set(taken.values()) == {1}
    assert {(kind, number) for kind, number, _ in taken} == set(clocks), "no clock without its step"
    told = sum(row.params["count"] for row in said if row.kind.startswith("steps-"))
    assert told == len(clocks), "each clock is one line, also where a step and an announcement fall together"
    assert len({(row.kind, row.chat_id) for row in said}) == len(said), "one digest a chat"


async def killed(url: str, times: int, rng: random.Random) -> int:
    """How many of the kills hit a scan that was at work."""
    store = await grown(url)
    hit = 0
    command = [sys.executable, "-m", "tests.soak.scanner", url, LATER.isoformat()]
    for _ in range(times):
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"scanning"
        await asyncio.sleep(rng.uniform(0.0, 0.25))
        if process.returncode is None:
            process.kill()
        hit += await process.wait() != 0
    await scan_due(store, district(), now=LATER)
    await audit(store)
    await store.close()
    return hit


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_ten_kills_during_a_scan(url: str) -> None:
    assert await killed(url, 10, random.Random(4)) >= 5, "kills must hit a scan at work"


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_fifty_kills_during_a_scan(url: str) -> None:
    assert await killed(url, 50, random.Random(5)) >= 10


@pytest.mark.timeout(120)
async def test_two_that_scan_at_once_say_nothing_twice(url: str) -> None:
    store = await grown(url)
    others = [SqlStore.open(url) for _ in range(2)]
    await asyncio.gather(*(scan_due(other, district(), now=LATER, batch=10 * FEW) for other in others))
    await scan_due(store, district(), now=LATER)
    await audit(store)
    for each in (store, *others):
        await each.close()
