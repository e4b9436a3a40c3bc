"""Wake-ups within a process, and between processes through Redis, which may vanish at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import defaultdict
from collections.abc import Sequence

import redis.asyncio
from redis.exceptions import RedisError

from bot.application.inbox import Wakeup

PREFIX = "jiehu:wake:"
POLL_SECONDS = 1.0
"""How long anybody waits at most while other processes cannot be heard."""
BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to reach Redis again."""
_TIMEOUT = 2.0


class MemoryWakeup:
    """`Wakeup` within one process: a notification wakes all who wait, or the next one who comes to wait."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def notify(self, channel: str) -> None:
        """Wakes who waits."""
        self._bells[channel].set()

    async def wait(self, channel: str, timeout: float) -> bool:
        """Whether it was notified within `timeout` seconds."""
        bell = self._bells[channel]
        try:
            async with asyncio.timeout(timeout):
                _ = await bell.wait()
        except TimeoutError:
            return False
        bell.clear()
        return True

    def ring_all(self) -> None:
        """Wakes everybody: something may have been missed."""
        for bell in self._bells.values():
            bell.set()

    async def close(self) -> None:
        """Nothing is open."""


class RedisWakeup:
    """`Wakeup` between processes: told here at once, elsewhere through Redis; without Redis all of them poll."""

    def __init__(self, url: str, *, back_off: Sequence[float] = BACK_OFF) -> None:
        self._back_off = back_off
        self._memory = MemoryWakeup()
        self._redis = redis.asyncio.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT, health_check_interval=10
        )
        self._me = secrets.token_hex(8)
        self._untold: set[str] = set()
        self._has_untold = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.is_connected = False

    async def notify(self, channel: str) -> None:
        """Wakes who waits here; the others are told by a task of their own, so that nobody waits for Redis."""
        self._start()
        await self._memory.notify(channel)
        self._untold.add(channel)
        self._has_untold.set()

    async def wait(self, channel: str, timeout: float) -> bool:
        """Whether it was notified; without Redis it gives up after a second, so that its caller looks by itself."""
        self._start()
        return await self._memory.wait(channel, timeout if self.is_connected else min(timeout, POLL_SECONDS))

    async def close(self) -> None:
        """Ends both tasks and the connection."""
        for task in self._tasks:
            _ = task.cancel()
        _ = await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._tell())]

    async def _tell(self) -> None:
        while True:
            _ = await self._has_untold.wait()
            self._has_untold.clear()
            while self._untold:
                channel = self._untold.pop()
                with contextlib.suppress(RedisError, OSError):
                    _ = await self._redis.publish(PREFIX + channel, self._me)

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                await self._hear()
            except (RedisError, OSError):
                failures = 0 if self.is_connected else failures + 1
            self.is_connected = False
            # Whoever waits a long time believing that Redis is there looks now, and polls from then on.
            self._memory.ring_all()
            await asyncio.sleep(self._back_off[min(failures, len(self._back_off) - 1)])

    async def _hear(self) -> None:
        async with self._redis.pubsub() as heard:
            await heard.psubscribe(f"{PREFIX}*")
            while True:
                message = await heard.get_message(timeout=1.0)
                if message is None:
                    continue
                if message["type"] == "psubscribe":
                    self.is_connected = True
                    self._memory.ring_all()
                elif message["type"] == "pmessage" and message["data"].decode() != self._me:
                    await self._memory.notify(message["channel"].decode().removeprefix(PREFIX))


def open_wakeup(redis_url: str | None) -> Wakeup:
    """Through Redis if there is an address, else within this process."""
    return RedisWakeup(redis_url) if redis_url else MemoryWakeup()
