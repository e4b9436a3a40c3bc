"""The two clocks: `Clock` for everything people see and every deadline, `Ticker` for leases and budgets.

Rules read neither; time is an argument to them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The moment that people live in: an aware UTC datetime. Playground and tests move it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Ticker(Protocol):
    """Real time in seconds since the epoch, which no playground moves."""

    def time(self) -> float:
        """Seconds since the epoch, real."""
        ...


class OffsetClock:
    """Real time plus an offset; the offset is a row in the database that `bot.app` refreshes.

    Tests give a `real` that hardly moves, so that a story takes as long as it says and not as long as the machine.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset
        self.real: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self.real() + self.offset


class WallTicker:
    """The wall clock of this machine."""

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time()
