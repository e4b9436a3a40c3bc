"""People and the roles they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the mechanism (glossary of the design)."""

    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    STREET_OFFICER = "street_officer"
    DISPATCHER = "dispatcher"
    LIAISON = "liaison"
    HANDLER = "handler"
    DEPARTMENT_LEADER = "department_leader"
    DISTRICT_LEADER = "district_leader"
    LIST_OFFICE = "list_office"
    DELEGATE = "delegate"


ANONYMOUS_ADMIN = 1087968824
TELEGRAM_SERVICE = 777000


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held for one party: `of` is a street, community, department, unit code or `hub`."""

    role: Role
    of: str


@dataclass(slots=True)
class Person:
    """Somebody who has written, pressed or joined; `reachable` says that he has written to the bot in private."""

    id: int
    telegram_id: int
    name: str
    locale: str = "zh"
    reachable: bool = False
    private_chat_id: int | None = None
    username: str = ""
    introduced: str | None = None
    """What he answered when he was asked who he is; empty: asked, None: never asked."""

    @property
    def known_as(self) -> str:
        """What cards call him."""
        return self.introduced or self.name


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with all that he may act as here: his grants, and the base role of the bound chat he acts in.

    `named`: what he may do as a delegate, by the party he acts for; a party that is not among them allows everything.
    """

    person: Person
    grants: frozenset[Grant] = frozenset()
    base: Grant | None = None
    named: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> int:
        """The person's id."""
        return self.person.id

    def all_grants(self) -> frozenset[Grant]:
        """Grants held by name, and the base role; somebody with neither is a resident."""
        held = self.grants | ({self.base} if self.base else frozenset())
        return held or frozenset({Grant(Role.RESIDENT, "")})

    def holds(self, role: Role, of: str | None = None) -> bool:
        """Whether the role is held (for that party, if one is named)."""
        return any(g.role is role and (of is None or g.of == of) for g in self.all_grants())
