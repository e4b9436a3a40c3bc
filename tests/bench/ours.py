"""Our bot as `bot.app` puts it together, asked by the benchmark: `python -m tests.bench.ours SERVER FOLDER`."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from typing_extensions import override

import bot.gateway.gateway
from bot.app import App, open_app
from bot.application.inbox import InboxRow, LaneClaim
from bot.catalogue_files import read_catalogue
from bot.config import Config, load_config
from bot.config.understanding import open_interpreter
from bot.delivery.settings import BudgetSettings, DeliverySettings
from bot.domain.chat import ChatKind
from bot.gateway.unit import UnitRunner
from bot.logs import set_up_logs
from tests.bench import sentences
from tests.bench.child import ROOT, answer_questions, say
from tests.bench.stages import Stages
from tests.bench.understanding import Understanding

UNHURRIED = DeliverySettings(
    budget=BudgetSettings(group_messages=10**6, private_per_second=10**6, private_burst=10**6, all_per_second=10**6)
)
"""Telegram's own limits are far below what is measured."""


class Counted(UnitRunner):
    """Counts what is worked off, and says so without being asked."""

    done = 0
    changed = asyncio.Event()

    @override
    async def run(self, claim: LaneClaim, row: InboxRow) -> bool:
        went_on = await super().run(claim, row)
        Counted.done += 1
        Counted.changed.set()
        return went_on


class Ours:
    """The answers to the benchmark's questions."""

    def __init__(self, url: str, folder: Path, config: Config, understanding: Understanding) -> None:
        self._url = url
        self._folder = folder
        self._config = config
        self._understanding = understanding
        self._stack = AsyncExitStack()
        self._app: App | None = None
        self._stages = Stages()

    async def open(self, token: str, database_url: str, hurried: bool, bind: bool) -> dict[str, Any]:
        """Starts on that database; with config's message budgets if `hurried`."""
        telegram = self._config.telegram.model_copy(update={"base_url": self._url, "token": SecretStr(token)})
        kept = {"database_url": database_url, "redis_url": "", "files": self._folder / "files"}
        storage = self._config.storage.model_copy(update=kept)
        config = self._config.model_copy(update={"telegram": telegram, "storage": storage})
        delivery = None if hurried else UNHURRIED
        opened = open_app(config, interpreter=self._understanding, delivery=delivery, name="bench")
        self._app = await self._stack.enter_async_context(opened)
        Counted.done = 0
        if bind:
            await _bind(self._app)
        await self._app.start()
        gc.collect()  # as `jiehu run` does
        gc.freeze()
        return {}

    async def close(self) -> dict[str, Any]:
        """Stops; another may be opened."""
        await self._stack.aclose()
        return {}

    async def understand(self, way: str) -> dict[str, Any]:
        """Chooses the interpreter."""
        self._understanding.choose(way)
        return {}

    async def worked(self, count: int, timeout: float) -> dict[str, Any]:
        """Waits until so many updates are worked off since the opening; when that was."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while Counted.done < count:
                    Counted.changed.clear()
                    await Counted.changed.wait()
        return {"at": time.monotonic(), "done": Counted.done}

    async def settle(self) -> dict[str, Any]:
        """Waits until everything is sent and marked; updates worked off so far, and the time of understanding."""
        assert self._app is not None
        await self._app.gateway.drain(60.0)
        await self._app.dispatcher.drain(60.0)
        understood = self._understanding
        return {"done": Counted.done, "understood": understood.count, "understanding": understood.seconds}

    async def watch(self, updates: int) -> dict[str, Any]:
        """Looks where the time goes until so many more updates are worked off and everything is sent."""
        assert self._app is not None
        goal = Counted.done + updates
        with self._stages.watching():
            say({"watching": True})
            await self.worked(goal, 60.0)
            await self._app.dispatcher.drain(60.0)
        return {"seen": dict(self._stages.seen), "statements": dict(self._stages.statements)}


async def _bind(app: App) -> None:
    """Every second group is a street's, the others are communities'; everybody has written before."""
    catalogue = app.district().catalogue
    streets, communities = sorted(catalogue.streets), sorted(catalogue.communities)
    async with app.store.begin() as uow:
        for number in range(sentences.GROUPS):
            telegram_id, title = sentences.chat_id(number), sentences.title(number)
            chat = await uow.chats.ensure(telegram_id, title=title, private=False)
            places, kind = (communities, ChatKind.COMMUNITY) if number % 2 else (streets, ChatKind.STREET)
            chat.kind, chat.of = kind, places[number // 2 % len(places)]
            await uow.chats.save(chat)
        for number in range(sentences.GROUPS * sentences.PEOPLE_PER_GROUP):
            telegram_id = sentences.user_id(number)
            await uow.people.ensure(telegram_id, name=sentences.name(telegram_id))
        await uow.commit()


async def serve(url: str, folder: Path) -> None:
    """Until nobody asks any more."""
    config = load_config(ROOT / "config.yml")
    catalogue = read_catalogue(config.catalogue_paths(), name=config.catalogue.name)
    understanding = Understanding((await open_interpreter(config, catalogue))[0])
    ours = Ours(url, folder, config, understanding)
    say({"ready": True})
    questions = (ours.open, ours.close, ours.understand, ours.worked, ours.settle, ours.watch)
    await answer_questions({question.__name__: question for question in questions})
    await ours.close()
    await understanding.close()


if __name__ == "__main__":
    set_up_logs("", logging.WARNING)
    bot.gateway.gateway.UnitRunner = Counted  # type: ignore[misc]
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
