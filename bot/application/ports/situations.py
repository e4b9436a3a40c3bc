"""Emergencies and their log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.situation import Entry, Situation


class Situations(Protocol):
    """Emergencies, and what was written down in them."""

    async def add(self, situation: Situation) -> Situation: ...
    async def get(self, situation_id: int, *, for_update: bool = False) -> Situation | None: ...
    async def save(self, situation: Situation) -> None: ...
    async def active(self) -> Sequence[Situation]: ...
    async def log(self, entry: Entry) -> Entry: ...
    async def entries(self, situation_id: int) -> Sequence[Entry]:
        """Its log, oldest first."""
        ...

    async def take_over(self, situation_id: int, street: str, *, since: datetime) -> int:
        """What that street wrote down since then, before anything was declared, belongs to this log; how many lines."""
        ...
