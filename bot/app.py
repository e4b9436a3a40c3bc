"""Putting the parts together: one `App` is one process of the bot, against Telegram or any Bot API server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.application.clocks.audit_clocks import audit_clocks, is_any_clock_missed
from bot.application.clocks.digests import plan_missing
from bot.application.clocks.heartbeat import EVERY, beat, last_beat
from bot.application.clocks.recount_deadlines import is_recount_due, outdated, recount_deadlines
from bot.application.clocks.scan_due import scan_due
from bot.catalogue_files import read_catalogue
from bot.clock import OffsetClock, WallTicker
from bot.config import Config, imported_notices
from bot.config.district_in_force import DistrictInForce
from bot.config.understanding import LocalInService, forget_old_examples, open_interpreter
from bot.delivery.dispatcher import Dispatcher, Means
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.delivery.telegram import TelegramSender
from bot.domain.catalogue import Catalogue
from bot.domain.errors import VersionConflict
from bot.domain.situation import covered
from bot.gateway.application import JiehuApplication, bot_id_of, build_application
from bot.gateway.catching_up import CatchingUp
from bot.gateway.gateway import Gateway, GatewaySettings, Source
from bot.gateway.webhook import WEBHOOK_PATH
from bot.gateway.work import Hooks, Resources
from bot.jobs import Job, Jobs
from bot.text.catalogue import LOCALES, Texts
from handlers.errors import ErrorTexts
from handlers.routes import menu, register
from handlers.services import Manners, Services
from nlu.types import Interpreter
from storage import migrate
from storage.delivery import SqlDelivery
from storage.files import FileStore
from storage.inbox import SqlInbox
from storage.process_names import ProcessNames
from storage.purge import Retention, purge
from storage.redis_wakeup import open_wakeup
from storage.store import SqlStore

CLOCK_OFFSET = "clock:offset_seconds"
SCAN_SECONDS = 5.0
AUDIT_SECONDS = 600.0
OVERSLEPT = timedelta(minutes=1)
"""What is still due after so long was passed over by many scans."""

FACTS_SECONDS = 5.0
RECOVER_SECONDS = 30.0
DAY_SECONDS = 3600.0
LOOKS_BEFORE_RECOUNT = 3
"""The other processes of the district have looked as well by then, so that none counts with the old calendar after."""

log = structlog.get_logger(__name__)


class Part(StrEnum):
    """What this process does (`jiehu run --role`)."""

    ALL = "all"
    GATEWAY = "gateway"
    WORKER = "worker"
    SCHEDULER = "scheduler"


@dataclass
class App:
    """Everything that runs; `start` and `stop` in this order, `settle` for tests and the moved clock."""

    config: Config
    store: SqlStore
    inbox: SqlInbox
    clock: OffsetClock
    district: DistrictInForce
    interpreter: Interpreter
    application: JiehuApplication
    gateway: Gateway
    dispatcher: Dispatcher
    jobs: Jobs
    part: Part = Part.ALL
    local: LocalInService | None = None
    names: ProcessNames | None = None
    _sending: asyncio.Future[None] | None = None
    _looks_at_new_calendar: int = 0
    _catching_up: CatchingUp | None = None
    _has_heard: bool = False

    async def start(self) -> None:
        """Begins to fetch, work, send and scan, as far as this process's part goes."""
        self._catching_up = CatchingUp(self.store, self.inbox, WallTicker())
        await self.gateway.start()
        if self.part in {Part.ALL, Part.WORKER}:
            self._sending = asyncio.ensure_future(self.dispatcher.run())
        self.jobs.start()

    async def stop(self) -> None:
        """Finishes what is in flight, within ten seconds."""
        await self.jobs.stop()
        await asyncio.gather(self.gateway.stop(), self.dispatcher.stop())
        if self._sending is not None:
            await self._sending

    async def scan_when_heard(self) -> None:
        """The scan as it comes by itself: not before what people wrote while nobody fetched has been worked off."""
        if self._catching_up is None or await self._catching_up.is_over():
            self._has_heard = True
            await self.scan()

    async def audit_when_heard(self) -> None:
        """The audit as it comes by itself: what is late because nothing ran is no alarm."""
        if self._has_heard:
            await self.audit()

    async def scan(self) -> None:
        """One scan of what is due; what it queued is sent at once. The heartbeat says when it last came through."""
        if await scan_due(self.store, self.district(), now=self.clock.now()):
            self.dispatcher.wake()
        await self._beat(WallTicker().time())

    async def _beat(self, now: float) -> None:
        async with self.store.read() as uow:
            last = await last_beat(uow)
        if last is None or not 0 <= now - last < EVERY:
            async with self.store.begin() as uow:
                await beat(uow, now)
                await uow.commit()

    async def audit(self) -> None:
        """Whether everything that waits is looked at in time; the hub hears of what is not."""
        now = self.clock.now()
        async with self.store.read() as uow:  # no lock for the long look, which as a rule finds nothing
            if not await is_any_clock_missed(uow, overslept=now - OVERSLEPT):
                return
        async with self.store.begin() as uow:
            told = await audit_clocks(uow, self.district(), now=now, overslept=now - OVERSLEPT)
            await uow.commit()
        if told:
            self.dispatcher.wake()

    async def recover(self) -> None:
        """What processes that are gone for good had begun to send is sent by others; a restart finds its own."""
        delivery, names = SqlDelivery(self.store), self.names
        if names is None:
            return
        for claimer in await delivery.claimers():
            async with names.gone(claimer.removesuffix(":")) as is_gone:
                if is_gone and await delivery.requeue_own(claimer):
                    log.info("claims of a dead process are free again", process=claimer)
                    self.dispatcher.wake()

    async def settle(self) -> None:
        """Returns when every stored update is worked off, what is due was judged and everything ripe was sent."""
        await self.gateway.drain()
        await self.scan()
        await self.dispatcher.drain()

    async def set_clock(self, moment: datetime) -> None:
        """The people's clock shows that moment from now on, in every process."""
        offset = (moment - self.clock.real()).total_seconds()
        async with self.store.begin() as uow:
            await uow.settings.put(CLOCK_OFFSET, offset)
            await uow.commit()
        self.clock.offset = timedelta(seconds=offset)

    async def advance(self, target: datetime) -> None:
        """Time moves on to `target`; what falls due or is held until then happens at its own moment, in order."""
        await self.settle()
        while (moment := await self.next_moment()) is not None and moment <= target:
            await self.set_clock(max(moment, self.clock.now()))
            await self.settle()
        await self.set_clock(max(target, self.clock.now()))
        await self.settle()

    async def next_moment(self) -> datetime | None:
        """When the next thing falls due, or a message goes that is held until then."""
        async with self.store.read() as uow:
            moments = await uow.dues.next_moment(), await uow.outbox.next_release(self.clock.now())
        return min((moment for moment in moments if moment is not None), default=None)

    async def read_facts(self) -> None:
        """What others may have changed: the clock's offset, the list in force, the model in service."""
        async with self.store.read() as uow:
            offset = await uow.settings.get(CLOCK_OFFSET)
            catalogue = await uow.catalogues.current()
            notices = await imported_notices(uow)
            alert = covered(await uow.situations.active())
        self.clock.offset = timedelta(seconds=float(offset) if isinstance(offset, int | float) else 0.0)
        if catalogue is not None:
            self.district.take(catalogue, notices, alert)
        if self.local is not None:
            await self.local.refresh(self.district().catalogue)

    async def facts(self) -> None:
        """The same, and what follows where the calendar turns out to be another one."""
        await self.read_facts()
        if self.part in {Part.ALL, Part.SCHEDULER}:
            await self._recount()

    async def _recount(self) -> None:
        district = self.district()
        async with self.store.read() as uow:
            due = await is_recount_due(uow, district)
            ids = await outdated(uow, district) if due else []
        if not due:
            self._looks_at_new_calendar = 0
            return
        self._looks_at_new_calendar += 1
        if self.part is Part.SCHEDULER and self._looks_at_new_calendar < LOOKS_BEFORE_RECOUNT:
            return
        async with self.store.begin() as uow:
            moved = await recount_deadlines(uow, district, ids, now=self.clock.now())
            await uow.commit()
        self._looks_at_new_calendar = 0
        log.info("the calendar is another one; deadlines were counted anew", moved=moved)
        self.dispatcher.wake()

    async def daily(self) -> None:
        """The day's anchor over all chains, digests for whoever waits for none yet, and what retention lets go."""
        now = self.clock.now()
        async with self.store.begin() as uow:
            await uow.events.anchor(self.district().day(now), at=now)
            await plan_missing(uow, self.district(), now=now)
            await uow.commit()
        files = FileStore(self.config.files_folder())
        now_real = WallTicker().time()
        await purge(self.store, files, retention_of(self.config), now=now, now_real=now_real)
        await asyncio.to_thread(forget_old_examples, self.config, now_real=now_real)


