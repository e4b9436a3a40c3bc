"""What the hub owes while others go on working: a task with a clock, never a stage of the ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    UNIT_ALONE = "unit_alone"
    RESIDENT = "resident"


WITHOUT_TICKET = frozenset({HubTaskKind.CHAT_LOST, HubTaskKind.UNIT_ALONE, HubTaskKind.RESIDENT})
"""Tasks about a group, a unit or a draft: `note` begins with what they are about, then come words for people."""

OUTLIVES_THE_TICKET = frozenset({HubTaskKind.DISPUTE})
"""Tasks that neither a dispatch nor the end of the ticket finishes."""


@dataclass(slots=True)
class HubTask:
    """One thing the hub owes; `due_at` is aware UTC, `note` never holds words of a sensitive report.

    `time_limit` and `ladder` are the district's when it was opened; a task without a limit of its own waits for
    something else, as for a meeting.
    """

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
    time_limit: str = ""
    ladder: list[dict[str, object]] = field(default_factory=list)
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.done_at is None

    @property
    def about(self) -> str:
        """The id or code of what a task without a ticket is about."""
        return self.note.partition(" ")[0] if self.kind in WITHOUT_TICKET else ""

    @property
    def words(self) -> str:
        """What people read of a task without a ticket."""
        return self.note.partition(" ")[2] if self.kind in WITHOUT_TICKET else ""
