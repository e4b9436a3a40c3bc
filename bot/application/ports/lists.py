"""The list, the calendar, small facts, corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.application.records import HolidayRow
from bot.domain.catalogue import Catalogue
from bot.domain.correction import Correction


class Settings(Protocol):
    """Small facts shared by all processes: clock offset, last good poll, heartbeat, standing authority."""

    async def get(self, key: str) -> object | None: ...
    async def put(self, key: str, value: object) -> None: ...
    async def starting_with(self, prefix: str) -> Mapping[str, object]: ...


class Corrections(Protocol):
    """What people corrected, with its origin; released by a second person before it becomes an example."""

    async def add(self, correction: Correction) -> Correction: ...
    async def get(self, correction_id: int, *, for_update: bool = False) -> Correction | None: ...
    async def save(self, correction: Correction) -> None: ...
    async def waiting(self) -> Sequence[Correction]:
        """Neither released nor dropped, oldest first, at most 500."""
        ...

    async def released(self) -> Sequence[Correction]:
        """All that models may learn from, oldest first."""
        ...

    async def counted(self) -> Mapping[tuple[str, str, str], int]:
        """How often each (origin, item understood, right item) was corrected, whether released or not."""
        ...

    async def forget(self, kind: str, number: int) -> int:
        """Removes whatever was stored about that subject and is not released; how many."""
        ...

    async def erase_of(self, ticket_id: int) -> int:
        """Removes everything about that ticket and the draft it was born from, released or not; how many."""
        ...


class Catalogues(Protocol):
    """Versions of the list."""

    async def current(self) -> Catalogue | None: ...
    async def get(self, version: int) -> Catalogue | None: ...
    async def add(self, catalogue: Catalogue, *, at: datetime) -> int:
        """Stores it as the next version, which becomes the current one; its number.

        Raises `VersionConflict` where another process was first.
        """
        ...


class Calendar(Protocol):
    """The published notices of days off and days worked instead."""

    async def published(self) -> Sequence[HolidayRow]: ...
    async def replace_year(self, year: int, rows: Sequence[HolidayRow], source: str) -> None: ...
