"""The district leader of a street: who is told, asked and allowed to decide for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.domain.leading import streets_led
from bot.domain.people import Grant, Person, Role


async def leaders_of(uow: UnitOfWork, district: District, street: str) -> Sequence[Person]:
    """The district leaders of that street, those whom config names for it first."""
    held = await uow.people.holding(Role.DISTRICT_LEADER, {"hub", street})
    rules, streets = district.rules, district.catalogue.streets
    found = [person for person in held if street in streets_led(rules.leaders, person.name, streets)]
    named = {leader.name for leader in rules.leaders if leader.streets}
    return sorted(found, key=lambda person: person.name not in named)


def with_streets(district: District, person: Person, grants: frozenset[Grant]) -> frozenset[Grant]:
    """The grants of a district leader, with one for each street that he answers for."""
    if not any(grant.role is Role.DISTRICT_LEADER and grant.of == "hub" for grant in grants):
        return grants
    led = streets_led(district.rules.leaders, person.name, district.catalogue.streets)
    return grants | {Grant(Role.DISTRICT_LEADER, street) for street in led}
