"""A ticket (呼叫单): one problem. Its stage is computed from its parts and never set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.assignment import LIVE_STATES, OPEN_STATES, Assignment, AssignmentState
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.party import Party


class Mode(StrEnum):
    """How the problem is called."""

    SELF = "self"
    DIRECT = "direct"
    JOINT = "joint"
    REVERSE = "reverse"
    TWO_WAY = "two_way"
    ENFORCEMENT = "enforcement"


class Level(StrEnum):
    """How grave the list says it is (一般 / 复杂 / 重大); the words of the list are the values."""

    ORDINARY = "一般"
    COMPLEX = "复杂"
    GRAVE = "重大"


class Sensitivity(StrEnum):
    """What of it may be said where (section 6 of the design)."""

    PUBLIC = "public"
    LIMITED = "limited"
    SENSITIVE = "sensitive"


class Ending(StrEnum):
    """How a ticket was marked as ended."""

    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    MERGED = "merged"
    CLOSED = "closed"


class Stage(StrEnum):
    """Where the ticket stands, as everybody sees it."""

    CALLING = "calling"
    DISPATCHING = "dispatching"
    HANDLING = "handling"
    VERIFYING = "verifying"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    MERGED = "merged"


@dataclass(slots=True)
class Ticket:
    """One problem on its way. All moments are aware UTC; `text` and `place` are as written and unmasked.

    `reporter_id` is the person of record, `ordered_by` the leader or officer who dispatched it himself; `origin_chat_id` and `origin_message_id` are where the words stand.
    """

    id: int
    code: str
    mode: Mode
    level: Level
    item: str
    item_name: str
    catalogue_version: int
    sensitivity: Sensitivity
    emergency: bool
    text: str
    place: str
    street: str
    community: str
    caller: Party
    reporter_id: int
    created_at: datetime
    origin_chat_id: int | None = None
    origin_message_id: int | None = None
    danger: bool = False
    start_awaited: bool = False
    start_authority: str = ""
    street_action: str = ""
    ending: Ending | None = None
    ended_at: datetime | None = None
    merged_into: int | None = None
    split_from: int | None = None
    foreign_ids: dict[str, str] = field(default_factory=dict)
    supervised: bool = False
    ordered_by: int | None = None
    start_since: datetime | None = None
    start_due_at: datetime | None = None
    start_ladder: list[dict[str, object]] = field(default_factory=list)
    version: int = 1

    @property
    def is_ordered(self) -> bool:
        """Whether a district leader has given it out himself."""
        return self.mode is Mode.REVERSE and self.ordered_by is not None


def stage_of(ticket: Ticket, assignments: Iterable[Assignment], hub_tasks: Iterable[HubTask]) -> Stage:
    """The stage, computed in the order of section 4 of the design."""
    if ticket.ending is not None:
        return Stage(ticket.ending.value)
    if ticket.start_awaited:
        return Stage.CALLING
    parts = list(assignments)
    states = {part.state for part in parts}
    if states & OPEN_STATES:
        return Stage.HANDLING
    if AssignmentState.REPORTED in states:
        return Stage.VERIFYING
    waits = any(task.is_open and task.kind is HubTaskKind.DISPATCH for task in hub_tasks)
    if waits or not states & LIVE_STATES:
        return Stage.DISPATCHING
    return Stage.CLOSED
