"""Who says until when, and on what ground, that a call is not its own; and what was ruled in such cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain import deadlines
from bot.domain.limits import parse_limit
from bot.domain.work_calendar import WorkCalendar

HALF = Decimal("0.5")
ONE_DAY = "1工作日"


def return_until(start: datetime, handle_limit: str, calendar: WorkCalendar) -> datetime | None:
    """The earlier of half the counted limit and one working day, for a clock that began at `start`."""
    half = deadlines.moment_at_fraction(start, parse_limit(handle_limit), calendar, HALF)
    day = deadlines.due_at(start, parse_limit(ONE_DAY), calendar).due_at
    moments = [moment for moment in (half, day) if moment is not None]
    return min(moments, default=None)


def is_returnable(start: datetime, handle_limit: str, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the window is still open at `now`."""
    until = return_until(start, handle_limit, calendar)
    return until is None or now <= until


class Ground(StrEnum):
    """Why a unit asks to return a call; `words` where it only said it in its own words."""

    OTHER_DEPARTMENT = "other_department"
    CLAUSE = "clause"
    OUTSIDE = "outside"
    OWNER = "owner"
    DUPLICATE = "duplicate"
    TOO_LITTLE = "too_little"
    WORDS = "words"


class Outcome(StrEnum):
    """What became of a request: kept, moved, somebody acts first, a dispute settled; or it lapsed before a ruling."""

    KEPT = "kept"
    MOVED = "moved"
    ACT_FIRST = "act_first"
    SETTLED = "settled"
    LAPSED = "lapsed"


@dataclass(slots=True)
class Ruling:
    """A request to return and what was ruled on it; its words stand only in the history, at `asked_seq`.

    `number` counts the ticket's requests from 1. `is_dispute`: the quarrel that goes on while somebody acts first.
    """

    id: int
    ticket_id: int
    assignment_id: int
    item: str
    unit: str
    number: int
    ground: Ground
    named: str
    asked_at: datetime
    asked_by: int | None
    asked_seq: int
    is_dispute: bool = False
    outcome: Outcome | None = None
    to_unit: str = ""
    decided_at: datetime | None = None
    decided_by: int | None = None


@dataclass(frozen=True, slots=True)
class Precedents:
    """What was ruled on one item: how often the unit kept it, how often another one got it, and mostly which."""

    total: int
    kept: int
    moved: int
    mostly_to: str = ""


RULED = frozenset({Outcome.KEPT, Outcome.MOVED, Outcome.SETTLED})
"""Outcomes that say whose duty it is; who only acts first sets no precedent."""


def precedents(rulings: Iterable[Ruling]) -> Precedents:
    """The rulings of one item as precedents."""
    decided = [ruling for ruling in rulings if ruling.outcome in RULED]
    moved = [ruling.to_unit for ruling in decided if ruling.to_unit and ruling.to_unit != ruling.unit]
    mostly = Counter(moved).most_common(1)
    return Precedents(len(decided), len(decided) - len(moved), len(moved), mostly[0][0] if mostly else "")
