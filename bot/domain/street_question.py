"""One question to the street, by the hub before a ruling or by a unit that was told too little; it has a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class StreetQuestion:
    """Who asked what of which ticket; question and answer are words of the history, found by their links' numbers."""

    id: int
    ticket_id: int
    assignment_id: int
    task_id: int | None
    asked_by: int
    asked_at: datetime
    due_at: datetime
    asked_seq: int
    answered_seq: int | None = None
    answered_at: datetime | None = None
    answered_by: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the street still owes the answer."""
        return self.answered_at is None

    @property
    def is_taken_back(self) -> bool:
        """Whether it ended without an answer because who had asked wants none."""
        return self.answered_at is not None and self.answered_seq is None
