"""People and their grants."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, func, select

from bot.domain.people import Grant, Person, Role
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.tables.people import person, role_grant

_COLUMNS = columns_of(person, Person)
_PEOPLE = select(*_COLUMNS)
_GET = _PEOPLE.where(person.c.id == bindparam("id"))
_BY_TELEGRAM = _PEOPLE.where(person.c.telegram_id == bindparam("telegram_id"))
_IN_PRIVATE = _PEOPLE.where(person.c.private_chat_id == bindparam("chat_id"))
_NAMED = _PEOPLE.where(
    (person.c.name == bindparam("name")) | (func.lower(person.c.username) == bindparam("username"))
).order_by(person.c.id)
_UPDATE = person.update().where(person.c.id == bindparam("b_id"))
_HELD = role_grant.c.ended_at.is_(None)
_IN_FORCE = _HELD & role_grant.c.rests_since.is_(None)
_HOLDING = (
    select(*_COLUMNS)
    .join(role_grant, role_grant.c.person_id == person.c.id)
    .where(role_grant.c.role == bindparam("role"), role_grant.c.of.in_(bindparam("codes", expanding=True)), _IN_FORCE)
    .group_by(*_COLUMNS)
    .order_by(func.min(role_grant.c.granted_at), person.c.id)
)
_OF_PERSON = select(role_grant.c.role, role_grant.c.of).where(role_grant.c.person_id == bindparam("person_id"), _HELD)
_GRANTS = _OF_PERSON.where(role_grant.c.rests_since.is_(None))
_RESTING_OF = _OF_PERSON.where(role_grant.c.rests_since.is_not(None))
_RESTING = (
    select(role_grant.c.role, role_grant.c.of, *_COLUMNS)
    .join(person, person.c.id == role_grant.c.person_id)
    .where(role_grant.c.of.in_(bindparam("codes", expanding=True)), _HELD, role_grant.c.rests_since.is_not(None))
    .order_by(role_grant.c.rests_since.desc(), person.c.id)
)


@cache
def _make(dialect: str) -> Insert:
    return upsert(dialect, person).on_conflict_do_nothing(index_elements=["telegram_id"])


@cache
def _grant(dialect: str) -> Insert:
    keys = [role_grant.c.person_id, role_grant.c.role, role_grant.c.of]
    made = upsert(dialect, role_grant)
    return made.on_conflict_do_update(index_elements=keys, index_where=_HELD, set_={"rests_since": None})


class SqlPeople:
    """`People` over SQL; saving writes only what changed since this unit of work read it."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._read: dict[int, dict[str, Any]] = {}

    async def get(self, person_id: int) -> Person | None:
        return self._known(await self._db.first(_GET, {"id": person_id}))

    async def by_telegram_id(self, telegram_id: int) -> Person | None:
        return self._known(await self._db.first(_BY_TELEGRAM, {"telegram_id": telegram_id}))

    async def ensure(self, telegram_id: int, *, name: str, username: str = "", known: Person | None = None) -> Person:
        found = known or await self.by_telegram_id(telegram_id)
        if found is None:
            await self._db.execute(_make(self._db.dialect), values_of(Person(0, telegram_id, name), "id"))
            found = await self.by_telegram_id(telegram_id)
        if found is None:
            raise LookupError(f"person {telegram_id} vanished")
        found.name, found.username = name or found.name, username or found.username
        await self.save(found)
        return found

    async def save(self, saved: Person) -> None:
        values = values_of(saved, "id")
        before = self._read.get(saved.id, {})
        changed = {name: value for name, value in values.items() if name not in before or before[name] != value}
        if changed:
            await self._db.execute(_UPDATE, {**changed, "b_id": saved.id})
            self._read[saved.id] = values

    async def grants(self, person_id: int) -> frozenset[Grant]:
        rows = await self._db.rows(_GRANTS, {"person_id": person_id})
        return frozenset(Grant(role, of) for role, of in rows)

    async def grant(self, person_id: int, grant: Grant, *, at: datetime, by: int | None) -> None:
        row = {"person_id": person_id, "role": grant.role, "of": grant.of, "granted_at": at, "granted_by": by}
        await self._db.execute(_grant(self._db.dialect), row)

    async def revoke(self, person_id: int, grant: Grant | None, *, at: datetime) -> int:
        ended = role_grant.update().where(role_grant.c.person_id == person_id, _HELD).values(ended_at=at)
        if grant is not None:
            ended = ended.where(role_grant.c.role == grant.role, role_grant.c.of == grant.of)
        return await self._db.count(ended)

    async def rest(self, person_id: int, grant: Grant, *, at: datetime) -> None:
        rests = role_grant.update().where(role_grant.c.person_id == person_id, _HELD).values(rests_since=at)
        await self._db.execute(rests.where(role_grant.c.role == grant.role, role_grant.c.of == grant.of))

    async def resting_of(self, person_id: int) -> frozenset[Grant]:
        rows = await self._db.rows(_RESTING_OF, {"person_id": person_id})
        return frozenset(Grant(role, of) for role, of in rows)

    async def resting(self, of: Collection[str]) -> Sequence[tuple[Person, Grant]]:
        found = []
        for role, code, *who in await self._db.rows(_RESTING, {"codes": list(of)}):
            found.append((self.remember(Person(*who)), Grant(role, code)))
        return found

    async def holding(self, role: Role, of: Collection[str]) -> Sequence[Person]:
        rows = await self._db.rows(_HOLDING, {"role": role, "codes": list(of)})
        return [self.remember(mapping.person(row)) for row in rows]

    async def named(self, word: str) -> Sequence[Person]:
        name = word.strip().lstrip("@")
        rows = await self._db.rows(_NAMED, {"name": name, "username": name.lower()})
        return [self.remember(mapping.person(row)) for row in rows]

    async def in_private_chat(self, chat_id: int) -> Person | None:
        return self._known(await self._db.first(_IN_PRIVATE, {"chat_id": chat_id}))

    def _known(self, row: Any) -> Person | None:
        return None if row is None else self.remember(mapping.person(row))

    def remember(self, read: Person) -> Person:
        """What saving compares with."""
        self._read[read.id] = values_of(read, "id")
        return read
