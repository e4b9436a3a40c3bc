"""A unit without a liaison is told to the hub the same minute, however he went: out of the group or out of the role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.telling import tell_hub
from bot.domain import routing
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
        key = f"liaison:{person_id}:{grant.of}:{now:%Y%m%d%H%M}"
        params = {"name": district.catalogue.party_name(grant.of)}
        await tell_hub(uow, district, "last-liaison-left", params, now=now, dedupe_key=key)
