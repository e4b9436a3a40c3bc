"""The district as use cases see it: its list, its working days, its choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import deadlines
from bot.domain.catalogue import Catalogue
from bot.domain.escalation import Ladder
from bot.domain.ladders import DEFAULT_LADDERS, EMERGENCY_LADDERS
from bot.domain.limits import parse_limit
from bot.domain.rules import Rules
from bot.domain.work_calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class District:
    """Immutable; a new list or calendar makes a new value."""

    catalogue: Catalogue
    calendar: WorkCalendar
    rules: Rules
    alert: frozenset[str] = frozenset()
    """Streets for which an emergency holds now."""
    ladders: Mapping[str, Ladder] = field(default_factory=lambda: DEFAULT_LADDERS)
    emergency_ladders: Mapping[str, Ladder] = field(default_factory=lambda: EMERGENCY_LADDERS)
    """What holds for the calls of these streets meanwhile."""

    def due(self, start: datetime, limit: str) -> deadlines.Due:
        """When `limit` (as written in the list) is over if its clock starts at `start`."""
        return deadlines.due_at(start, parse_limit(limit), self.calendar)

    def due_moment(self, start: datetime, limit: str) -> datetime:
        """The same as a moment; a limit without pauses always has one."""
        moment = self.due(start, limit).due_at
        assert moment is not None
        return moment

    def local(self, moment: datetime) -> datetime:
        """The moment on the district's wall clock."""
        return moment.astimezone(ZoneInfo(self.rules.zone))

    def day(self, moment: datetime) -> date:
        """The district's calendar day of that moment."""
        return self.local(moment).date()

    def rings(self, moment: datetime, street: str = "") -> bool:
        """Whether a message may make a sound then; what concerns a street in an emergency may at any hour."""
        if street in self.alert:
            return True
        return self.rules.delivery_from <= self.local(moment).time() < self.rules.delivery_to

    def rings_next(self, moment: datetime) -> datetime:
        """The moment itself if a message may make a sound then, else the next opening of the window."""
        if self.rings(moment):
            return moment
        local = self.local(moment)
        day = local.date() if local.time() < self.rules.delivery_from else local.date() + timedelta(days=1)
        return self.calendar.at(day, self.rules.delivery_from)

    def with_rules(self, **changes: object) -> District:
        """A district that differs in some choices."""
        return replace(self, rules=replace(self.rules, **changes))  # type: ignore[arg-type]
