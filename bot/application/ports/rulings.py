"""Requests to return with their rulings, and questions to the street."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.returning import Ruling
from bot.domain.street_question import StreetQuestion


class Rulings(Protocol):
    """What was asked and ruled; each decided one is a precedent of its item."""

    async def add(self, ruling: Ruling) -> Ruling: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[Ruling]: ...
    async def of_item(self, item: str, *, since: datetime) -> Sequence[Ruling]:
        """Decided since then, in the order they were asked."""
        ...

    async def save(self, ruling: Ruling) -> None: ...


class StreetQuestions(Protocol):
    """Questions that the street owes an answer to."""

    async def add(self, question: StreetQuestion) -> StreetQuestion: ...
    async def get(self, question_id: int) -> StreetQuestion | None: ...
    async def of_ticket(self, ticket_id: int) -> Sequence[StreetQuestion]: ...
    async def save(self, question: StreetQuestion) -> None: ...
