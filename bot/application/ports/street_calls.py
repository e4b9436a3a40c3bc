"""Departments' wishes to streets."""

from __future__ import annotations

from typing import Protocol

from bot.domain.street_call import StreetCall


class StreetCalls(Protocol):
    """What departments asked of streets, until it became a ticket."""

    async def add(self, call: StreetCall) -> StreetCall: ...
    async def get(self, call_id: int, *, for_update: bool = False) -> StreetCall | None: ...
    async def save(self, call: StreetCall) -> None: ...
