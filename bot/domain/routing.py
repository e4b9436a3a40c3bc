"""Item × place → unit (section 2 of the design): pure, over one version of the list."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue, FirstHandler, Item, Unit
from bot.domain.party import Party, PartyKind
from bot.domain.ticket import Level, Ticket


def unit_for(catalogue: Catalogue, department: str, street: str) -> Unit | None:
    """The office of that department in that street, else the department itself, else nobody."""
    units = [unit for unit in catalogue.units.values() if unit.department == department]
    local = [unit for unit in units if unit.street and unit.street == street]
    whole = [unit for unit in units if not unit.street]
    return next(iter(local or whole), None)


def codes_of(catalogue: Catalogue, name: str) -> frozenset[str]:
    """The codes of the department of that name and of all its offices."""
    department = catalogue.department_by_name.get(name)
    if department is None:
        return frozenset()
    return frozenset({department.code, *(u.code for u in catalogue.units.values() if u.department == department.code)})


def lead_unit(catalogue: Catalogue, item: Item, street: str) -> Unit | None:
    """Who answers for that item in that street."""
    department = catalogue.department_by_name.get(item.lead)
    return unit_for(catalogue, department.code, street) if department else None


def offices_of(catalogue: Catalogue, item: Item) -> list[Unit]:
    """The offices of the item's lead department, for who asks without saying in which street."""
    department = catalogue.department_by_name.get(item.lead)
    return [unit for unit in catalogue.units.values() if department and unit.department == department.code]


def caller_party(street: str, community: str, *, by_community: bool) -> Party:
    """Who calls: the street as a rule, the community where the chat is one's."""
    if by_community and community:
        return Party(PartyKind.COMMUNITY, community)
    return Party(PartyKind.STREET, street)


def calls_street(ticket: Ticket, items: frozenset[str]) -> bool:
    """Whether this is a community's matter for its own street first (社区呼叫): as the list of items says, never urgent."""
    return ticket.caller.kind is PartyKind.COMMUNITY and ticket.item in items and not ticket.emergency


def goes_direct(item: Item, *, direct_levels: frozenset[Level], emergency: bool) -> bool:
    """Whether the call goes straight to one unit: by level as configured, and always in an emergency."""
    return emergency or item.level in direct_levels


def keeps_first(item: Item) -> bool:
    """Whether `街道自办` is the first button: the list says street or community come first."""
    return item.first_handler in {FirstHandler.STREET, FirstHandler.COMMUNITY}


def covering_codes(catalogue: Catalogue, unit_code: str) -> frozenset[str]:
    """The unit's own code and its department's: roles and chats of either reach the assignment."""
    unit = catalogue.units.get(unit_code)
    return frozenset({unit_code, unit.department}) if unit else frozenset({unit_code})