def retention_of(config: Config) -> Retention:
    """The numbers of `config.yml` as storage wants them."""
    kept = config.retention
    return Retention(
        raw_updates=timedelta(days=kept.raw_updates_days),
        sent_texts=timedelta(days=kept.sent_texts_days),
        tokens=timedelta(days=kept.tokens_days),
        questions=timedelta(days=kept.closed_questions_days),
        codes=timedelta(days=kept.used_codes_days),
        drafts=timedelta(days=kept.ended_drafts_days),
    )


@asynccontextmanager
async def open_app(
    config: Config,
    *,
    part: Part = Part.ALL,
    interpreter: Interpreter | None = None,
    delivery: DeliverySettings | None = None,
    name: str = "",
) -> AsyncIterator[App]:
    """The app, migrated and ready to start; closed and stopped when the block is left.

    `name` tells processes of one district apart and is the same after a restart; without it the part's name, with a
    number where another process has it already.
    """
    await migrate.upgrade(config.storage.database_url)
    store = SqlStore.open(config.storage.database_url)
    names = ProcessNames(store.engines)
    app = await _compose(config, store, part, interpreter, delivery, await names.take(name or str(part)))
    app.names = names
    try:
        yield app
    finally:
        await app.stop()
        if interpreter is None:
            await app.interpreter.close()
        await names.close()
        await store.close()


