"""The list, the calendar, small facts, corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.application.records import (
    HolidayRow,
    Subject,
)
from bot.domain.catalogue import Catalogue


class Settings(Protocol):
    """Small facts shared by all processes: clock offset, last good poll, heartbeat, standing authority."""

    async def get(self, key: str) -> object | None: ...
    async def put(self, key: str, value: object) -> None: ...
    async def starting_with(self, prefix: str) -> Mapping[str, object]: ...


class Corrections(Protocol):
    """What people corrected, with its origin; released by a second person before it becomes an example."""

    async def add(
        self, *, text: str, item: str, origin: str, subject: Subject, by: int | None, at: datetime
    ) -> None: ...
    async def take_back(self, subject: Subject, *, at: datetime) -> None:
        """What was stored of that subject at that moment was pressed by mistake."""
        ...


class Catalogues(Protocol):
    """Versions of the list."""

    async def current(self) -> Catalogue | None: ...
    async def get(self, version: int) -> Catalogue | None: ...
    async def add(self, catalogue: Catalogue, *, at: datetime) -> int:
        """Stores it as the next version, which becomes the current one; its number."""
        ...


class Calendar(Protocol):
    """The published notices of days off and days worked instead."""

    async def published(self) -> Sequence[HolidayRow]: ...
    async def replace_year(self, year: int, rows: Sequence[HolidayRow], source: str) -> None: ...
