"""Requests to return with their rulings, and questions to the street."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.returning import Ruling
from bot.domain.street_question import StreetQuestion
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of, values_of
from storage.tables.rulings import ruling, street_question

_RULINGS = select(*columns_of(ruling, Ruling)).order_by(ruling.c.id)
_OF_TICKET = _RULINGS.where(ruling.c.ticket_id == bindparam("ticket_id"))
_OF_ITEM = _RULINGS.where(ruling.c.item == bindparam("item"), ruling.c.decided_at >= bindparam("since"))
_SAVE = ruling.update().where(ruling.c.id == bindparam("b_id"))

_QUESTIONS = select(*columns_of(street_question, StreetQuestion)).order_by(street_question.c.id)
_QUESTION = _QUESTIONS.where(street_question.c.id == bindparam("id"))
_QUESTIONS_OF = _QUESTIONS.where(street_question.c.ticket_id == bindparam("ticket_id"))
_SAVE_QUESTION = street_question.update().where(street_question.c.id == bindparam("b_id"))


class SqlRulings:
    """`Rulings` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: Ruling) -> Ruling:
        added.id = await self._db.insert(ruling, values_of(added, "id"))
        return added

    async def of_ticket(self, ticket_id: int) -> Sequence[Ruling]:
        return [mapping.ruling(row) for row in await self._db.rows(_OF_TICKET, {"ticket_id": ticket_id})]

    async def of_item(self, item: str, *, since: datetime) -> Sequence[Ruling]:
        return [mapping.ruling(row) for row in await self._db.rows(_OF_ITEM, {"item": item, "since": since})]

    async def save(self, saved: Ruling) -> None:
        await self._db.execute(_SAVE, {**values_of(saved, "id"), "b_id": saved.id})


class SqlStreetQuestions:
    """`StreetQuestions` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, added: StreetQuestion) -> StreetQuestion:
        added.id = await self._db.insert(street_question, values_of(added, "id"))
        return added

    async def get(self, question_id: int) -> StreetQuestion | None:
        row = await self._db.first(_QUESTION, {"id": question_id})
        return None if row is None else mapping.street_question(row)

    async def of_ticket(self, ticket_id: int) -> Sequence[StreetQuestion]:
        return [mapping.street_question(row) for row in await self._db.rows(_QUESTIONS_OF, {"ticket_id": ticket_id})]

    async def save(self, saved: StreetQuestion) -> None:
        await self._db.execute(_SAVE_QUESTION, {**values_of(saved, "id"), "b_id": saved.id})
