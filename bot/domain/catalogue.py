"""The official list (清单) and the map of the district: items, units, streets, communities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from bot.domain.errors import ItemUnknown, UnitUnknown
from bot.domain.party import Party, PartyKind
from bot.domain.ticket import Level, Sensitivity


class FirstHandler(StrEnum):
    """Who does it first, before anybody is called (分级)."""

    COMMUNITY = "community"
    STREET = "street"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the list; limits are as written there, e.g. `0.5紧急工作时`."""

    code: str
    domain: str
    name: str
    scope: str
    out_of_scope: str
    lead: str
    support: tuple[str, ...]
    street_duty: str
    first_handler: FirstHandler
    level: Level
    sign_limit: str
    handle_limit: str
    emergency: bool
    enforcement: bool
    sensitivity: Sensitivity
    resident_reportable: bool
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department with the names people use for it; `kind` is the list's word (部门, 国企, 派驻机构 …)."""

    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Who really answers: a department, or its office in one street (`street` empty: the whole district)."""

    code: str
    department: str
    street: str
    name: str
    duty_phone: str
    post: str

    @property
    def party(self) -> Party:
        """The unit as one end of an assignment."""
        return Party(PartyKind.DEPARTMENT if self.code == self.department else PartyKind.UNIT, self.code)


@dataclass(frozen=True, slots=True)
class Community:
    """A community and its street."""

    code: str
    name: str
    street: str
    grids: int


@dataclass(frozen=True, slots=True)
class Street:
    """A sub-district with its communities in the order of the list."""

    code: str
    name: str
    communities: tuple[Community, ...]


@dataclass(frozen=True)
class Catalogue:
    """One version of the list, complete; every reference in it was checked when it was imported."""

    version: int
    items: Mapping[str, Item]
    departments: Mapping[str, Department]
    units: Mapping[str, Unit]
    streets: Mapping[str, Street]
    name: str = field(default="")

    @cached_property
    def communities(self) -> Mapping[str, Community]:
        """Communities by code."""
        return {c.code: c for street in self.streets.values() for c in street.communities}

    @cached_property
    def department_by_name(self) -> Mapping[str, Department]:
        """Departments by full name, short name and alias."""
        return {n: d for d in self.departments.values() for n in (d.name, d.short_name, *d.aliases)}

    def item(self, code: str) -> Item:
        """The item; raises `ItemUnknown`."""
        try:
            return self.items[code]
        except KeyError:
            raise ItemUnknown(item=code) from None

    def unit(self, code: str) -> Unit:
        """The unit; raises `UnitUnknown`."""
        try:
            return self.units[code]
        except KeyError:
            raise UnitUnknown(unit=code) from None

    def party_name(self, code: str) -> str:
        """The name people use for a street, community, department or unit code; the code itself if unknown."""
        if code in self.streets:
            return self.streets[code].name
        if code in self.communities:
            return self.communities[code].name
        if code in self.units:
            unit = self.units[code]
            department = self.departments.get(code)
            return department.short_name if department else unit.name
        department = self.departments.get(code)
        return department.short_name if department else code
