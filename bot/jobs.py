"""All time-driven work in one table. Each job only wakes a task of ours, so that stopping never cuts one in two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`work` runs every so many real seconds, never twice at once; a failure is logged and it runs again."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]


class Jobs:
    """The schedule of one process, on APScheduler; `stop` lets what runs end."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        self._scheduler = AsyncIOScheduler()
        self._jobs = jobs
        self._wakes = {job.name: asyncio.Event() for job in jobs}
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins; each job runs once at the start."""
        self._stopping = False
        for job in self._jobs:
            wake = self._wakes[job.name]
            wake.set()
            # The default misfire grace of one second would drop ticks whenever the loop stalls.
            self._scheduler.add_job(
                wake.set, "interval", seconds=job.seconds, id=job.name, coalesce=True, misfire_grace_time=None
            )
            self._tasks.append(asyncio.ensure_future(self._run(job, wake)))
        self._scheduler.start()

    async def stop(self) -> None:
        """Returns when the last job has ended."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for wake in self._wakes.values():
            wake.set()
        await asyncio.gather(*self._tasks)
        self._tasks.clear()

    async def _run(self, job: Job, wake: asyncio.Event) -> None:
        while True:
            await wake.wait()
            wake.clear()
            if self._stopping:
                return
            try:
                await job.work()
            except Exception:
                log.exception("a job failed and runs again", job=job.name)
