"""What the district chooses about requests for time and about who is told when time runs out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.config.sections import LimitText, Minutes, Positive, Section, Words
from bot.domain.escalation import InvalidRung, Ladder, Rung, Tells
from bot.domain.ladders import DEFAULT_LADDERS, EMERGENCY_LADDERS, told_by


class Silence(StrEnum):
    """What becomes of a request that nobody answers in time."""

    REFUSE = "refuse"
    GRANT = "grant"


class RequestsSection(Section):
    """How often time may be asked for in one round, how long an answer may take, and what silence means."""

    answer_within: LimitText = "4工作时"
    silence: Silence = Silence.REFUSE
    extensions: Positive = 2
    suspensions: Positive = 1
    longest_suspension_days: Annotated[int, Field(ge=1, le=730)] = 180


class ScanSection(Section):
    """What was due longer ago than this when it is found was missed: it comes as one digest a chat."""

    digest_after_minutes: Minutes = 15


class RungSection(Section):
    """One step of a ladder: `at` is 80%, `due`, a limit after it (4工作时), or one after the start (start+4工作时)."""

    step: Words
    at: Words
    tells: Annotated[tuple[Tells, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _says_when(self) -> RungSection:
        try:
            self.as_rung()
        except InvalidRung:
            words = "none of 80%, due, a limit after it such as 4工作时, and start+4工作时 (17:00 20:30)"
            raise ValueError(f"at “{self.at}” is {words}") from None
        return self

    def as_rung(self) -> Rung:
        """The rule's own value."""
        return Rung(self.step, self.at, self.tells)


class LaddersSection(Section):
    """A ladder for each kind of clock; one that is left out is the program's own."""

    draft: tuple[RungSection, ...] | None = None
    start: tuple[RungSection, ...] | None = None
    sign: tuple[RungSection, ...] | None = None
    handle: tuple[RungSection, ...] | None = None
    interim: tuple[RungSection, ...] | None = None
    hub_task: tuple[RungSection, ...] | None = None
    request: tuple[RungSection, ...] | None = None
    release: tuple[RungSection, ...] | None = None
    verification: tuple[RungSection, ...] | None = None
    street_question: tuple[RungSection, ...] | None = None
    referral: tuple[RungSection, ...] | None = None
    admission: tuple[RungSection, ...] | None = None

    @model_validator(mode="after")
    def _each_step_once(self) -> Self:
        for clock, ladder in self.ladders().items():
            names = [rung.name for rung in ladder]
            if len(set(names)) < len(names):
                raise ValueError(f"{clock} has two steps of one name")
            if not {tells for rung in ladder for tells in rung.tells} <= told_by(clock):
                raise ValueError(f"{clock} tells only {', '.join(sorted(told_by(clock)))}")
        return self

    def ladders(self) -> dict[str, Ladder]:
        """Every ladder, by its clock."""
        return self._over(DEFAULT_LADDERS)

    def _over(self, defaults: Mapping[str, Ladder]) -> dict[str, Ladder]:
        chosen: dict[str, Ladder] = dict(defaults)
        for clock in LaddersSection.model_fields:
            rungs: tuple[RungSection, ...] | None = getattr(self, clock)
            if rungs is not None:
                chosen[clock] = tuple(rung.as_rung() for rung in rungs)
        return chosen


class EscalationSection(LaddersSection):
    """The ladders of ordinary days; `emergency`: those that hold for a street while an emergency is declared there."""

    emergency: LaddersSection = LaddersSection()

    def emergency_ladders(self) -> dict[str, Ladder]:
        """Only of the clocks that have another ladder in an emergency."""
        return self.emergency._over(EMERGENCY_LADDERS)
