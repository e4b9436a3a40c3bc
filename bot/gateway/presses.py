"""Answers to pressed buttons: each once, after the commit, or empty once it has waited too long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram import Bot
from telegram.error import BadRequest

from bot.clock import Ticker
from bot.gateway.metrics import Metrics
from bot.gateway.stopping import pause
from bot.gateway.work import Answer

LATE_AFTER_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.5
_LONGEST_ANSWER = 200
_TIMEOUT_SECONDS = 10.0
_EXPIRED = "query is too old"
log = structlog.get_logger(__name__)


class Presses:
    """Every press from ingestion to its one answer; the calls run beside the lanes, so a slow one holds nobody up."""

    def __init__(self, bot: Bot, ticker: Ticker, metrics: Metrics) -> None:
        self._bot = bot
        self._ticker = ticker
        self._metrics = metrics
        self._expected: dict[str, float] = {}
        self._answered: set[str] = set()
        self._calls: set[asyncio.Task[None]] = set()

    def expect(self, query_id: str, received_at: float) -> None:
        """It was stored and waits for its lane."""
        self._expected[query_id] = received_at

    def begin(self, query_id: str, received_at: float) -> bool:
        """Its turn has come; whether that is so late that the outcome must be a message."""
        self._expected.pop(query_id, None)
        is_late = query_id in self._answered or self._age(received_at) > LATE_AFTER_SECONDS
        if is_late:
            self._answer_empty(query_id)
        return is_late

    def finish(self, query_id: str, answer: Answer, expired: Callable[[], Awaitable[None]] | None = None) -> None:
        """Answers it, unless that was done when it became late; `expired` says its words if Telegram kept it too long."""
        if query_id in self._answered:
            self._answered.discard(query_id)
        else:
            self._send(query_id, answer, expired if answer.text else None)

    async def watch(self, stop: asyncio.Event) -> None:
        """Until `stop`: presses whose lane is long are answered empty."""
        while not stop.is_set():
            for query_id, received_at in list(self._expected.items()):
                if self._age(received_at) > LATE_AFTER_SECONDS:
                    del self._expected[query_id]
                    self._answer_empty(query_id)
            await pause(stop, _LOOK_EVERY_SECONDS)

    async def settled(self) -> None:
        """Returns when no call is under way."""
        while self._calls:
            await asyncio.wait(self._calls)

    def _age(self, received_at: float) -> float:
        return self._ticker.time() - received_at

    def _answer_empty(self, query_id: str) -> None:
        if query_id not in self._answered:
            self._answered.add(query_id)
            self._send(query_id, Answer())

    def _send(self, query_id: str, answer: Answer, expired: Callable[[], Awaitable[None]] | None = None) -> None:
        task = asyncio.ensure_future(self._call(query_id, answer, expired))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call(self, query_id: str, answer: Answer, expired: Callable[[], Awaitable[None]] | None) -> None:
        text = answer.text[:_LONGEST_ANSWER] or None
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await self._bot.answer_callback_query(query_id, text=text, show_alert=answer.alert or None)
        except Exception as error:
            self._metrics.answers.labels("failed").inc()
            log.warning("a press could not be answered", error=repr(error))
            if expired is not None and isinstance(error, BadRequest) and _EXPIRED in str(error).lower():
                await expired()
            return
        self._metrics.answers.labels("answered").inc()
