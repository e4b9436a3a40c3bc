"""The gateway as `bot.app` holds it: a source of updates, the workers, and what must be said to Telegram at the start."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import structlog
from starlette.routing import BaseRoute

from bot.gateway import selfcheck
from bot.gateway.application import TELEGRAM, JiehuApplication, server_root
from bot.gateway.health import Health
from bot.gateway.intake import Intake
from bot.gateway.metrics import Metrics
from bot.gateway.polling import ALLOWED_UPDATES, Poller, PollSettings
from bot.gateway.presses import Presses
from bot.gateway.stopping import pause, until
from bot.gateway.unit import UnitRunner
from bot.gateway.webhook import watch_routes, webhook_route
from bot.gateway.work import INBOX_CHANNEL, Hooks, Resources
from bot.gateway.worker import Workers

GRACE_SECONDS = 10.0
_DRAIN_LOOK_SECONDS = 0.01
_WEBHOOK_LOOK_SECONDS = 60.0
log = structlog.get_logger(__name__)


class Source(StrEnum):
    """Where this process gets updates from; a process of workers only has none."""

    POLLING = "polling"
    WEBHOOK = "webhook"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """`name`: the same after a restart, another in every process. `workers` 0: this process only stores.

    `webhook_url` is the whole public address that leads to `WEBHOOK_PATH`.
    """

    token: str = field(repr=False)
    base_url: str = TELEGRAM
    source: Source = Source.POLLING
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    workers: int = 4
    name: str = "worker"
    commands: selfcheck.Commands = field(default_factory=dict)
    poll_timeout: int = 25
    poll_patience: float = 10.0
    first_pause: float = 0.5


class Gateway:
    """Runs as tasks of its own between `start` and `stop`; the application and the resources stay the owner's."""

    def __init__(
        self,
        application: JiehuApplication,
        resources: Resources,
        hooks: Hooks,
        settings: GatewaySettings,
        metrics: Metrics | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self.health = Health(resources.store, resources.ticker)
        self._application = application
        self._resources = resources
        self._settings = settings
        self._presses = Presses(application.bot, resources.ticker, self.metrics)
        self.intake = Intake(resources, self.metrics, self._presses if settings.workers else None)
        runner = UnitRunner(application, resources, hooks, self._presses, self.metrics)
        self._workers = Workers(runner, resources, name=settings.name, count=settings.workers)
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Health, metrics and, with that source, the webhook."""
        watching = watch_routes(self.health, self._resources.inbox, self.metrics)
        if self._settings.source is not Source.WEBHOOK:
            return watching
        return [webhook_route(self.intake, self.health, self._settings.webhook_secret), *watching]

    async def start(self) -> None:
        """Returns at once: everything waits by itself until Telegram and the database are there."""
        self._stop.clear()
        if self._settings.source is Source.POLLING:
            self._spawn(self._poller().run(self._stop))
        self._spawn(self._connect_and_work())
        if self._settings.workers:
            self._spawn(self._presses.watch(self._stop))

    async def stop(self) -> None:
        """What has begun is finished, the rest stays in the inbox; after ten seconds it is left to itself."""
        self._stop.set()
        await self._resources.wakeup.notify(INBOX_CHANNEL)
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                while self._tasks:
                    await asyncio.wait(self._tasks)
                await self._presses.settled()
        except TimeoutError:
            log.error("not everything ended in time", tasks=len(self._tasks))
        await selfcheck.optional("shutdown", self._application.shutdown())
        await selfcheck.optional("shutdown", self._application.bot.shutdown())

    async def drain(self, timeout: float = 10.0) -> None:
        """For tests: returns when every stored update is worked off; TimeoutError after so many real seconds."""
        async with asyncio.timeout(timeout):
            while (await self._resources.inbox.backlog())[0] or not self._workers.is_idle:
                await asyncio.sleep(_DRAIN_LOOK_SECONDS)
            await self._presses.settled()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.critical("a part of the gateway ended", exc_info=error)

    def _poller(self) -> Poller:
        settings = self._settings
        address = f"{server_root(settings.base_url)}/bot{settings.token}"
        polling = PollSettings(address, settings.poll_timeout, settings.poll_patience, settings.first_pause)
        return Poller(polling, self.intake, self.health, self.metrics, self._resources.ticker)

    async def _connect_and_work(self) -> None:
        if not await selfcheck.connect(self._application, self._stop, self._settings.first_pause):
            return
        self.health.is_connected = True
        self._spawn(self._check())
        if self._settings.workers:
            await self._workers.run(self._stop)

    async def _check(self) -> None:
        bot, settings = self._application.bot, self._settings
        if settings.source is Source.POLLING:
            await until(self._stop, selfcheck.use_polling(bot))
        if settings.source is Source.WEBHOOK:
            self._spawn(self._keep_webhook())
        if settings.source is not Source.NONE:
            await until(self._stop, selfcheck.introduce(bot, settings.commands))
            absent = selfcheck.absent_from(bot, self._resources.store)
            await until(self._stop, selfcheck.optional("getChatMember", absent))

    async def _keep_webhook(self) -> None:
        """Nights are quiet: that Telegram has our address and says so counts as a good poll."""
        bot, settings = self._application.bot, self._settings
        seconds = settings.first_pause
        while not self._stop.is_set():
            info = await until(self._stop, selfcheck.webhook_info(bot))
            if info is not None and info.url == settings.webhook_url:
                await self.health.good()
                seconds = _WEBHOOK_LOOK_SECONDS
            else:
                call = selfcheck.use_webhook(bot, settings.webhook_url, settings.webhook_secret, ALLOWED_UPDATES)
                await until(self._stop, call)
                seconds = min(seconds * 2, selfcheck.LONGEST_PAUSE_SECONDS)
            await pause(self._stop, seconds)
