"""A small town on a playground, spoken to in process or over a real port; every answer of the Bot API is checked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from bot.playground.model import StoredFile
from bot.playground.server import Message as TownMessage
from bot.playground.server import Playground, create_app
from tests.playground import spec

STREET, UNIT = -1001, -1002
LI, WANG, CHEN = 11, 12, 21
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def sent_file(message: TownMessage) -> StoredFile:
    """The file of a message."""
    assert message.content.media is not None
    return message.content.media.file


class Checking:
    """The application with every good answer of the Bot API held against foreign descriptions of it."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.problems: list[str] = []
        self.checked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def keep(message: Message) -> None:
            nonlocal body
            body += message.get("body", b"")
            await send(message)

        is_call = scope["type"] == "http" and scope["path"].startswith("/bot")
        await self.app(scope, receive, keep if is_call else send)
        if is_call:
            self.check(scope["path"].rsplit("/", 1)[1], json.loads(body))

    def check(self, method: str, envelope: dict[str, object]) -> None:
        self.checked += 1
        try:
            if envelope["ok"]:
                spec.check_result(method, envelope["result"])
            else:
                assert isinstance(envelope["error_code"], int) and isinstance(envelope["description"], str)
        except (AssertionError, ValueError) as error:
            self.problems.append(f"{method}: {error}")


class BotClient:
    """A bot that speaks plain HTTP."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http = http
        self.prefix = f"/bot{token}/"
        self.offset = 0

    async def raw(self, method: str, **params: object) -> dict:
        """The envelope as it came."""
        return (await self.http.post(self.prefix + method, json=params)).json()

    async def __call__(self, method: str, **params: object):  # whatever the method returns
        """The result; a refusal is a failure of the test."""
        envelope = await self.raw(method, **params)
        assert envelope["ok"], envelope
        return envelope["result"]

    async def refused(self, method: str, **params: object) -> tuple[int, str]:
        """Code and description of a refusal."""
        envelope = await self.raw(method, **params)
        assert not envelope["ok"], envelope
        return envelope["error_code"], envelope["description"]

    async def updates(self, **params: object) -> list[dict]:
        """What waits, confirmed at the next call."""
        found = await self("getUpdates", offset=self.offset, **params)
        if found:
            self.offset = found[-1]["update_id"] + 1
        return found

    async def next(self, kind: str) -> dict:
        """The payload of the next update, which must be of this kind."""
        found = await self.updates(limit=1, timeout=5)
        assert found and kind in found[0], found
        return found[0][kind]


@dataclass
class Town:
    """What a test holds."""

    play: Playground
    bot: BotClient
    people: httpx.AsyncClient
    checking: Checking
    clock: MovableClock


class MovableClock:
    """A clock for the page and for the dates of messages."""

    def __init__(self) -> None:
        self.moment = START
        self.asked: list[tuple[float | None, str | None]] = []

    def now(self) -> datetime:
        return self.moment

    async def advance(self, seconds: float | None, to: str | None) -> datetime:
        self.asked.append((seconds, to))
        self.moment += timedelta(seconds=seconds if seconds is not None else 7200)
        return self.moment


def a_playground(clock: MovableClock) -> Playground:
    play = Playground(now=clock.now)
    play.add_user(LI, "李桂芳", username="li_guifang", label="望澜街道 网格员")
    play.add_user(WANG, "王建国", label="望澜街道 分管副书记")
    play.add_user(CHEN, "陈立", label="市政中心 联络员")
    play.add_chat(STREET, "望澜街道工作群", [LI, WANG], note="街道群")
    play.add_chat(UNIT, "市政中心工作群", [CHEN], note="部门群")
    play.hints = ["柳荫路45号门口井盖没了"]
    return play


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """In process, without a port; streams need `address`."""
    clock = MovableClock()
    play = a_playground(clock)
    checking = Checking(create_app(play, clock=clock))
    transport = httpx.ASGITransport(app=checking)
    async with httpx.AsyncClient(transport=transport, base_url="http://play") as http:
        yield Town(play, BotClient(http, play.token), http, checking, clock)
    play.close()
    assert checking.problems == []


@pytest.fixture
async def address(town: Town) -> AsyncIterator[str]:
    """The same town on a real port."""
    config = uvicorn.Config(town.checking, port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    town.play.close()
    server.should_exit = True
    await task
