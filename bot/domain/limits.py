"""Limits (时限): an amount and its unit as the list of items writes them, e.g. `0.5紧急工作时`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from bot.domain.errors import Refusal

LONGEST = Decimal(10_000)
DECIMALS = 4


class InvalidLimit(Refusal):
    """`text` is no limit: amount and unit, more than 0, fractions only of hours."""

    code: ClassVar[str] = "invalid-limit"


class UnitsDiffer(Refusal):
    """An extension of `extension` does not fit a limit of `limit`: both need the same unit."""

    code: ClassVar[str] = "units-differ"


class LimitUnit(StrEnum):
    """The four units of the list, by the words it uses."""

    WORKING_HOURS = "工作时"
    WORKING_DAYS = "工作日"
    RUNNING_HOURS = "紧急工作时"
    CALENDAR_DAYS = "自然日"

    @property
    def is_hours(self) -> bool:
        """Whether the unit is an hour, which may be divided."""
        return self in (LimitUnit.WORKING_HOURS, LimitUnit.RUNNING_HOURS)

    @property
    def counts_office_time(self) -> bool:
        """Whether only time inside office hours counts; else all time does."""
        return self in (LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS)


_WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(" + "|".join(LimitUnit) + ")")


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: more than 0, at most 10,000, whole unless of hours; else InvalidLimit."""

    value: Decimal
    unit: LimitUnit

    def __post_init__(self) -> None:
        if not self.value.is_finite() or not 0 < self.value <= LONGEST:
            raise InvalidLimit(text=f"{self.value}{self.unit}")
        decimals = DECIMALS if self.unit.is_hours else 0
        if self.value != round(self.value, decimals):
            raise InvalidLimit(text=str(self))

    @override
    def __str__(self) -> str:
        return f"{self.value.normalize():f}{self.unit}"

    def __add__(self, extension: Limit) -> Limit:
        if extension.unit is not self.unit:
            raise UnitsDiffer(limit=str(self), extension=str(extension))
        return Limit(self.value + extension.value, self.unit)


def parse_limit(text: str) -> Limit:
    """The limit written as `text` in the list of items or by a person; raises InvalidLimit."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise InvalidLimit(text=text)
    return Limit(Decimal(found[1]), LimitUnit(found[2]))
