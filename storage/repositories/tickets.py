"""Tickets, their followers and codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, case, func, or_, select

from bot.application.records import Figures
from bot.domain.assignment import OPEN_STATES
from bot.domain.people import Person
from bot.domain.ticket import Ending, Mode, Sensitivity, Ticket
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.matters import assignment, follower, ticket, ticket_counter
from storage.tables.people import person

AT_MOST = 200
_TICKETS = select(*columns_of(ticket, Ticket))
_GET = _TICKETS.where(ticket.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_BY_CODE = _TICKETS.where(ticket.c.code == bindparam("code"))
_SAVE = versioned.saving(ticket)
_NEWEST = (ticket.c.created_at.desc(), ticket.c.id.desc())
_UNENDED = ticket.c.ending.is_(None)
_FOLLOWERS = (
    select(*columns_of(person, Person))
    .join(follower, follower.c.person_id == person.c.id)
    .where(follower.c.ticket_id == bindparam("ticket_id"))
    .order_by(follower.c.at, person.c.id)
)
_JOINED = _FOLLOWERS.where(follower.c.joined)
_NOW_JOINED = (
    follower.update()
    .where(follower.c.ticket_id == bindparam("b_ticket"), follower.c.person_id == bindparam("b_person"))
    .values(joined=True)
)
_FOLLOWED = select(follower.c.ticket_id).where(follower.c.person_id == bindparam("person_id"))
_OF_PERSON = (
    _TICKETS.where(or_(ticket.c.reporter_id == bindparam("person_id"), ticket.c.id.in_(_FOLLOWED)))
    .order_by(*_NEWEST)
    .limit(bindparam("at_most"))
)
_AWAITING = _TICKETS.where(_UNENDED, ticket.c.street == bindparam("street"), ticket.c.start_awaited).order_by(
    ticket.c.created_at, ticket.c.id
)
_SIMILAR = _TICKETS.where(
    _UNENDED,
    ticket.c.item == bindparam("item"),
    ticket.c.street == bindparam("street"),
    ticket.c.created_at >= bindparam("since"),
).order_by(*_NEWEST)


@cache
def _count(dialect: str) -> Insert:
    made = upsert(dialect, ticket_counter)
    counting = made.on_conflict_do_update(index_elements=["prefix", "day"], set_={"last": ticket_counter.c.last + 1})
    return counting.returning(ticket_counter.c.last)


@cache
def _follow(dialect: str) -> Insert:
    return upsert(dialect, follower).on_conflict_do_nothing(index_elements=["ticket_id", "person_id"])


class SqlTickets:
    """`Tickets` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Ticket, *, day: date, prefix: str) -> Ticket:
        number = await self._db.value(_count(self._db.dialect), {"prefix": prefix, "day": day, "last": 1})
        added.code = f"{prefix}-{day:%Y%m%d}-{number:04d}"
        added.id = await self._db.insert(ticket, values_of(added, "id"))
        return added

    async def get(self, ticket_id: int, *, for_update: bool = False) -> Ticket | None:
        return _one(await self._db.first(_LOCK if for_update else _GET, {"id": ticket_id}))

    async def of_ids(self, ticket_ids: Collection[int]) -> Mapping[int, Ticket]:
        found = await self._db.rows(_TICKETS.where(ticket.c.id.in_(ticket_ids)))
        return {row.id: mapping.ticket(row) for row in found}

    async def by_code(self, code: str) -> Ticket | None:
        return _one(await self._db.first(_BY_CODE, {"code": code}))

    async def by_short_code(self, digits: str, *, since: datetime) -> Sequence[Ticket]:
        ending = ticket.c.code.endswith(digits, autoescape=True)
        return await self._all(_TICKETS.where(ending, ticket.c.created_at >= since).order_by(*_NEWEST))

    async def save(self, saved: Ticket) -> None:
        await versioned.save(self._db, _SAVE, saved)

    async def followers(self, ticket_id: int) -> Sequence[Person]:
        return [mapping.person(row) for row in await self._db.rows(_FOLLOWERS, {"ticket_id": ticket_id})]

    async def unfollow(self, ticket_id: int, person_id: int) -> None:
        row = (follower.c.ticket_id == ticket_id) & (follower.c.person_id == person_id)
        await self._db.execute(follower.delete().where(row))

    async def follow(self, ticket_id: int, person_id: int, *, at: datetime, joined: bool = False) -> bool:
        row = {"ticket_id": ticket_id, "person_id": person_id, "at": at, "joined": joined}
        is_new = await self._db.count(_follow(self._db.dialect), row) == 1
        if joined and not is_new:
            await self._db.execute(_NOW_JOINED, {"b_ticket": ticket_id, "b_person": person_id})
        return is_new

    async def joined(self, ticket_id: int) -> Sequence[Person]:
        return [mapping.person(row) for row in await self._db.rows(_JOINED, {"ticket_id": ticket_id})]

    async def joined_counts(self, ticket_ids: Collection[int]) -> Mapping[int, int]:
        if not ticket_ids:
            return {}
        counted = select(follower.c.ticket_id, func.count()).where(
            follower.c.ticket_id.in_(ticket_ids), follower.c.joined
        )
        return {row[0]: row[1] for row in await self._db.rows(counted.group_by(follower.c.ticket_id))}

    async def of_person(self, person_id: int, *, limit: int) -> Sequence[Ticket]:
        return await self._all(_OF_PERSON, {"person_id": person_id, "at_most": limit})

    async def open_in(self, *, streets: Collection[str] = (), units: Collection[str] = ()) -> Sequence[Ticket]:
        assigned = select(assignment.c.ticket_id).where(
            assignment.c.assignee_code.in_(units),
            assignment.c.state.in_(OPEN_STATES),
            assignment.c.ended_at.is_(None),
        )
        here = or_(ticket.c.street.in_(streets), ticket.c.community.in_(streets), ticket.c.id.in_(assigned))
        found = _TICKETS.where(_UNENDED, here).order_by(ticket.c.created_at, ticket.c.id).limit(AT_MOST)
        return await self._all(found)

    async def awaiting_start(self, street: str) -> Sequence[Ticket]:
        return await self._all(_AWAITING, {"street": street})

    async def reports_of(self, item: str, street: str, *, since: datetime) -> int:
        which = ticket.c.item == item, ticket.c.street == street, ticket.c.created_at >= since
        born = await self._db.value(select(func.count()).select_from(ticket).where(*which))
        joined = select(func.count()).select_from(follower).join(ticket, ticket.c.id == follower.c.ticket_id)
        return int(born or 0) + int(await self._db.value(joined.where(*which, follower.c.joined)) or 0)

    async def similar(self, item: str, street: str, *, since: datetime) -> Sequence[Ticket]:
        return await self._all(_SIMILAR, {"item": item, "street": street, "since": since})

    async def figures(
        self, *, streets: Collection[str] = (), units: Collection[str] = (), since: datetime, now: datetime
    ) -> Figures:
        here = ticket.c.street.in_(streets) | assignment.c.assignee_code.in_(units)
        shown = ticket.c.sensitivity != Sensitivity.SENSITIVE
        own = ticket.c.mode == Mode.SELF
        begun, filed = ticket.c.created_at >= since, (ticket.c.ending == Ending.CLOSED) & (ticket.c.ended_at >= since)
        late = ticket.c.ending.is_(None) & assignment.c.state.in_(OPEN_STATES) & (assignment.c.due_at < now)
        counted = [func.count(case((condition, ticket.c.id)).distinct()) for condition in (begun & own, begun & ~own)]
        counted += [func.count(case((condition, ticket.c.id)).distinct()) for condition in (filed, late)]
        joined = ticket.outerjoin(assignment, assignment.c.ticket_id == ticket.c.id)
        recent = begun | filed | late
        row = await self._db.first(select(*counted).select_from(joined).where(here, shown, recent))
        return Figures(*row) if row is not None else Figures(0, 0, 0, 0)

    async def listed(
        self, *, limit: int, before: datetime | None = None, after: datetime | None = None
    ) -> Sequence[Ticket]:
        found = _TICKETS.order_by(ticket.c.created_at, ticket.c.id).limit(limit)
        if before is not None:
            found = found.where(ticket.c.created_at < before)
        if after is not None:
            found = found.where(ticket.c.created_at >= after)
        return await self._all(found)

    async def _all(self, statement: Any, parameters: dict[str, Any] | None = None) -> list[Ticket]:
        return [mapping.ticket(row) for row in await self._db.rows(statement, parameters)]


def _one(row: Any) -> Ticket | None:
    return None if row is None else mapping.ticket(row)
