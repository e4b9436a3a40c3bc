"""Lanes worked off side by side, each in its own order; one task claims, so that few claims are in vain."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _InHand:
    """A claim, how much had been heard before it was made, and until when its rows may begin."""

    claim: LaneClaim
    heard: int
    until: float


class Workers:
    """Up to `count` lanes at once, and as many claimed ahead; what has begun is finished, whatever is stopped."""

    def __init__(self, runner: UnitRunner, resources: Resources, *, name: str, count: int) -> None:
        self._runner = runner
        self._resources = resources
        self._name = f"{name}:"
        self._count = count
        self._free = count
        self._ahead: deque[_InHand] = deque()
        self._lanes: set[asyncio.Task[None]] = set()
        self._unreleased: list[LaneClaim] = []
        self._look = asyncio.Event()
        self._heard = 0
        self._is_short = False

    @property
    def is_idle(self) -> bool:
        """Whether no lane is worked on or held at this moment."""
        return not self._lanes and not self._ahead

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; returns when every unit of work that had begun is over."""
        listener = asyncio.ensure_future(self._listen(stop))
        is_ready = False
        while not stop.is_set():
            self._look.clear()
            try:
                if not is_ready:
                    await unbroken(self._resources.inbox.void_leases(self._name))
                    is_ready = True
                await self._claim_lanes(stop)
            except Exception as error:
                log.error("the inbox cannot be read", error=repr(error))
                await pause(stop, _PAUSE_WITHOUT_STORAGE_SECONDS)
                continue
            await self._look.wait()
        await asyncio.wait({listener, *self._lanes})
        await self._give_back()

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

    async def _claim_lanes(self, stop: asyncio.Event) -> None:
        """Several at a time, since each claim is a transaction of its own; ahead only where there were enough."""
        while self._unreleased:
            await unbroken(self._resources.inbox.release(self._unreleased[-1]))
            self._unreleased.pop()
        while (self._free or self._is_short) and len(self._ahead) <= self._count // 2 and not stop.is_set():
            heard, wanted = self._heard, self._free + (self._count - len(self._ahead) if self._is_short else 0)
            until = self._resources.ticker.time() + LEASE_SECONDS / 2
            claims = await unbroken(self._claim(wanted))
            self._ahead.extend(_InHand(claim, heard, until) for claim in claims)
            self._is_short = len(claims) == wanted
            self._start_lanes(stop)
            if not self._is_short:
                return

    async def _claim(self, lanes: int) -> Sequence[LaneClaim]:
        now = self._resources.ticker.time()
        return await self._resources.inbox.claim(
            self._resources.bot_id, self._name, now=now, lease=LEASE_SECONDS, rows=_ROWS_PER_CLAIM, lanes=lanes
        )

    def _start_lanes(self, stop: asyncio.Event) -> None:
        while self._ahead and self._free and not stop.is_set():
            self._free -= 1
            task = asyncio.ensure_future(self._work_off(self._ahead.popleft(), stop))
            self._lanes.add(task)
            task.add_done_callback(self._lanes.discard)

    async def _work_off(self, held: _InHand, stop: asyncio.Event) -> None:
        claim = held.claim
        is_over = False
        try:
            for row in claim.rows:
                is_over = stop.is_set() or self._resources.ticker.time() > held.until
                if is_over or not await self._runner.run(claim, row):
                    break
            await self._resources.inbox.release(claim)
        except Exception as error:
            log.error("storage does not answer, the lane waits", error=repr(error))
            self._unreleased.append(claim)
            await pause(stop, _PAUSE_WITHOUT_STORAGE_SECONDS)
        self._free += 1
        self._start_lanes(stop)
        may_hold_more = is_over or len(claim.rows) == _ROWS_PER_CLAIM or held.heard != self._heard
        is_short = self._is_short and len(self._ahead) <= self._count // 2
        if may_hold_more or is_short or self._unreleased:
            self._look.set()

    async def _give_back(self) -> None:
        """What was claimed and never begun is free at once for other processes."""
        try:
            while self._ahead:
                await unbroken(self._resources.inbox.release(self._ahead[-1].claim))
                self._ahead.pop()
        except Exception as error:
            log.warning("lanes in hand are free only when their lease ends", error=repr(error))
            self._ahead.clear()
