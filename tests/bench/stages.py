"""Where the time goes: a thread looks a thousand times a second at what the event loop is doing, and for which stage.

A stage begins where one of our methods is entered and is inherited by tasks started in it. While figures are measured
nothing of that runs but one more call around each of these methods.
"""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.delivery.claiming import Claimer, Finder
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.marking import Marker
from bot.gateway.intake import Intake
from bot.gateway.polling import Poller
from bot.gateway.unit import UnitRunner
from bot.gateway.worker import Workers
from handlers.errors import ErrorTexts
from tests.bench.understanding import Understanding

IDLE, OTHER = "the loop waits (disk, network, threads)", "everything else"
STAGES: dict[str, tuple[tuple[type[Any], str], ...]] = {
    "ingest: fetch, store": ((Intake, "take"), (Poller, "_fetch")),
    "claim and release lanes": ((Workers, "_claim"), (Workers, "_work_off")),
    "prepare: read": ((ErrorTexts, "prepare"),),
    "prepare: understand": ((Understanding, "interpret"),),
    "unit of work": ((UnitRunner, "_once"),),
    "delivery: find": ((Dispatcher, "_look"), (Finder, "find")),
    "delivery: claim, render": ((Claimer, "claim"),),
    "delivery: send": ((Dispatcher, "_send"),),
    "delivery: mark": ((Marker, "mark"),),
    "delivery: begin, commit": ((Dispatcher, "_mark_and_claim"),),
}
_EVERY_SECONDS = 0.001


class Stages:
    """Made before the methods are bound; while `watching` it counts where the loop is, and each stage's statements."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.statements: Counter[str] = Counter()
        self._stage: WeakKeyDictionary[asyncio.Task[Any], str] = WeakKeyDictionary()
        self._loop = asyncio.get_running_loop()
        self._is_on = False
        for stage, methods in STAGES.items():
            for owner, name in methods:
                setattr(owner, name, self._wrapped(stage, getattr(owner, name)))

    def of(self, task: asyncio.Task[Any] | None) -> str:
        """The stage that task is in."""
        return OTHER if task is None else self._stage.get(task, OTHER)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the block lasts; the counts begin at zero."""
        self.seen.clear()
        self.statements.clear()
        self._is_on = True
        self._loop.set_task_factory(self._task)
        event.listen(Engine, "before_cursor_execute", self._count)
        thread = threading.Thread(target=self._look, args=(threading.main_thread().ident,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_on = False
            thread.join()
            event.remove(Engine, "before_cursor_execute", self._count)
            self._loop.set_task_factory(None)

    def _wrapped(self, stage: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        async def staged(*arguments: Any, **named: Any) -> Any:
            if not self._is_on:
                return await method(*arguments, **named)
            task = asyncio.current_task()
            assert task is not None
            before = self._stage.get(task, OTHER)
            self._stage[task] = stage
            try:
                return await method(*arguments, **named)
            finally:
                self._stage[task] = before

        return staged

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **how: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, **how)
        self._stage[task] = self.of(asyncio.current_task(loop))
        return task

    def _count(self, *_: object) -> None:
        self.statements[self.of(asyncio.current_task(self._loop))] += 1

    def _look(self, thread_id: int) -> None:
        while self._is_on:
            time.sleep(_EVERY_SECONDS)
            frame = sys._current_frames()[thread_id]
            is_idle = frame.f_code.co_name == "select"
            self.seen[IDLE if is_idle else self.of(asyncio.current_task(self._loop))] += 1
