"""The loop that sends: find, claim and commit, send, mark and commit.

At most `in_flight` sends are claimed and not yet marked, one in each chat; so many messages can double if the process
is killed, never more. One transaction marks what has come back and claims what goes next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.application.district import District
from bot.application.inbox import DeliveryStore, Wakeup
from bot.application.ports import Store, UnitOfWork
from bot.clock import Clock, Ticker
from bot.delivery.budget import Budget, MemoryBudget
from bot.delivery.claiming import Claimer, Finder
from bot.delivery.jobs import Candidate, Job
from bot.delivery.marking import Marker, in_lock_order
from bot.delivery.patience import Outage
from bot.delivery.render import Renderer
from bot.delivery.sender import Refused, RetryAfter, Sender, Temporary
from bot.delivery.sending import carry_out, follow, has_followers
from bot.delivery.settings import DeliverySettings
from bot.text.catalogue import Texts

log = structlog.get_logger(__name__)

CHANNEL = "delivery"
"""The wake-up channel that those who queue cards and messages notify after their commit."""
_AFTER_FAILURE = 0.5
_BREATH = 0.005
_PATIENCE = 0.02
_LINGER = 0.003


@dataclass(frozen=True, slots=True)
class Means:
    """What delivery works with; `worker` names this process and must be the same after its restart."""

    store: Store
    delivery: DeliveryStore
    sender: Sender
    texts: Texts
    district: Callable[[], District]
    clock: Clock
    ticker: Ticker
    wakeup: Wakeup | None = None
    worker: str = "delivery"


class Dispatcher:
    """`run` until `stop`; `drain` for those who want it all sent now. Both may go on at the same time."""

    def __init__(
        self,
        means: Means,
        settings: DeliverySettings = DeliverySettings(),
        budget: Budget | None = None,
    ) -> None:
        self._means = means
        self._settings = settings
        self._budget = budget or MemoryBudget(settings.budget, means.ticker)
        self._finder = Finder(means.delivery, self._budget, means.clock, means.ticker)
        self._marker = Marker(means.delivery, means.district, means.clock, means.ticker)
        renderer = Renderer(means.texts, means.district, token_days=settings.token_days)
        self._claimer = Claimer(means.delivery, renderer, self._marker, means.clock, worker=means.worker)
        self._outage = Outage(means.ticker)
        self._turn = asyncio.Lock()
        self._pulse = asyncio.Event()
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._finished: list[Job] = []
        self._is_careful = False
        self._is_stopping = False

    async def run(self) -> None:
        """Sends until `stop` is called; what an earlier life of this process was sending is sent again first."""
        again = await self._means.delivery.requeue_own(self._means.worker)
        if again:
            log.info("requeued", count=again)
        listener = asyncio.create_task(self._listen())
        try:
            while not self._is_stopping:
                went_on = await self._step()
                await self._rest(_BREATH if went_on else self._settings.look_every)
        finally:
            _ = listener.cancel()
            _ = await asyncio.gather(listener, return_exceptions=True)

    async def stop(self) -> None:
        """Claims nothing more, finishes and marks what is in flight; after `stop_within` seconds it is left claimed."""
        self._is_stopping = True
        self._pulse.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.stop_within):
                while self._sending or self._following or self._finished:
                    _ = await self._step()
                    await self._rest(_PATIENCE)
        late = [*self._sending.values(), *self._following]
        for task in late:
            _ = task.cancel()
        _ = await asyncio.gather(*late, return_exceptions=True)

    async def drain(self, timeout: float = 10.0) -> None:
        """Sends until nothing is ripe; what a budget, a back-off or a slow server holds up longer stays."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while await self._step() or not await self._is_idle():
                    await self._rest(_PATIENCE)

    def wake(self) -> None:
        """There may be work; the same as a notification on `CHANNEL`."""
        self._pulse.set()

    async def _listen(self) -> None:
        wakeup = self._means.wakeup
        while wakeup is not None:
            if await wakeup.wait(CHANNEL, timeout=60.0):
                self._pulse.set()

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                _ = await self._pulse.wait()
        if self._sending:
            # Others come back in the same moment: one transaction for all of them.
            await asyncio.sleep(_LINGER)
        self._pulse.clear()

    async def _step(self) -> bool:
        """One look and one transaction, never cut half-way; whether anything went on."""
        return await asyncio.shield(self._whole_step())

    async def _whole_step(self) -> bool:
        async with self._turn:
            try:
                return await self._mark_and_claim()
            except Exception:
                log.exception("delivery_step_failed")
                self._is_careful = True
        await asyncio.sleep(_AFTER_FAILURE)
        return False

    async def _mark_and_claim(self) -> bool:
        if self._is_careful and not self._sending and not self._finished:
            # The commit that failed may have come through: then its claims are nobody's.
            _ = await self._means.delivery.requeue_own(self._means.worker)
        done = list(self._finished)
        candidates = [] if done else await self._look()
        if not done and not candidates:
            return False
        async with self._means.store.begin() as uow:
            await self._marker.lock(uow, done)
            for job in sorted(done, key=in_lock_order):
                await self._marker.mark(uow, job)
            candidates = candidates or await self._find(uow, marked=len(done))
            jobs = await self._claimer.claim(uow, candidates, carefully=self._is_careful)
            await uow.commit()
        self._is_careful = False
        del self._finished[: len(done)]
        for job in jobs:
            self._sending[job.place.chat_id] = asyncio.create_task(self._send(job))
        for job in done:
            self._follow_up(job)
        return True

    async def _look(self) -> list[Candidate]:
        if self._free() <= 0:
            return []
        async with self._means.store.look() as uow:
            return await self._find(uow)

    async def _find(self, uow: UnitOfWork, *, marked: int = 0) -> list[Candidate]:
        free = self._free(marked)
        return await self._finder.find(uow, busy=self._sending.keys(), limit=free) if free > 0 else []

    def _free(self, marked: int = 0) -> int:
        if self._is_stopping or self._outage.pause() > 0:
            return 0
        return self._settings.in_flight - len(self._sending) - len(self._finished) + marked

    async def _is_idle(self) -> bool:
        if self._sending or self._finished or self._following:
            return False
        async with self._means.store.look() as uow:
            return not await self._finder.ripe(uow, skip=(), limit=1)

    async def _send(self, job: Job) -> None:
        chat_id = job.place.chat_id
        try:
            await self._budget.spend(job.place)
            job.outcome = await carry_out(self._means.sender, job)
        except Exception as problem:
            log.exception("send_failed", chat=chat_id)
            job.outcome = Refused(f"{type(problem).__name__}: {problem}")
        if isinstance(job.outcome, RetryAfter):
            await self._budget.halt(chat_id, job.outcome.seconds)
        if isinstance(job.outcome, Temporary):
            self._outage.failed(chat_id)
        else:
            self._outage.answered()
        self._finished.append(job)
        del self._sending[chat_id]
        self._pulse.set()

    def _follow_up(self, job: Job) -> None:
        if not job.extras and has_followers(job):
            task = asyncio.create_task(self._follow(job))
            self._following.add(task)
            task.add_done_callback(self._following.discard)

    async def _follow(self, job: Job) -> None:
        job.extras = await follow(self._means.sender, self._budget, job)
        if job.extras:
            self._finished.append(job)
        self._pulse.set()
