"""Lanes worked off side by side, each in its own order; one task claims, so that few claims are in vain."""

from __future__ import annotations

import asyncio

import structlog

from bot.application.inbox import LaneClaim
from bot.gateway.stopping import pause, unbroken
from bot.gateway.unit import UnitRunner
from bot.gateway.work import INBOX_CHANNEL, Resources

LEASE_SECONDS = 60.0
_ROWS_PER_CLAIM = 8
_LOOK_EVERY_SECONDS = 1.0
_PAUSE_WITHOUT_STORAGE_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Workers:
    """Up to `count` lanes at once; what has begun is finished, whatever is stopped meanwhile."""

    def __init__(self, runner: UnitRunner, resources: Resources, *, name: str, count: int) -> None:
        self._runner = runner
        self._resources = resources
        self._name = name
        self._free = [f"{name}:{number}" for number in range(count)]
        self._lanes: set[asyncio.Task[None]] = set()
        self._unreleased: list[LaneClaim] = []
        self._look = asyncio.Event()
        self._heard = 0
        self._is_short = False

    @property
    def is_idle(self) -> bool:
        """Whether no lane is worked on at this moment."""
        return not self._lanes

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; returns when every unit of work that had begun is over."""
        listener = asyncio.ensure_future(self._listen(stop))
        is_ready = False
        while not stop.is_set():
            self._look.clear()
            try:
                if not is_ready:
                    await unbroken(self._resources.inbox.void_leases(f"{self._name}:"))
                    is_ready = True
                await self._start_lanes(stop)
            except Exception as error:
                log.error("the inbox cannot be read", error=repr(error))
                await pause(stop, _PAUSE_WITHOUT_STORAGE_SECONDS)
                continue
            await self._look.wait()
        await asyncio.wait({listener, *self._lanes})

    async def _listen(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                if await self._resources.wakeup.wait(INBOX_CHANNEL, _LOOK_EVERY_SECONDS):
                    self._heard += 1
            except Exception as error:
                log.warning("nothing can be heard, the inbox is looked at every second", error=repr(error))
                await pause(stop, _LOOK_EVERY_SECONDS)
            self._look.set()
        self._look.set()

    async def _start_lanes(self, stop: asyncio.Event) -> None:
        while self._unreleased:
            await unbroken(self._resources.inbox.release(self._unreleased[-1]))
            self._unreleased.pop()
        while self._free and not stop.is_set():
            heard = self._heard
            claim = await unbroken(self._claim(self._free[-1]))
            if claim is None:
                self._is_short = False
                return
            task = asyncio.ensure_future(self._work_off(claim, self._free.pop(), heard, stop))
            self._lanes.add(task)
            task.add_done_callback(self._lanes.discard)
        self._is_short = True

    async def _claim(self, worker: str) -> LaneClaim | None:
        inbox, now = self._resources.inbox, self._resources.ticker.time()
        return await inbox.claim(self._resources.bot_id, worker, now=now, lease=LEASE_SECONDS, limit=_ROWS_PER_CLAIM)

    async def _work_off(self, claim: LaneClaim, worker: str, heard: int, stop: asyncio.Event) -> None:
        half_time = self._resources.ticker.time() + LEASE_SECONDS / 2
        is_over = False
        try:
            for row in claim.rows:
                is_over = stop.is_set() or self._resources.ticker.time() > half_time
                if is_over or not await self._runner.run(claim, row):
                    break
            await self._resources.inbox.release(claim)
        except Exception as error:
            log.error("storage does not answer, the lane waits", error=repr(error))
            self._unreleased.append(claim)
            await pause(stop, _PAUSE_WITHOUT_STORAGE_SECONDS)
        self._free.append(worker)
        may_hold_more = is_over or len(claim.rows) == _ROWS_PER_CLAIM or heard != self._heard
        if may_hold_more or self._is_short or self._unreleased:
            self._look.set()
