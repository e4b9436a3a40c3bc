"""A unit without a liaison is told to the hub the same minute, however he went: out of the group or out of the role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.hub_tasks import owe, settle_owed
from bot.application.ports import UnitOfWork
from bot.domain import routing
from bot.domain.hub_task import HubTaskKind
from bot.domain.people import Grant, Role


async def liaison_left(
    uow: UnitOfWork, district: District, person_id: int, grants: Iterable[Grant], *, now: datetime
) -> None:
    """`grants` are what that person held there; whoever else covers the unit or its department is enough."""
    for grant in grants:
        if grant.role is not Role.LIAISON:
            continue
        codes = routing.covering_codes(district.catalogue, grant.of)
        if any(person.id != person_id for person in await uow.people.holding(Role.LIAISON, codes)):
            continue
        await owe(uow, district, HubTaskKind.UNIT_ALONE, grant.of, district.catalogue.party_name(grant.of), now=now)


async def liaison_came(uow: UnitOfWork, district: District, of: str, *, now: datetime) -> None:
    """Somebody answers for that unit or department again: the hub need not look for one."""
    units = {unit.code for unit in district.catalogue.units.values() if unit.department == of}
    for code in {of} | units:
        await settle_owed(uow, HubTaskKind.UNIT_ALONE, code, now=now)
