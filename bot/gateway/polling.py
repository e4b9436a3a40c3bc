"""Our own getUpdates loop: the offset moves only over what is stored. One per process; a second poller is a 409.

PTB's requests hide the body of a call behind private classes, so this one call is made with httpx itself.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

import httpx
import structlog

from bot.clock import Ticker
from bot.gateway.health import Health
from bot.gateway.intake import Intake
from bot.gateway.metrics import Metrics
from bot.gateway.poll_failure import FAILURES, PollFailed, failure_of
from bot.gateway.stopping import pause, until

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
LONGEST_PAUSE_SECONDS = 30.0
_FORGET_OFFSET_AFTER_SECONDS = 5 * 24 * 3600.0
_LOG_EVERY = 20
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PollSettings:
    """`address` is the bot's, with the token; a poll waits `timeout` seconds, and `patience` more is a fault."""

    address: str
    timeout: int = 25
    patience: float = 10.0
    first_pause: float = 0.5


class Poller:
    """Fetches for ever; whatever fails is tried again, at most thirty seconds later."""

    def __init__(
        self, settings: PollSettings, intake: Intake, health: Health, metrics: Metrics, ticker: Ticker
    ) -> None:
        self._settings = settings
        self._intake = intake
        self._health = health
        self._metrics = metrics
        self._ticker = ticker
        self._offset: int | None = None
        self._moved_at = 0.0
        self._failures = 0
        self._last_kind = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. Begins with the server's own queue: what it sends twice vanishes on the unique key."""
        async with httpx.AsyncClient(timeout=None) as client:
            while not stop.is_set():
                try:
                    await self._once(client, stop)
                except PollFailed as failure:
                    if failure.is_webhook_set:
                        await until(stop, self._remove_webhook(client))
                    await pause(stop, await self._pause_after(failure))
                except Exception as error:
                    await pause(stop, await self._pause_after(PollFailed("storage", repr(error))))

    async def _once(self, client: httpx.AsyncClient, stop: asyncio.Event) -> None:
        updates = await until(stop, self._fetch(client))
        if updates is None:
            return
        if updates:
            last = await self._intake.take(updates)
            if last is None:
                raise PollFailed("nonsense", "no update has a number")
            self._offset, self._moved_at = last + 1, self._ticker.time()
        await self._health.good()
        if self._failures:
            log.info("updates are fetched again", after_failures=self._failures)
        self._failures, self._last_kind = 0, ""

    async def _fetch(self, client: httpx.AsyncClient) -> list[object]:
        data = {"timeout": str(self._settings.timeout), "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        # After a week without updates the numbers begin anywhere, and an old offset would confirm the new ones unseen.
        if self._offset is not None and self._ticker.time() - self._moved_at < _FORGET_OFFSET_AFTER_SECONDS:
            data["offset"] = str(self._offset)
        return _result(await self._call(client, "getUpdates", data))

    async def _remove_webhook(self, client: httpx.AsyncClient) -> None:
        """We are told to poll; a webhook left over from before would keep every update away for ever."""
        try:
            await self._call(client, "deleteWebhook", {})
            log.warning("a webhook was set although this bot polls; it was removed")
        except PollFailed as failure:
            log.warning("a webhook is set and could not be removed", detail=failure.detail)

    async def _call(self, client: httpx.AsyncClient, method: str, data: dict[str, str]) -> httpx.Response:
        try:
            async with asyncio.timeout(self._settings.timeout + self._settings.patience):
                response = await client.post(f"{self._settings.address}/{method}", data=data)
        except TimeoutError as error:
            raise PollFailed("timeout", "") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PollFailed("network", type(error).__name__) from error
        failure = failure_of(response)
        if failure is not None:
            raise failure
        return response

    async def _pause_after(self, failure: PollFailed) -> float:
        self._failures += 1
        self._metrics.polls_failed.labels(failure.kind).inc()
        grown: float = self._settings.first_pause * 2 ** min(self._failures - 1, 16)
        seconds = max(min(grown, LONGEST_PAUSE_SECONDS), failure.retry_after)
        if failure.kind != self._last_kind or self._failures % _LOG_EVERY == 0:
            log.warning(FAILURES[failure.kind], detail=failure.detail, failures=self._failures, again_in=seconds)
            await self._health.failed(failure.kind)
        self._last_kind = failure.kind
        return seconds


def _result(response: httpx.Response) -> list[object]:
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        raise PollFailed("nonsense", type(error).__name__) from error
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, list):
        raise PollFailed("nonsense", "no list of updates")
    return result