async def catalogue_of(config: Config, store: SqlStore, clock: OffsetClock) -> Catalogue:
    """The list in force; at the very first start the one in config's files is imported, by whichever process is first."""
    while True:
        async with store.read() as uow:
            if (current := await uow.catalogues.current()) is not None:
                return current
        with suppress(VersionConflict):
            async with store.begin() as uow:
                written = read_catalogue(config.catalogue_paths(), name=config.catalogue.name)
                await uow.catalogues.add(written, at=clock.now())
                await uow.commit()


async def _compose(
    config: Config,
    store: SqlStore,
    part: Part,
    interpreter: Interpreter | None,
    delivery: DeliverySettings | None,
    name: str,
) -> App:
    clock, ticker = OffsetClock(), WallTicker()
    district = DistrictInForce(config, await catalogue_of(config, store, clock))
    reader, local = await _understanding(config, district().catalogue, interpreter)
    texts = Texts(config.district.zone)
    files = FileStore(config.files_folder())
    inbox, wakeup = SqlInbox(store), open_wakeup(config.storage.redis_url or None)
    token = config.token()
    application = build_application(token, config.telegram.base_url, config.telegram.base_file_url)
    services = Services(store, texts, reader, clock, files, district, manners_of(config))
    application.bot_data["services"] = services
    register(application)
    hooks = ErrorTexts(application.bot, services)
    gateway = Gateway(
        application,
        Resources(store, inbox, wakeup, clock, ticker, bot_id_of(token)),
        Hooks(hooks.prepare, hooks.refuse, hooks.late_answer, hooks.crashed),
        gateway_settings(config, part, name, texts),
    )
    means = Means(
        store,
        SqlDelivery(store),
        TelegramSender(application.bot, files),
        texts,
        district,
        clock,
        ticker,
        wakeup,
        f"{name}:",
    )
    dispatcher = Dispatcher(means, delivery or delivery_settings(config))
    app = App(config, store, inbox, clock, district, reader, application, gateway, dispatcher, Jobs(()), part, local)
    app.jobs = Jobs(jobs_of(app))
    await app.read_facts()
    return app


def jobs_of(app: App) -> tuple[Job, ...]:
    """What runs by itself in this process: facts are read in each, who sends recovers, the rest is the scheduler's."""
    jobs = [Job("facts", FACTS_SECONDS, app.facts)]
    if app.part in {Part.ALL, Part.WORKER}:
        jobs.append(Job("recover", RECOVER_SECONDS, app.recover))
    if app.part in {Part.ALL, Part.SCHEDULER}:
        jobs += [Job("scan", SCAN_SECONDS, app.scan_when_heard), Job("daily", DAY_SECONDS, app.daily)]
        jobs.append(Job("audit", AUDIT_SECONDS, app.audit_when_heard))
    return tuple(jobs)


async def _understanding(
    config: Config, catalogue: Catalogue, given: Interpreter | None
) -> tuple[Interpreter, LocalInService | None]:
    return (given, None) if given is not None else await open_interpreter(config, catalogue)


def manners_of(config: Config) -> Manners:
    """When the bot speaks, and where accusations are referred to."""
    return Manners(
        report_sure=config.understanding.report_sure,
        report_ask=config.understanding.report_ask,
        discipline_hotline=str(config.district.phones.complaints),
        petition_office=f"{config.district.phones.petition_name}（{config.district.phones.petition_phone}）",
    )


def gateway_settings(config: Config, part: Part, name: str, texts: Texts) -> GatewaySettings:
    """Where updates come from in this process, and how many lanes it works off at once."""
    fetches = part in {Part.ALL, Part.GATEWAY}
    source = Source(config.telegram.mode.value) if fetches else Source.NONE
    works = part in {Part.ALL, Part.WORKER}
    return GatewaySettings(
        token=config.token(),
        base_url=config.telegram.base_url,
        source=source,
        webhook_url=config.telegram.webhook.url.removesuffix(WEBHOOK_PATH) + WEBHOOK_PATH,
        webhook_secret=config.webhook_secret() if source is Source.WEBHOOK else "",
        workers=8 if works else 0,
        name=name,
        commands={locale: menu(texts, locale) for locale in LOCALES},
    )


def delivery_settings(config: Config) -> DeliverySettings:
    """The message budgets of `config.yml`."""
    delivery = config.delivery
    budget = BudgetSettings(
        group_messages=delivery.group_per_minute,
        private_per_second=delivery.chat_per_second,
        all_per_second=delivery.all_per_second,
    )
    return DeliverySettings(budget=budget)
