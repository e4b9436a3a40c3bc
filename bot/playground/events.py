"""Everything that happens, told at once to whoever watches: the page's stream and waiting tests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.playground.model import Json

_LIMIT = 10_000


class Events:
    """Fan-out to watchers; a watcher that does not read for long loses its place and is cut off."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Json | None]] = set()

    def tell(self, event: Json) -> None:
        """One event to every watcher."""
        for queue in list(self._watchers):
            if queue.qsize() >= _LIMIT:
                self._watchers.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(event)

    @contextmanager
    def watch(self) -> Iterator[asyncio.Queue[Json | None]]:
        """A queue of what happens from now on; None in it means the end."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """Every watcher gets the end."""
        for queue in list(self._watchers):
            queue.put_nowait(None)
        self._watchers.clear()
