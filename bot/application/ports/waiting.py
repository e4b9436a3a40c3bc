"""Requests for time, and the steps of ladders that were taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.application.records import DueKind, Subject, SubjectKind
from bot.domain.escalation import Taken
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


class Steps(Protocol):
    """The steps of ladders that were taken: each once for each round and deadline."""

    async def taken(
        self, kind: DueKind, subject_kind: SubjectKind, rounds: Mapping[int, int]
    ) -> Mapping[int, Sequence[Taken]]:
        """By subject, for the round that is named for it."""
        ...

    async def take(self, kind: DueKind, steps: Collection[tuple[Subject, int, Taken]], *, at: datetime) -> None:
        """Notes them with their rounds; one that is noted already stays as it is."""
        ...
