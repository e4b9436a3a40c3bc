"""One unit's part in a ticket: the table of allowed moves and their one writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import TransitionNotAllowed
from bot.domain.party import Party


class AssignmentState(StrEnum):
    """Where an assignment stands (section 4 of the design)."""

    UNDELIVERED = "undelivered"
    UNSIGNED = "unsigned"
    HANDLING = "handling"
    RETURN_REQUESTED = "return_requested"
    SUSPENDED = "suspended"
    ANSWER_DRAFTED = "answer_drafted"
    REPORTED = "reported"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"


S = AssignmentState

ALLOWED_TRANSITIONS: Mapping[AssignmentState, frozenset[AssignmentState]] = {
    S.UNDELIVERED: frozenset({S.UNSIGNED, S.CANCELLED}),
    S.UNSIGNED: frozenset({S.UNDELIVERED, S.HANDLING, S.REPORTED, S.RETURN_REQUESTED, S.RETURNED, S.CANCELLED}),
    S.HANDLING: frozenset({S.REPORTED, S.ANSWER_DRAFTED, S.RETURN_REQUESTED, S.SUSPENDED, S.RETURNED, S.CANCELLED}),
    S.RETURN_REQUESTED: frozenset({S.UNSIGNED, S.HANDLING, S.RETURNED, S.REPORTED, S.CANCELLED}),
    S.SUSPENDED: frozenset({S.HANDLING, S.REPORTED, S.CANCELLED}),
    S.ANSWER_DRAFTED: frozenset({S.REPORTED, S.HANDLING}),
    S.REPORTED: frozenset({S.ACCEPTED, S.HANDLING, S.RETURNED, S.CANCELLED}),
    S.ACCEPTED: frozenset(),
    S.RETURNED: frozenset(),
    S.CANCELLED: frozenset(),
}

UNDO_TRANSITIONS: Mapping[AssignmentState, frozenset[AssignmentState]] = {
    S.UNSIGNED: frozenset({S.RETURN_REQUESTED}),
    S.HANDLING: frozenset({S.UNSIGNED, S.REPORTED, S.RETURN_REQUESTED, S.SUSPENDED}),
    S.REPORTED: frozenset({S.HANDLING, S.UNSIGNED, S.ANSWER_DRAFTED}),
    S.ANSWER_DRAFTED: frozenset({S.HANDLING}),
    S.ACCEPTED: frozenset({S.REPORTED}),
    S.RETURNED: frozenset({S.UNSIGNED, S.HANDLING, S.RETURN_REQUESTED, S.REPORTED}),
    S.CANCELLED: frozenset(
        {S.UNSIGNED, S.HANDLING, S.UNDELIVERED, S.RETURN_REQUESTED, S.SUSPENDED, S.REPORTED, S.ANSWER_DRAFTED}
    ),
}
"""The reverse moves, allowed only within the thirty seconds after the press they undo."""

OPEN_STATES = frozenset({S.UNDELIVERED, S.UNSIGNED, S.HANDLING, S.ANSWER_DRAFTED, S.RETURN_REQUESTED, S.SUSPENDED})
LIVE_STATES = OPEN_STATES | {S.REPORTED, S.ACCEPTED}
ENDED_STATES = frozenset({S.ACCEPTED, S.RETURNED, S.CANCELLED})


@dataclass(slots=True)
class Assignment:
    """One unit's part in one ticket. All moments are aware UTC.

    `clock_start` is the dispatch, or the first delivery where that came more than ten minutes later. `task` is what
    this unit in particular was asked to do, where a meeting or a leader said so.
    `yields_to` is the successor that a ruling named: until it has signed, this unit stays liable.
    `word_owed`: its limit is so long that a word on the way is owed (阶段回告).
    """

    id: int
    ticket_id: int
    assignee: Party
    state: AssignmentState
    round: int
    sign_limit: str
    handle_limit: str
    dispatched_at: datetime
    clock_start: datetime
    sign_due_at: datetime | None
    due_at: datetime | None
    provisional: bool = False
    is_lead: bool = True
    prior_state: AssignmentState | None = None
    delivered_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: int | None = None
    handler_id: int | None = None
    handler_name: str = ""
    reported_at: datetime | None = None
    reported_by: int | None = None
    report_text: str = ""
    report_public: str = ""
    report_outcome: str = ""
    last_progress: str = ""
    last_progress_at: datetime | None = None
    ended_at: datetime | None = None
    last_mover: int | None = None
    last_moved_at: datetime | None = None
    ladder: list[dict[str, object]] = field(default_factory=list)
    task: str = ""
    set_out_at: datetime | None = None
    arrived_at: datetime | None = None
    yields_to: int | None = None
    word_owed: bool = False
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether the unit still owes something."""
        return self.state in OPEN_STATES

    @property
    def on_the_way_at(self) -> datetime | None:
        """When the team set out in this round: another round is another errand."""
        return self.set_out_at if self.set_out_at and self.set_out_at >= self.clock_start else None

    @property
    def there_at(self) -> datetime | None:
        """When the team was there in this round."""
        return self.arrived_at if self.arrived_at and self.arrived_at >= self.clock_start else None


def move(assignment: Assignment, to: AssignmentState, *, now: datetime, by: int | None, undo: bool = False) -> None:
    """The only writer of an assignment's state; raises `TransitionNotAllowed`.

    A request to return remembers the state it came from, and can lead back only there.
    """
    table = UNDO_TRANSITIONS if undo else ALLOWED_TRANSITIONS
    allowed = table.get(assignment.state, frozenset())
    back = assignment.state is S.RETURN_REQUESTED and to in {S.UNSIGNED, S.HANDLING}
    if to not in allowed or (back and to is not assignment.prior_state):
        raise TransitionNotAllowed(state=assignment.state, to=to, by=assignment.last_mover, at=assignment.last_moved_at)
    assignment.prior_state = assignment.state
    assignment.state = to
    assignment.last_mover = by
    assignment.last_moved_at = now
    assignment.ended_at = now if to in ENDED_STATES else None


def cancel(assignment: Assignment, *, now: datetime, by: int | None) -> bool:
    """Cancels it if it can be; an answer that waits for a signature is first no answer. Whether it was open for that."""
    before = assignment.state
    if before is S.ANSWER_DRAFTED:
        move(assignment, S.HANDLING, now=now, by=by)
    if S.CANCELLED not in ALLOWED_TRANSITIONS[assignment.state]:
        return False
    move(assignment, S.CANCELLED, now=now, by=by)
    assignment.prior_state = before
    return True
