"""The scan over a district that has grown: nothing due, and 10,000 due at once; beside it one APScheduler job a ticket."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import Engine, func, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from bot.application.clocks.scan_due import scan_due
from bot.application.district import District
from storage import migrate
from storage.store import SqlStore
from storage.tables.matters import due
from storage.tables.messages import outbox
from tests.bench import databases
from tests.support.grown import NOW, district, found, grow

OPEN = {"SQLite": 100_000, "PostgreSQL": 1_000_000}
SMALL, DUE_AT_ONCE, PEER_JOBS, PEER_DUE = 10_000, 10_000, 10_000, 2_000
LOOKS = 20


async def look(store: SqlStore, where: District) -> float:
    """The median of a scan with nothing due, in milliseconds."""
    times = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        assert await scan_due(store, where, now=NOW) == 0
        times.append(1000 * (time.perf_counter() - begun))
    return sorted(times)[LOOKS // 2]


async def handle(store: SqlStore, where: District) -> tuple[float, int, int]:
    """10,000 that all came due two days ago: judged a second, messages queued, and how many rows moved."""
    now = NOW + timedelta(days=4)
    async with store.begin() as uow:
        ids = select(due.c.id).where(due.c.kind == "handle").order_by(due.c.id).limit(DUE_AT_ONCE)
        chosen = [row.id for row in await uow.db.rows(ids)]
        far = now + timedelta(days=3650)
        await uow.db.execute(due.update().values(next_check_at=far))
        await uow.dues.move(dict.fromkeys(chosen, NOW + timedelta(days=2)))
        await uow.commit()
    begun = time.perf_counter()
    judged = await scan_due(store, where, now=now)
    took = time.perf_counter() - begun
    async with store.read() as uow:
        queued = await uow.db.value(select(func.count()).select_from(outbox))
    return judged / took, queued, judged


def nothing() -> None:
    """What a job of the peer does: less than any of ours."""


class Still(BaseScheduler):  # type: ignore[misc]
    """The peer's scheduler without its thread: what it does is asked of it and measured."""

    def wakeup(self) -> None:
        """It sleeps on."""

    def shutdown(self, wait: bool = True) -> None:
        """As the others do."""
        super().shutdown(wait)


async def peer_on(url: str) -> tuple[float, float, float]:
    """The peer on that database; its store wants an engine that is not async, which ours is on its inside."""
    engine = create_async_engine(url)
    try:
        return await greenlet_spawn(peer, engine.sync_engine)
    finally:
        await engine.dispose()


def peer(engine: Engine) -> tuple[float, float, float]:
    """APScheduler with its SQLAlchemy store: a look with nothing due (ms), jobs due handled and jobs added a second."""
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = Still(jobstores={"default": store})
    scheduler.start(paused=True)
    begun = time.perf_counter()
    for number in range(PEER_JOBS):
        late = number < PEER_DUE
        moment = datetime.now(UTC) + (timedelta(seconds=1) if late else timedelta(days=30))
        scheduler.add_job(nothing, "date", run_date=moment, id=str(number), misfire_grace_time=None)
    added = (number + 1) / (time.perf_counter() - begun)
    begun = time.perf_counter()
    store.get_due_jobs(datetime.now(UTC) - timedelta(days=1))
    idle = 1000 * (time.perf_counter() - begun)
    begun = time.perf_counter()
    for job in store.get_due_jobs(datetime.now(UTC) + timedelta(days=1)):
        job.func()
        store.remove_job(job.id)
    handled = PEER_DUE / (time.perf_counter() - begun)
    scheduler.shutdown(wait=False)
    return idle, handled, added


async def run(kind: str, url: str) -> tuple[float, float]:
    """The whole on one database: a look with nothing due (ms), and how many due at once are handled a second."""
    where = district()
    await migrate.upgrade(url)
    store = SqlStore.open(url)
    try:
        units = await found(store, where)
        await grow(store, units, SMALL, units)
        small = await look(store, where)
        await grow(store, SMALL, OPEN[kind], units)
        large = await look(store, where)
        judged = "met" if large <= 50 else "MISSED"
        print(f"  {kind}: nothing due, {SMALL:,} open: {small:.1f} ms; {OPEN[kind]:,} open: {large:.1f} ms  ", end="")
        print(f"aim ≤ 50 ms and not growing: {judged}", flush=True)
        rate, queued, rows = await handle(store, where)
        judged = "met" if rate >= 500 else "MISSED"
        print(
            f"  {kind}: {rows:,} due at once: {rate:.0f} a second into {queued} messages  aim ≥ 500: {judged}",
            flush=True,
        )
        return large, rate
    finally:
        await store.close()


def measure(folder: Path, only: str | None = None) -> None:
    """Prints the figures of both databases, each beside the peer on the same kind of database, and their ratios."""
    print("\nthe scan (one process):")
    with ExitStack() as stack:
        for kind in ("SQLite", "PostgreSQL"):
            if only not in (None, kind) or (kind == "PostgreSQL" and not databases.is_postgresql_there()):
                continue
            urls = [f"sqlite+aiosqlite:///{folder}/{name}.db" for name in ("clocks", "peer")]
            if kind == "PostgreSQL":
                urls = [stack.enter_context(databases.postgresql(name)) for name in ("clocks", "peer")]
            compare(kind, asyncio.run(run(kind, urls[0])), asyncio.run(peer_on(urls[1])))


def compare(kind: str, ours: tuple[float, float], theirs: tuple[float, float, float]) -> None:
    """Prints the peer and the ratios; its jobs do nothing, ours decide, note and say."""
    (look_ms, rate), (idle, handled, added) = ours, theirs
    print(f"  {kind}: peer, one APScheduler job a ticket in its SQLAlchemyJobStore, {PEER_JOBS:,} jobs: ", end="")
    print(
        f"a look {idle:.1f} ms, {handled:.0f} due jobs a second (of work that does nothing), {added:.0f} added a second"
    )
    print(
        f"  {kind}: ours to the peer's: a look {look_ms / idle:.2f} of its time over {OPEN[kind] // PEER_JOBS} times",
        end="",
    )
    print(f" as many; due ones {rate / handled:.1f} of its rate", flush=True)


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory(prefix="jiehu-bench-") as scratch:
        measure(Path(scratch), sys.argv[1] if len(sys.argv) > 1 else None)
