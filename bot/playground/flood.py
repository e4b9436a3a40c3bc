"""Telegram's limit of messages a minute in one group."""

from __future__ import annotations

import math
import time
from collections import deque

from bot.playground.errors import ApiError


class Flood:
    """Real moments at which the bot last wrote, by chat."""

    def __init__(self) -> None:
        self._sent: dict[int, deque[float]] = {}

    def count(self, chat_id: int, limit: int, window: float, messages: int = 1) -> None:
        """Note that so many messages go out now; refuses with 429 and `retry_after` above `limit` in `window`."""
        now = time.monotonic()
        sent = self._sent.setdefault(chat_id, deque())
        while sent and sent[0] <= now - window:
            sent.popleft()
        if len(sent) + messages > limit:
            oldest = sent[0] if sent else now
            wait = max(1, math.ceil(oldest + window - now))
            raise ApiError(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        sent.extend([now] * messages)
