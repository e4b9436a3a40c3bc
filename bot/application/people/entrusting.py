"""委托: a leader names who may do which of his acts (代), sees what he has given, and takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.application.district import District
from bot.application.people.leaders import with_streets
from bot.application.ports import UnitOfWork
from bot.domain.delegating import actions_of
from bot.domain.errors import DelegationNotRead
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.permissions import Action, Target, require

LEADING = frozenset({Role.DEPARTMENT_LEADER, Role.DISTRICT_LEADER, Role.STREET_OFFICER})


async def entrust(
    uow: UnitOfWork, district: District, actor: Actor, to: Person, words: frozenset[str], *, now: datetime
) -> None:
    """`委托 @某人 启动 派单`: from now on these acts, and no others, for every party that the actor leads.

    Raises `NotPermitted` for somebody who leads nothing.
    """
    parties = led_by(actor)
    _require(actor, parties)
    if to.id == actor.id:
        raise DelegationNotRead()
    held = with_streets(district, to, await uow.people.grants(to.id))
    for of in parties:
        if Grant(Role.DELEGATE, of) not in held:
            await uow.people.grant(to.id, Grant(Role.DELEGATE, of), at=now, by=actor.id)
        value = {"words": sorted(words), "by": actor.id, "at": now.isoformat()}
        await uow.settings.put(_key(to.id, of), value)


async def take_back_trust(uow: UnitOfWork, actor: Actor, of_whom: Person, *, now: datetime) -> None:
    """`取消委托 @某人`: nothing more for the actor's parties, also where config names him."""
    parties = led_by(actor)
    _require(actor, parties)
    for of in parties:
        await uow.people.revoke(of_whom.id, Grant(Role.DELEGATE, of), at=now)
        await uow.settings.put(_key(of_whom.id, of), {"words": [], "by": actor.id, "at": now.isoformat()})


async def entrusted_by(uow: UnitOfWork, district: District, actor: Actor) -> list[tuple[Person, frozenset[str]]]:
    """Who may act for the actor, and by which words."""
    parties = led_by(actor)
    _require(actor, parties)
    found: dict[int, tuple[Person, frozenset[str]]] = {}
    for person in await uow.people.holding(Role.DELEGATE, {*parties, "hub"}):
        held = with_streets(district, person, await uow.people.grants(person.id))
        own = [of for of in parties if Grant(Role.DELEGATE, of) in held]
        words = frozenset[str]().union(*[await words_for(uow, district, person, of) for of in own])
        if words:
            found[person.id] = (person, words)
    return list(found.values())


async def words_for(uow: UnitOfWork, district: District, person: Person, of: str) -> frozenset[str]:
    """What that delegate may do for that party: his leader's own word, else config's."""
    stored = await uow.settings.get(_key(person.id, of))
    if isinstance(stored, dict):
        return frozenset(str(word) for word in stored["words"])
    for leader in district.rules.leaders:
        if person.name in leader.delegates_may and (not leader.streets or of in leader.streets):
            return leader.delegates_may[person.name]
    return district.rules.delegate_acts


async def named_acts(
    uow: UnitOfWork, district: District, person: Person, grants: Iterable[Grant]
) -> Mapping[str, frozenset[str]]:
    """For permissions: the actions that this person may do as a delegate, by party."""
    parties = {grant.of for grant in grants if grant.role is Role.DELEGATE}
    return {of: actions_of(await words_for(uow, district, person, of)) for of in sorted(parties)}


def led_by(actor: Actor) -> list[str]:
    """The parties whose acts are the actor's to give."""
    return sorted({grant.of for grant in actor.grants if grant.role in LEADING and grant.of != "hub"})


def _require(actor: Actor, parties: Iterable[str]) -> None:
    codes = frozenset(parties)
    require(actor, Action.ENTRUST, Target(streets=codes, units=codes))


def _key(person_id: int, of: str) -> str:
    return f"entrusted:{person_id}:{of}"


async def starts_for(uow: UnitOfWork, district: District, person: Person, grant: Grant) -> bool:
    """Whether that grant makes him start a street's calls in the officer's place."""
    if grant.role is not Role.DELEGATE or grant.of not in district.catalogue.streets:
        return False
    return "启动" in await words_for(uow, district, person, grant.of)
