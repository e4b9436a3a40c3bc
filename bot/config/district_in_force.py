"""The district as it is now: config's choices with the list, the calendar and the emergencies in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.application.district import District
from bot.config.calendar import work_calendar
from bot.config.config import Config
from bot.domain.catalogue import Catalogue
from bot.domain.work_calendar import PublishedYear


class DistrictInForce:
    """The district that use cases are given; a newly imported list takes effect without a restart."""

    def __init__(self, config: Config, catalogue: Catalogue) -> None:
        self._config = config
        self._notices: tuple[PublishedYear, ...] = ()
        ordinary, urgent = config.escalation.ladders(), config.escalation.emergency_ladders()
        self._value = District(catalogue, work_calendar(config), config.rules(), frozenset(), ordinary, urgent)

    def __call__(self) -> District:
        return self._value

    def choose(self, **rules: object) -> None:
        """Other choices than config's from now on."""
        self._value = self._value.with_rules(**rules)

    def take(self, catalogue: Catalogue, notices: Sequence[PublishedYear], alert: frozenset[str]) -> None:
        """From now on this list, these imported notices and these streets in an emergency."""
        if alert != self._value.alert:
            self._value = replace(self._value, alert=alert)
        if catalogue.version != self._value.catalogue.version:
            self._value = replace(self._value, catalogue=catalogue)
        if tuple(notices) != self._notices:
            self._notices = tuple(notices)
            self._value = replace(self._value, calendar=work_calendar(self._config, notices))
