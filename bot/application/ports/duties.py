"""Who is on duty, and whose roles go to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from bot.domain.duty import Duty, Handover


class Duties(Protocol):
    """Duty rosters; of two that cover a day the newer holds."""

    async def add(self, duty: Duty) -> Duty: ...
    async def ending_after(self, codes: Collection[str], day: date) -> Sequence[Duty]:
        """Of these parties, those whose last day is that day or later, newest first."""
        ...


class Handovers(Protocol):
    """Handovers for good and for a time."""

    async def add(self, handover: Handover) -> Handover: ...
    async def get(self, handover_id: int, *, for_update: bool = False) -> Handover | None: ...
    async def away(self, day: date) -> Sequence[Handover]:
        """The leaves that cover that day and have not ended, accepted or not."""
        ...

    async def save(self, handover: Handover) -> None: ...
