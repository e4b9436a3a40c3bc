"""What people put right in what the bot understood: an example for the next model once a second person releases it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import CorrectionSettled, OwnCorrection


class Origin(StrEnum):
    """What was done that puts the understanding right."""

    CHANGE_ITEM = "change_item"
    NOT_A_REPORT = "not_a_report"
    RETURN_GRANTED = "return_granted"
    HUB_DISPATCH = "hub_dispatch"


@dataclass(slots=True)
class Correction:
    """Masked words with the item they belong to, and the item that had been understood instead.

    `item` is empty where it is not known yet: then the words are no report, or (`unit` is given) a unit was named
    and whoever releases it says which of its items it is.
    """

    id: int
    text: str
    item: str
    origin: Origin
    subject_kind: str
    subject_id: int
    by: int | None
    at: datetime
    was: str = ""
    unit: str = ""
    released_by: int | None = None
    released_at: datetime | None = None
    dropped_by: int | None = None
    dropped_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has released or dropped it yet."""
        return self.released_at is None and self.dropped_at is None

    @property
    def is_released(self) -> bool:
        """Whether models may learn from it."""
        return self.released_at is not None and self.dropped_at is None

    def release(self, item: str, *, by: int, at: datetime) -> None:
        """By another than who corrected: `不是上报` is also the cheapest way to make the bot deaf."""
        if by == self.by:
            raise OwnCorrection()
        if not self.is_waiting:
            raise CorrectionSettled()
        self.item, self.released_by, self.released_at = item, by, at

    def drop(self, *, by: int | None, at: datetime) -> None:
        """Also after it was released; its words are not kept."""
        if self.dropped_at is not None:
            raise CorrectionSettled()
        self.text, self.dropped_by, self.dropped_at = "", by, at
