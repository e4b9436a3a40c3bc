"""Requests for time, and the steps of ladders that were taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.request import Request


class Requests(Protocol):
    """Requests for time."""

    async def add(self, request: Request) -> Request: ...
    async def get(self, request_id: int, *, for_update: bool = False) -> Request | None: ...
    async def of_assignment(self, assignment_id: int) -> Sequence[Request]:
        """All of every round, oldest first."""
        ...

    async def of_assignments(self, assignment_ids: Collection[int]) -> Mapping[int, Sequence[Request]]: ...
    async def save(self, request: Request) -> None: ...
