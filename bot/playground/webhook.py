"""Delivery of updates to an address of the bot's own: one at a time, in order, repeated until it says 2xx."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from bot.playground.model import Json
from bot.playground.updates import Updates

_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where updates go; the secret travels in Telegram's header."""

    url: str
    secret: str = ""
    max_connections: int = 40


class Webhook:
    """The pusher; it runs as a task while there is a target."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._task: asyncio.Task[None] | None = None
        self.target: Target | None = None
        self.last_error = ""
        self.last_error_at = 0

    def start(self, target: Target, retry_seconds: float) -> None:
        """Deliver to this address from now on."""
        self.stop()
        self.target = target
        self._task = asyncio.get_running_loop().create_task(self._deliver(target, retry_seconds))

    def stop(self) -> None:
        """Deliver nowhere; what was not confirmed stays queued."""
        if self._task is not None:
            self._task.cancel()
        self._task = None
        self.target = None
        self.last_error = ""

    async def _deliver(self, target: Target, retry_seconds: float) -> None:
        while True:
            update = self._updates.oldest
            if update is None:
                await self._updates.change(60.0)
                continue
            problem = await asyncio.to_thread(_post, target, update)
            if not problem:
                number = update["update_id"]
                assert isinstance(number, int)
                self._updates.confirm_below(number + 1)
                continue
            self.last_error, self.last_error_at = problem, int(time.time())
            await asyncio.sleep(retry_seconds)


def _post(target: Target, update: Json) -> str:
    headers = {"Content-Type": "application/json"}
    if target.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = target.secret
    body = json.dumps(update, ensure_ascii=False).encode()
    request = urllib.request.Request(target.url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
            response.read()
            return ""
    except urllib.error.HTTPError as error:
        return f"Wrong response from the webhook: {error.code} {error.reason}"
    except OSError as error:
        return f"Connection failed: {error}"
