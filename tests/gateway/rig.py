"""A gateway over a real database and a real playground on a real port, with hooks that remember what they were asked."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from telegram import Update
from telegram.ext import TypeHandler
from telegram.request import BaseRequest, HTTPXRequest
from typing_extensions import override

from bot.application.ports import UnitOfWork
from bot.clock import OffsetClock
from bot.domain.errors import Refusal
from bot.gateway.application import Context, JiehuApplication, bot_id_of, build_application
from bot.gateway.gateway import Gateway, GatewaySettings
from bot.gateway.work import INBOX_CHANNEL, Hooks, Resources
from bot.playground.server import Playground
from storage.inbox import SqlInbox
from storage.redis_wakeup import MemoryWakeup
from storage.store import SqlStore

LI, WANG = 101, 102
STREET, UNIT = -1001001, -1001002
Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


class MovableTicker:
    """Real time that a test may push on."""

    def __init__(self) -> None:
        self.pushed = 0.0

    def time(self) -> float:
        return time.time() + self.pushed


@dataclass(slots=True)
class Heard:
    """What the hooks were asked."""

    prepared: list[int] = field(default_factory=list)
    refused: list[tuple[str, object]] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    fails_to_prepare: Exception | None = None

    async def prepare(self, update: Update) -> object:
        self.prepared.append(update.update_id)
        if self.fails_to_prepare is not None:
            raise self.fails_to_prepare
        return f"prepared {update.update_id}"

    async def refuse(self, uow: UnitOfWork, update: Update, refusal: Refusal, prepared: object) -> str | None:
        self.refused.append((refusal.code, prepared))
        await uow.settings.put(f"refused:{update.update_id}", refusal.code)
        return f"refused: {refusal.code}" if update.callback_query else None

    async def late_answer(self, uow: UnitOfWork, update: Update, text: str) -> None:
        self.late.append(text)
        await uow.settings.put(f"late:{update.update_id}", text)

    async def crashed_hook(self, uow: UnitOfWork, update: Update, reference: str) -> None:
        self.crashed.append(reference)
        await uow.settings.put(f"crashed:{update.update_id}", reference)

    def hooks(self) -> Hooks:
        return Hooks(self.prepare, self.refuse, self.late_answer, self.crashed_hook)


@dataclass(slots=True)
class Rig:
    """Everything of one test."""

    play: Playground
    store: SqlStore
    inbox: SqlInbox
    application: JiehuApplication
    gateway: Gateway
    resources: Resources
    heard: Heard
    ticker: MovableTicker
    clock: OffsetClock

    def handle(self, handler: Handler) -> None:
        self.application.add_handler(TypeHandler(Update, handler))

    async def settled(self, timeout: float = 10.0) -> None:
        """Everything that was said has come in and is worked off."""
        await self.play.drained(timeout)
        await self.gateway.drain(timeout)

    async def settled_with_retries(self) -> None:
        """As `settled`, while real time is pushed on so that pauses before a retry pass quickly."""
        await self.play.drained(10)
        async with asyncio.timeout(10):
            while (await self.inbox.backlog())[0]:
                await self.push(0.5)
                await asyncio.sleep(0.01)
        await self.gateway.drain()

    async def push(self, seconds: float) -> None:
        self.ticker.pushed += seconds
        await self.resources.wakeup.notify(INBOX_CHANNEL)

    async def store_raw(self, *updates: object) -> None:
        await self.gateway.intake.take(updates)

    async def fact(self, key: str) -> object | None:
        async with self.store.read() as uow:
            return await uow.settings.get(key)

    async def facts(self, prefix: str) -> dict[str, object]:
        async with self.store.read() as uow:
            return dict(await uow.settings.starting_with(prefix))


def a_playground() -> Playground:
    play = Playground()
    play.add_user(LI, "李桂芳")
    play.add_user(WANG, "王建国")
    play.add_chat(STREET, "望澜街道工作群", [LI, WANG])
    play.add_chat(UNIT, "市政中心工作群", [LI, WANG])
    return play


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The application on a free port of this machine; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


class Silent(BaseRequest):
    """A Bot API without a network: it knows the bot and agrees with everything."""

    read_timeout = 5.0

    @override
    async def initialize(self) -> None:
        pass

    @override
    async def shutdown(self) -> None:
        pass

    @override
    async def do_request(self, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        me = {"id": 1, "is_bot": True, "first_name": "b", "username": "b"}
        return 200, json.dumps({"ok": True, "result": me if url.endswith("getMe") else True}).encode()


def a_gateway(store: SqlStore, settings: GatewaySettings, play: Playground, request: BaseRequest | None = None) -> Rig:
    """Not started yet; handlers are added by the test."""
    heard, ticker, clock = Heard(), MovableTicker(), OffsetClock(timedelta(0))
    inbox = SqlInbox(store)
    resources = Resources(store, inbox, MemoryWakeup(), clock, ticker, bot_id_of(settings.token))
    network = request or HTTPXRequest(connection_pool_size=8, read_timeout=5)
    application = build_application(settings.token, settings.base_url, request=network)
    gateway = Gateway(application, resources, heard.hooks(), settings)
    return Rig(play, store, inbox, application, gateway, resources, heard, ticker, clock)


def quick(token: str, address: str, **more: object) -> GatewaySettings:
    """Settings with pauses that tests can wait for."""
    settings: dict[str, object] = {"poll_timeout": 1, "poll_patience": 1.0, "first_pause": 0.02, **more}
    return GatewaySettings(token=token, base_url=address, **settings)  # type: ignore[arg-type]
