"""Presses of buttons that wait for the bot's answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from bot.playground.errors import bad_request

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class PressAnswer:
    """What the person who pressed gets to see; `answered` is false if the bot stayed silent until now."""

    text: str = ""
    alert: bool = False
    answered: bool = False
    url: str = ""


class Queries:
    """Open queries by id; each is answered once and only while it is young."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[float, asyncio.Future[PressAnswer]]] = {}

    def ask(self, query_id: str) -> asyncio.Future[PressAnswer]:
        """Open a query; the result is its answer."""
        answer: asyncio.Future[PressAnswer] = asyncio.get_running_loop().create_future()
        self._open[query_id] = (time.monotonic(), answer)
        return answer

    def answer(self, query_id: str, answer: PressAnswer, lifetime: float) -> None:
        """Close a query; refuses an unknown one, an answered one, and one older than `lifetime` real seconds."""
        asked_at, future = self._open.pop(query_id, (0.0, None))
        if future is None or time.monotonic() - asked_at > lifetime:
            raise bad_request(_TOO_OLD)
        if not future.done():
            future.set_result(answer)
