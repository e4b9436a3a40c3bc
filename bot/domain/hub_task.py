"""What the hub owes while others go on working: a task with a clock, never a stage of the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HubTaskKind(StrEnum):
    """What the hub is asked to do."""

    DISPATCH = "dispatch"
    UNDELIVERED = "undelivered"
    RULING = "ruling"
    START = "start"
    SUPERVISION = "supervision"
    CHAT_LOST = "chat_lost"
    DISPUTE = "dispute"
    MERGE = "merge"
    ALARM = "alarm"


OUTLIVES_THE_TICKET = frozenset({HubTaskKind.DISPUTE})
"""Tasks that neither a dispatch nor the end of the ticket finishes."""


@dataclass(slots=True)
class HubTask:
    """One thing the hub owes; `due_at` is aware UTC, `note` never holds words of a sensitive report."""

    id: int
    kind: HubTaskKind
    ticket_id: int | None
    assignment_id: int | None
    created_at: datetime
    due_at: datetime
    note: str = ""
    done_at: datetime | None = None
    done_by: int | None = None
    claimed_by: int | None = None
    claimed_until: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.done_at is None
