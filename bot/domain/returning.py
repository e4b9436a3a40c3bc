"""Until when a unit may say that a call is not its own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

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
