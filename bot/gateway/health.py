"""Whether updates come in: the age of the last good poll, in memory and as a row that every process can read."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.application.ports import Store
from bot.clock import Ticker
from bot.gateway.stopping import unbroken

LAST_GOOD = "poll:last_good"
"""Settings key; the value is real time in seconds since the epoch."""

LAST_FAILURE = "poll:last_failure"
"""Settings key; why the last poll failed, a key of `FAILURES`, None if it went well."""

_WRITE_EVERY_SECONDS = 10.0
log = structlog.get_logger(__name__)


class Health:
    """What is known in this process: when Telegram last gave or brought updates, and whether it knows our token."""

    def __init__(self, store: Store, ticker: Ticker, *, good_for: float = 120.0) -> None:
        self._store = store
        self._ticker = ticker
        self._good_for = good_for
        self._written: float | None = None
        self._failed = True  # what an earlier process left is not known
        self.last_good_poll: float | None = None
        self.is_connected = False

    @property
    def age(self) -> float | None:
        """Seconds since the last good poll (or webhook call); None if there was none since the start."""
        return None if self.last_good_poll is None else max(0.0, self._ticker.time() - self.last_good_poll)

    @property
    def is_good(self) -> bool:
        """Whether Telegram knows the bot and was heard of lately."""
        age = self.age
        return self.is_connected and age is not None and age <= self._good_for

    async def good(self) -> None:
        """A poll or a webhook call went well just now; stored at most every ten seconds."""
        now = self.last_good_poll = self._ticker.time()
        if not self._failed and self._written is not None and abs(now - self._written) < _WRITE_EVERY_SECONDS:
            return
        self._written = now
        values = {LAST_GOOD: now} | ({LAST_FAILURE: None} if self._failed else {})
        if await self._write(values):
            self._failed = False

    async def failed(self, kind: str) -> None:
        """A poll failed, and why; kept for those who look from outside."""
        self._failed = True
        await self._write({LAST_FAILURE: kind})

    async def _write(self, values: Mapping[str, object]) -> bool:
        try:
            await unbroken(self._stored(values))
        except Exception as error:
            log.warning("how the last poll went could not be stored", error=repr(error))
            return False
        return True

    async def _stored(self, values: Mapping[str, object]) -> None:
        async with self._store.begin() as uow:
            for key, value in values.items():
                await uow.settings.put(key, value)
            await uow.commit()
