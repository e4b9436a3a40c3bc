"""How much may be sent where, on real time. Edits count like messages; a chat that said "wait" waits alone."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from bot.application.records import Priority
from bot.clock import Ticker
from bot.delivery.sender import Place
from bot.delivery.settings import BudgetSettings

_ALL_WINDOW = 1.0


class Budget(Protocol):
    """What the dispatcher asks before it sends; another process may have spent meanwhile where it is shared."""

    async def wait(self, place: Place, priority: Priority) -> float:
        """Seconds until a message of that priority may go there; zero if now."""
        ...

    async def spend(self, place: Place, messages: int = 1) -> None:
        """So many messages or edits go out there now."""
        ...

    async def halt(self, chat_id: int, seconds: float) -> None:
        """Nothing goes to that chat for so long, whatever its priority."""
        ...

    async def full(self) -> frozenset[int]:
        """Chats where not even an emergency may go now."""
        ...


class MemoryBudget:
    """The budget of one process: at most so many messages in any window of a chat, and of all chats together.

    The last places of a group's window are kept: one for emergencies, a few more from edits, digests and reminders.
    """

    def __init__(self, settings: BudgetSettings, ticker: Ticker) -> None:
        self._settings = settings
        self._ticker = ticker
        self._sent: dict[int, deque[float]] = {}
        self._private: set[int] = set()
        self._halted: dict[int, float] = {}
        self._all: deque[float] = deque()

    async def wait(self, place: Place, priority: Priority) -> float:
        """Seconds until a message of that priority may go there."""
        now = self._ticker.time()
        halted = self._halted.get(place.chat_id, 0.0) - now
        return max(0.0, halted, self._wait_for_all(now), self._wait_in_chat(place, priority, now))

    async def spend(self, place: Place, messages: int = 1) -> None:
        """So many messages or edits go out there now."""
        now = self._ticker.time()
        if place.is_private:
            self._private.add(place.chat_id)
        self._sent.setdefault(place.chat_id, deque()).extend([now] * messages)
        self._all.extend([now] * messages)

    async def halt(self, chat_id: int, seconds: float) -> None:
        """Nothing goes to that chat for so long."""
        self._halted[chat_id] = max(self._halted.get(chat_id, 0.0), self._ticker.time() + seconds)

    async def full(self) -> frozenset[int]:
        """Chats where not even an emergency may go now; what is over is forgotten on the way."""
        now = self._ticker.time()
        for chat_id in [chat_id for chat_id, until in self._halted.items() if until <= now]:
            del self._halted[chat_id]
        found = set(self._halted)
        for chat_id, sent in list(self._sent.items()):
            limit, window = self._limits(chat_id in self._private)
            _forget(sent, now - window)
            if len(sent) >= limit:
                found.add(chat_id)
            elif not sent:
                del self._sent[chat_id]
                self._private.discard(chat_id)
        return frozenset(found)

    def _limits(self, is_private: bool) -> tuple[int, float]:
        settings = self._settings
        if is_private:
            return settings.private_burst, settings.private_burst / settings.private_per_second
        return settings.group_messages, settings.group_window

    def _wait_in_chat(self, place: Place, priority: Priority, now: float) -> float:
        sent = self._sent.get(place.chat_id)
        if sent is None:
            return 0.0
        limit, window = self._limits(place.is_private)
        if not place.is_private:
            limit = max(1, limit - self._kept(priority))
        _forget(sent, now - window)
        return sent[len(sent) - limit] + window - now if len(sent) >= limit else 0.0

    def _kept(self, priority: Priority) -> int:
        if priority is Priority.EMERGENCY:
            return 0
        kept = self._settings.kept_for_emergencies
        return kept + self._settings.kept_from_edits if priority >= Priority.REMINDER else kept

    def _wait_for_all(self, now: float) -> float:
        _forget(self._all, now - _ALL_WINDOW)
        if len(self._all) < self._settings.all_per_second:
            return 0.0
        return self._all[len(self._all) - self._settings.all_per_second] + _ALL_WINDOW - now


def _forget(sent: deque[float], before: float) -> None:
    while sent and sent[0] <= before:
        sent.popleft()
