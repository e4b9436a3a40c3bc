"""Fuzzed updates through the whole bot: nobody reads a traceback, no row is lost, no lane is stuck, no markup breaks."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiogram.types import Update as SecondOpinion
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs
from telegram import Update

import bot.gateway.unit
import tests.support.world
from bot.gateway.ingest import parsed, raw_update
from bot.gateway.work import INBOX_CHANNEL
from storage.tables.messages import DEAD, DONE, inbox
from tests.fuzz.strategies import GROUPS, PRIVATE, Json, damaged, updates
from tests.support.plain_words import PlainWords
from tests.support.world import LI, World, open_world

FORBIDDEN = ("Traceback", "Error:", "Exception", "sqlalchemy", "{{", "{%")
OWN_WORDS = "{{ 7*7 }}"
"""What a fuzzed text says itself may stand in an answer that quotes it."""


@dataclass
class Refusals:
    """An ASGI application around the playground that keeps what it answers with 400."""

    app: ASGIApp
    kept: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, status = b"", 200

        async def keep(message: Message) -> None:
            nonlocal body, status
            status = message.get("status", status)
            body += message.get("body", b"")
            await send(message)

        await self.app(scope, receive, keep)
        if status == 400:
            self.kept.append(json.loads(body)["description"])


@dataclass
class Fuzzed:
    """One world that lives through all examples."""

    runner: asyncio.Runner
    world: World
    refusals: Refusals
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(5_000_000))

    async def feed(self, some: list[Json]) -> dict[int, Json]:
        """Stores them as the gateway would and waits until all is quiet."""
        numbered = {next(self.numbers): update for update in some}
        rows = [raw_update({"update_id": number, **update}) for number, update in numbered.items()]
        app, resources = self.world.app, self.world.app.gateway._resources
        assert all(row is not None for row in rows)
        await app.inbox.add(resources.bot_id, [row for row in rows if row is not None], at=time.time())
        await resources.wakeup.notify(INBOX_CHANNEL)
        await self.world.settle()
        return numbered

    async def check(self, some: list[Json]) -> None:
        """Everything that must hold whatever was sent."""
        numbered = await self.feed(some)
        async with self.world.app.store.read() as uow:
            which = inbox.c.update_id.in_(list(numbered))
            columns = (inbox.c.update_id, inbox.c.status, inbox.c.payload, inbox.c.error)
            rows = await uow.db.rows(select(*columns).where(which))
        assert len(rows) == len(numbered), "a row was lost"
        for row in rows:
            assert row.status == DONE or (row.status == DEAD and not self._parses(row.payload)), row.error
        for chat in sorted({chat for update in some if (chat := _chat_of(update)) is not None}):
            await self._is_answered(chat)
        assert [text for text in self.refusals.kept if "parse" in text] == []
        self._nobody_reads_code()

    def _parses(self, payload: str) -> bool:
        """Whether it is an update at all: aiogram, which wants every field that must be there, is the second opinion."""
        try:
            Update.de_json(parsed(payload), self.world.app.application.bot)  # type: ignore[arg-type]
            SecondOpinion.model_validate(parsed(payload))
        except Exception:
            return False
        return True

    async def _is_answered(self, chat: int) -> None:
        before = len(self.world.play.said_by_bot(chat))
        await self.world.says(LI if chat < 0 else chat, chat, "/help")
        assert len(self.world.play.said_by_bot(chat)) > before, f"no answer in {chat}"

    def _nobody_reads_code(self) -> None:
        for chat in self.world.play.world.chats.values():
            for message in chat.messages.values():
                if message.sender is self.world.play.bot:
                    text = message.text.replace(OWN_WORDS, "").replace("{% for", "")
                    assert not [word for word in FORBIDDEN if word in text], message.text


def _chat_of(update: Json) -> int | None:
    for content in update.values():
        message = content.get("message", content) if isinstance(content, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        number = chat.get("id") if isinstance(chat, dict) else None
        if isinstance(number, int) and number in {*GROUPS, *PRIVATE}:
            return number
    return None


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    watching: list[Refusals] = []

    def watched(*args: object, **more: object) -> Refusals:
        watching.append(Refusals(create(*args, **more)))  # type: ignore[arg-type]
        return watching[0]

    create = tests.support.world.create_app
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner, capture_logs():
        patch.setattr(bot.gateway.unit, "RETRY_PAUSES", (0.0, 0.01))
        patch.setattr(tests.support.world, "create_app", watched)
        stack = AsyncExitStack()
        world = runner.run(stack.enter_async_context(open_world(folder, PlainWords())))
        for group in GROUPS:
            if not world.play.chat(group).has(LI):
                runner.run(world.play.join(LI, group))
        yield Fuzzed(runner, world, watching[0])
        runner.run(stack.aclose())


QUIET = tuple(HealthCheck)
MANY = settings(max_examples=1500, deadline=None, database=None, suppress_health_check=QUIET)
FEW = settings(MANY, max_examples=15, derandomize=True, phases=(Phase.generate,))


@settings(FEW)
@given(some=st.lists(updates(), min_size=2, max_size=8))
def test_whole_updates_of_every_kind(fuzzed: Fuzzed, some: list[Json]) -> None:
    fuzzed.runner.run(fuzzed.check(some))


@pytest.mark.slow
@settings(FEW)
@given(some=st.lists(damaged(), min_size=2, max_size=8))
def test_damaged_updates(fuzzed: Fuzzed, some: list[Json]) -> None:
    fuzzed.runner.run(fuzzed.check(some))


@pytest.mark.soak
@settings(MANY)
@given(some=st.lists(st.one_of(updates(), damaged()), min_size=2, max_size=12))
def test_many_more_of_both(fuzzed: Fuzzed, some: list[Json]) -> None:
    fuzzed.runner.run(fuzzed.check(some))
