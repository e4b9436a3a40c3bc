"""Whether what people wrote while nobody fetched has been worked off, so that clocks call nobody silent who was not."""

from __future__ import annotations

import structlog

from bot.application.inbox import InboxStore
from bot.application.ports import Store
from bot.clock import Ticker
from bot.gateway.health import LAST_GOOD

LONGEST_SECONDS = 300.0
"""After so long the clocks run whatever waits: nothing may stop them for good."""

log = structlog.get_logger(__name__)


class CatchingUp:
    """Begins with the process; over once Telegram has been heard of since then and no update waits.

    Where nobody has ever fetched there is nothing to catch up with.
    """

    def __init__(self, store: Store, inbox: InboxStore, ticker: Ticker) -> None:
        self._store = store
        self._inbox = inbox
        self._ticker = ticker
        self._began = ticker.time()
        self._over = False

    async def is_over(self) -> bool:
        """Once it is over it stays so."""
        if not self._over:
            self._over = await self._nothing_waits()
            if not self._over and self._ticker.time() - self._began > LONGEST_SECONDS:
                log.warning("what was written meanwhile is still not worked off; clocks run all the same")
                self._over = True
        return self._over

    async def _nothing_waits(self) -> bool:
        async with self._store.read() as uow:
            last = await uow.settings.get(LAST_GOOD)
        if isinstance(last, int | float) and last < self._began:
            return False
        waiting, _ = await self._inbox.backlog()
        return not waiting
