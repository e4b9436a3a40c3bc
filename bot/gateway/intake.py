"""The one door into the inbox, for polling and webhook."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.gateway.ingest import pressed, raw_update
from bot.gateway.metrics import Metrics
from bot.gateway.presses import Presses
from bot.gateway.stopping import unbroken
from bot.gateway.work import INBOX_CHANNEL, Resources

log = structlog.get_logger(__name__)


class Intake:
    """Stores updates and wakes the workers; `presses` is None where no worker runs in this process."""

    def __init__(self, resources: Resources, metrics: Metrics, presses: Presses | None) -> None:
        self._resources = resources
        self._metrics = metrics
        self._presses = presses

    async def take(self, updates: Sequence[object]) -> int | None:
        """Stores them all or raises; the largest update id among them, None if none is an update."""
        rows = [row for row in map(raw_update, updates) if row is not None]
        if len(rows) < len(updates):
            self._metrics.received.labels("unusable").inc(len(updates) - len(rows))
            log.error("not an update: no object with a number of its own", count=len(updates) - len(rows))
        if not rows:
            return None
        at = self._resources.ticker.time()
        new = await unbroken(self._resources.inbox.add(self._resources.bot_id, rows, at=at))
        self._metrics.received.labels("new").inc(new)
        self._metrics.received.labels("known").inc(len(rows) - new)
        # Where some were known before, a press among them may be answered already: its worker sees by its age.
        if new == len(rows) and self._presses is not None:
            for query_id in filter(None, map(pressed, updates)):
                self._presses.expect(query_id, at)
        if new:
            await self._resources.wakeup.notify(INBOX_CHANNEL)
        return max(row.update_id for row in rows)
