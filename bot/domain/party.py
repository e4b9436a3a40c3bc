"""Who calls and who is called: both ends of an assignment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class PartyKind(StrEnum):
    """What a party is."""

    STREET = "street"
    COMMUNITY = "community"
    DEPARTMENT = "department"
    UNIT = "unit"
    TEAM = "team"
    LEADER = "leader"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Party:
    """One end of an assignment; `code` is the list's code (`JL01`, `JL0103`, `D01`, `D34-JL03`, `hub`)."""

    kind: PartyKind
    code: str

    @override
    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"

    @classmethod
    def parse(cls, stored: str) -> Party:
        """The inverse of `str`."""
        kind, _, code = stored.partition(":")
        return cls(PartyKind(kind), code)


HUB = Party(PartyKind.HUB, "hub")
