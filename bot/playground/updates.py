"""The queue of updates for the bot: numbered, filtered by kind, kept until they are confirmed."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from bot.playground.errors import ApiError
from bot.playground.model import Json

_ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_EPOCH = 1_700_000_000
_PER_SECOND = 8

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """Updates wait here, oldest first, until a higher offset or the webhook's 2xx confirms them."""

    def __init__(self) -> None:
        # Real time in the numbers: a bot that remembers them must not take a restarted playground for a repetition.
        self._next_id = int((time.time() - _EPOCH) * _PER_SECOND)
        self._waiting: deque[Json] = deque()
        self._changed = asyncio.Event()
        self._poll = 0
        self._is_closed = False
        self.allowed: frozenset[str] | None = None

    @property
    def pending(self) -> int:
        """How many updates nobody has confirmed."""
        return len(self._waiting)

    @property
    def oldest(self) -> Json | None:
        """The update that is delivered next."""
        return self._waiting[0] if self._waiting else None

    def skip_ids(self, count: int) -> None:
        """For a bot that remembers more updates than the time since could account for."""
        self._next_id += count

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Which kinds are queued from now on; empty means the usual ones, None leaves what was set."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def push(self, kind: str, payload: Json) -> None:
        """Queue one update unless its kind is not wanted."""
        wanted = kind not in _ON_REQUEST_ONLY if self.allowed is None else kind in self.allowed
        if wanted:
            self._waiting.append({"update_id": self._next_id, kind: payload})
            self._next_id += 1
            self.wake()

    def confirm_below(self, offset: int) -> None:
        """Forget what has a smaller number; a negative offset keeps only that many of the newest."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while offset > 0 and self._waiting and _number(self._waiting[0]) < offset:
            self._waiting.popleft()
        if not self._waiting:
            self.wake()

    def clear(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()
        self.wake()

    async def poll(self, limit: int, timeout: float, *, single: bool) -> list[Json]:
        """Up to `limit` updates, waiting `timeout` real seconds for the first; a newer poll ends this one with 409."""
        self._poll += 1
        mine = self._poll
        self.wake()
        deadline = time.monotonic() + timeout
        while True:
            if self._poll != mine and single:
                raise ApiError(409, CONFLICT)
            left = deadline - time.monotonic()
            if self._waiting or left <= 0 or self._is_closed:
                return [each for each, _ in zip(self._waiting, range(limit), strict=False)]
            await self.change(left)

    async def change(self, seconds: float) -> None:
        """Return as soon as anything changes, at the latest after so many real seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def close(self) -> None:
        """End every poll with what there is."""
        self._is_closed = True
        self.wake()

    def wake(self) -> None:
        """Let everybody who waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()


def _number(update: Json) -> int:
    number = update["update_id"]
    assert isinstance(number, int)
    return number
