"""The section of `config.yml` about cases that belong together."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.config.sections import Section, Share
from bot.domain.merging import MergingRules


class MergingSection(Section):
    """When a report is like an open one; of which facilities a burst is told to the hub."""

    likeness: Share = 0.5
    facilities: frozenset[str] = frozenset()
    burst: Annotated[int, Field(ge=2, le=100)] = 5
    burst_within_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 24

    def rules(self) -> MergingRules:
        """The same as the domain takes it."""
        return MergingRules(self.likeness, self.facilities, self.burst, timedelta(hours=self.burst_within_hours))
