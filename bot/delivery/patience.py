"""How long delivery tries again what failed, and when a whole outage makes it wait."""

from __future__ import annotations

from bot.clock import Ticker

LONGEST_DELAY = 30.0
GIVE_UP_AFTER = 24 * 3600.0
TRIES_IF_REFUSED = 3
_SIGNS_OF_OUTAGE = 3
_LONGEST_PAUSE = 5.0


def delay_after(attempts: int) -> float:
    """Seconds of real time until the next try, after so many that failed."""
    return min(LONGEST_DELAY, 2.0 ** min(attempts - 1, 10))


def _tries_in(seconds: float) -> int:
    attempts, waited = 0, 0.0
    while waited < seconds:
        attempts += 1
        waited += delay_after(attempts)
    return attempts


TRIES_IF_TEMPORARY = _tries_in(GIVE_UP_AFTER)
"""As many tries as take more than a day with their delays: no moment of the first failure needs to be kept."""


class Outage:
    """Notices that the server is away for everybody; one chat that fails alone stops nobody."""

    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker
        self._failing: set[int] = set()
        self._failures = 0
        self._until = 0.0

    def failed(self, chat_id: int) -> None:
        """A call failed that might have succeeded at another time."""
        self._failing.add(chat_id)
        self._failures += 1
        if len(self._failing) >= _SIGNS_OF_OUTAGE:
            pause = min(_LONGEST_PAUSE, 0.25 * 2.0 ** min(self._failures - _SIGNS_OF_OUTAGE, 10))
            self._until = self._ticker.time() + pause

    def answered(self) -> None:
        """The server answered something."""
        self._failing.clear()
        self._failures = 0
        self._until = 0.0

    def pause(self) -> float:
        """Seconds during which nothing is worth trying."""
        return max(0.0, self._until - self._ticker.time())
