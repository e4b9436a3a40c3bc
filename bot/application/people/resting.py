"""A liaison who has left his unit's only group: his role rests until he is back, or until the hub takes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.people.liaison_left import liaison_came
from bot.application.ports import UnitOfWork
from bot.application.records import Subject, SubjectKind
from bot.application.telling import unit_chats
from bot.domain import routing
from bot.domain.chat import Chat
from bot.domain.errors import ButtonStale
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.permissions import Action, Target, require


async def rest_roles(
    uow: UnitOfWork, district: District, person_id: int, held: Iterable[Grant], chat: Chat, *, now: datetime
) -> list[Grant]:
    """Of what he held for that group's party, the roles of a liaison that have no other group; they rest from now on."""
    resting = []
    for grant in held:
        if grant.role is not Role.LIAISON:
            continue
        if all(other.id == chat.id for other in await unit_chats(uow, district, grant.of)):
            await uow.people.rest(person_id, grant, at=now)
            resting.append(grant)
    return resting


async def wake_roles(
    uow: UnitOfWork, district: District, person_id: int, resting: Iterable[Grant], chat: Chat, *, now: datetime
) -> frozenset[Grant]:
    """He is in the group again: what rested for it does not any more."""
    back = []
    for grant in resting:
        if any(own.id == chat.id for own in await unit_chats(uow, district, grant.of)):
            await uow.people.grant(person_id, grant, at=now, by=None)
            await liaison_came(uow, district, grant.of, now=now)
            back.append(grant)
    return frozenset(back)


async def resting_for(uow: UnitOfWork, district: District, of: str) -> Collection[tuple[Person, Grant]]:
    """Whose roles rest that were held for that unit or its department."""
    return await uow.people.resting(routing.covering_codes(district.catalogue, of))


async def take_resting_role(
    uow: UnitOfWork, district: District, actor: Actor, task_id: int, person_id: int, *, now: datetime
) -> Person:
    """`收回身份` on the card that says that a unit has no liaison: who left does not get it back by coming back."""
    task = await uow.hub_tasks.get(task_id, for_update=True)
    if task is None or task.kind is not HubTaskKind.UNIT_ALONE:
        raise ButtonStale()
    require(actor, Action.REVOKE, Target(units=routing.covering_codes(district.catalogue, task.about)))
    mine = [each for each in await resting_for(uow, district, task.about) if each[0].id == person_id]
    if not mine:
        raise ButtonStale()
    for _, grant in mine:
        await uow.people.revoke(person_id, grant, at=now)
    await uow.cards.want_all(Subject(SubjectKind.HUB_TASK, task_id))
    return mine[0][0]
