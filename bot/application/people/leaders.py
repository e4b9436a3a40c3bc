"""The district leader of a street: who is told, asked and allowed to decide for it, and who acts for him (经办人)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.domain.leading import delegated_streets, streets_led
from bot.domain.people import Grant, Person, Role


async def leaders_of(uow: UnitOfWork, district: District, street: str) -> Sequence[Person]:
    """The district leaders of that street, those whom config names for it first."""
    held = await uow.people.holding(Role.DISTRICT_LEADER, {"hub", street})
    rules, streets = district.rules, district.catalogue.streets
    found = [person for person in held if street in streets_led(rules.leaders, person.name, streets)]
    named = {leader.name for leader in rules.leaders if leader.streets}
    return sorted(found, key=lambda person: person.name not in named)


async def delegates_of(uow: UnitOfWork, district: District, leader: Person) -> Sequence[Person]:
    """Those whom config lets act for that leader, as far as they have joined as delegates of the hub."""
    names = {name for each in district.rules.leaders if each.name == leader.name for name in each.delegates}
    return [person for person in await uow.people.holding(Role.DELEGATE, {"hub"}) if person.name in names]


def with_streets(district: District, person: Person, grants: frozenset[Grant]) -> frozenset[Grant]:
    """The grants of a district leader, or of who acts for one, with one for each street that it reaches."""
    streets, leaders = district.catalogue.streets, district.rules.leaders
    if Grant(Role.DISTRICT_LEADER, "hub") in grants:
        grants |= {Grant(Role.DISTRICT_LEADER, street) for street in streets_led(leaders, person.name, streets)}
    if Grant(Role.DELEGATE, "hub") in grants:
        grants |= {Grant(Role.DELEGATE, street) for street in delegated_streets(leaders, person.name, streets)}
    return grants
