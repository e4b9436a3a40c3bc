"""The demonstration district: a playground and the bot in one process, everybody and everything bound already."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog
import uvicorn
from pydantic import SecretStr

from bot.app import App, open_app
from bot.application.clocks.digests import plan_missing
from bot.catalogue_files import read_catalogue
from bot.clock import OffsetClock
from bot.config import Config
from bot.config.demo import Demo, load_demo
from bot.config.sections import TelegramMode
from bot.delivery.settings import DeliverySettings
from bot.domain.catalogue import Catalogue
from bot.domain.people import Role
from bot.playground.server import Playground, create_app
from nlu.types import Interpreter

PEOPLE_FILE = Path("examples/jinlan/people.yml")
HINTS = [
    "路灯不亮了，柳荫路12号门口一片黑",
    "澜桥东街3号门口垃圾桶满了，没人清",
    "石鼓路口有个井盖不见了，好危险",
    "柳荫小区3栋楼下麻将馆半夜还在吵",
]
FRONT_DEPARTMENT = "D26"
SPEAKS_FIRST = frozenset({Role.GRID_WORKER, Role.LIAISON, Role.DISPATCHER, Role.DISTRICT_LEADER})
"""Whom the page lets a visitor be in a group until he chooses somebody else."""
_EPOCH_OF_IDS = 1_700_000_000
log = structlog.get_logger(__name__)


@dataclass
class DemoClock:
    """The clock bar of the page: time moves on, and what falls due on the way happens in order."""

    clock: OffsetClock = field(default_factory=OffsetClock)
    app: App | None = None

    def now(self) -> datetime:
        """The moment the demonstration lives in."""
        return self.app.clock.now() if self.app else self.clock.now()

    async def advance(self, seconds: float | None, to: str | None) -> datetime:
        """By seconds, to the next thing that is due or held until then, or to the opening of the next working day."""
        if self.app is None:
            return self.now()
        if seconds is not None:
            target = self.now() + timedelta(seconds=seconds)
        elif to == "next_due":
            target = await self.app.next_moment() or self.now()
        else:
            target = self._next_opening(self.app)
        await self.app.advance(max(target, self.now()))
        return self.now()

    def _next_opening(self, app: App) -> datetime:
        calendar = app.district().calendar
        day = calendar.nth_working_day_after(calendar.local_date(self.now()), 1)
        opens = calendar.office[0].opens
        return datetime.combine(day, opens, tzinfo=app.district().local(self.now()).tzinfo)


def demo_of(config: Config, people: Path = PEOPLE_FILE) -> tuple[Demo, Catalogue]:
    """The people and groups of the demonstration over config's list; raises `ConfigError`."""
    catalogue = read_catalogue(config.catalogue_paths(), name=config.catalogue.name)
    return load_demo(people, catalogue), catalogue


def new_playground(demo: Demo, clock: DemoClock) -> Playground:
    """A Telegram with everybody and every group, and the chats that the page opens first."""
    play = Playground(now=clock.now)
    play.start_message_ids_at(int(time.time()) - _EPOCH_OF_IDS)
    for person in demo.people:
        play.add_user(person.id, person.name, label=person.post)
        play.world.person(person.id).started = True
    roles = {person.id: person.role for person in demo.people}
    for group in demo.groups:
        speaks_first = sorted(group.members, key=lambda member: roles[member] not in SPEAKS_FIRST)
        play.add_chat(group.id, group.title, speaks_first)
    play.hints = list(HINTS)
    play.front = _front(demo)
    return play


def _front(demo: Demo) -> list[int]:
    street = next(g.id for g in demo.groups if g.kind == "street")
    unit = next(g.id for g in demo.groups if g.of == FRONT_DEPARTMENT)
    worker = next(p.id for p in demo.people if p.role is Role.GRID_WORKER)
    resident = next(p.id for p in demo.people if p.role is Role.RESIDENT)
    return [street, unit, worker, resident]


async def bind_demo(app: App, demo: Demo) -> None:
    """Groups and people as if their codes had been used long ago; a second time changes nothing."""
    now = app.clock.now()
    async with app.store.begin() as uow:
        for group in demo.groups:
            chat = await uow.chats.ensure(group.id, title=group.title, private=False)
            chat.kind, chat.of = group.kind, group.of
            await uow.chats.save(chat)
        for someone in demo.people:
            person = await uow.people.ensure(someone.id, name=someone.name)
            private = await uow.chats.ensure(someone.id, title="", private=True)
            person.reachable, person.private_chat_id = True, private.id
            await uow.people.save(person)
            for grant in someone.grants - await uow.people.grants(person.id):
                await uow.people.grant(person.id, grant, at=now, by=None)
        await plan_missing(uow, app.district(), now=now)
        await uow.commit()


@asynccontextmanager
async def serve(play: Playground, clock: DemoClock, host: str, port: int) -> AsyncIterator[str]:
    """The playground's address while the block lasts; port 0 takes a free one."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(play, clock=clock), host=host, port=port, log_level="warning", lifespan="off")
    )
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        if task.done():
            await task
            raise OSError(f"The port {port} of {host} cannot be used")
        await asyncio.sleep(0.02)
    bound = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://{host}:{bound}"
    finally:
        play.close()
        server.should_exit = True
        await task


def demo_config(config: Config, url: str, token: str, data: Path) -> Config:
    """Config's district against the playground, with its data in a folder of its own."""
    telegram = config.telegram.model_copy(
        update={"mode": TelegramMode.POLLING, "base_url": url, "token": SecretStr(token)}
    )
    database = f"sqlite+aiosqlite:///{data.resolve()}/demo.db"
    storage = config.storage.model_copy(
        update={"database_url": database, "redis_url": "", "files": data.resolve() / "files"}
    )
    return config.model_copy(update={"telegram": telegram, "storage": storage})


@dataclass
class RunningDemo:
    """A demonstration that answers: its bot, its Telegram, its people."""

    app: App
    play: Playground
    demo: Demo
    url: str


@asynccontextmanager
async def open_demo(
    config: Config,
    data: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    delivery: DeliverySettings | None = None,
    interpreter: Interpreter | None = None,
) -> AsyncIterator[RunningDemo]:
    """The page answers as soon as the block begins to open; the bot as soon as it has learned its list."""
    demo, _ = demo_of(config)
    clock = DemoClock()
    play = new_playground(demo, clock)
    play.bot_is_coming = True
    async with serve(play, clock, host, port) as url:
        log.info("the page is there, the bot is learning its list", url=url)
        config = demo_config(config, url, play.token, data)
        async with open_app(config, delivery=delivery, interpreter=interpreter) as app:
            await bind_demo(app, demo)
            clock.app = app
            await app.start()
            play.bot_is_coming = False
            yield RunningDemo(app, play, demo, url)
