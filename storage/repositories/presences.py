"""Who is where: chat, person, grants and open question in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import bindparam, literal, select

from bot.application.records import DraftPresence, OpenQuestion, Presence
from bot.domain.chat import Chat
from bot.domain.draft import Draft
from bot.domain.people import Grant, Person
from storage import mapping
from storage.connection import Db
from storage.mapping import columns_of
from storage.repositories.chats import SqlChats
from storage.repositories.drafts import SqlDrafts
from storage.repositories.people import SqlPeople
from storage.tables.matters import draft
from storage.tables.people import chat, chat_alias, person, question, role_grant

_CHAT, _PERSON = columns_of(chat, Chat), columns_of(person, Person)
_QUESTION = columns_of(question, OpenQuestion)
_CHAT_ENDS = len(_CHAT)
_PERSON_ENDS = _CHAT_ENDS + len(_PERSON)
_QUESTION_ENDS = _PERSON_ENDS + len(_QUESTION)
_ALWAYS = select(literal(1).label("one")).subquery()
_HELD = (role_grant.c.person_id == person.c.id) & role_grant.c.ended_at.is_(None)
_CHAT_ID = select(chat_alias.c.chat_id).where(chat_alias.c.telegram_id == bindparam("chat_telegram_id"))
# One row for each grant, and one where there is none.
_GRANT = (role_grant.c.role, role_grant.c.of, role_grant.c.rests_since)
_PRESENT = select(*_CHAT, *_PERSON, *_QUESTION, *_GRANT).select_from(
    _ALWAYS.outerjoin(chat, chat.c.id == _CHAT_ID.scalar_subquery())
    .outerjoin(person, person.c.telegram_id == bindparam("person_telegram_id"))
    .outerjoin(
        question,
        (question.c.person_id == person.c.id)
        & (question.c.chat_id == chat.c.id)
        & (question.c.expires_at > bindparam("now")),
    )
    .outerjoin(role_grant, _HELD)
)
_DRAFT = columns_of(draft, Draft)
_DRAFT_STARTS = _PERSON_ENDS
_DRAFT_ENDS = _DRAFT_STARTS + len(_DRAFT)
_AT_DRAFT = (
    select(*_CHAT, *_PERSON, *_DRAFT, *_GRANT)
    .select_from(
        draft.outerjoin(chat, chat.c.id == bindparam("card_chat_id"))
        .outerjoin(person, person.c.id == draft.c.author_id)
        .outerjoin(role_grant, _HELD)
    )
    .where(draft.c.id == bindparam("draft_id"))
)

_Met: TypeAlias = tuple[Chat | None, Person | None, frozenset[Grant], frozenset[Grant]]
"""A chat, a person, what he may do, and which of his roles rest."""


class SqlPresences:
    """`Presences` over SQL; what it reads can be saved by the repositories of chats, people and drafts."""

    def __init__(self, db: Db, chats: SqlChats, people: SqlPeople, drafts: SqlDrafts) -> None:
        self._db = db
        self._chats = chats
        self._people = people
        self._drafts = drafts

    async def of(self, chat_telegram_id: int, person_telegram_id: int, *, now: datetime) -> Presence:
        which = {"chat_telegram_id": chat_telegram_id, "person_telegram_id": person_telegram_id, "now": now}
        rows = [tuple(row) for row in await self._db.rows(_PRESENT, which)]
        asked = rows[0][_PERSON_ENDS:_QUESTION_ENDS]
        there, who, grants, resting = self._met(rows)
        return Presence(there, who, grants, None if asked[0] is None else mapping.question(asked), resting)

    async def at_draft(self, draft_id: int, chat_id: int) -> DraftPresence | None:
        found = await self._db.rows(_AT_DRAFT, {"draft_id": draft_id, "card_chat_id": chat_id})
        rows = [tuple(row) for row in found]
        if not rows:
            return None
        there, author, grants, _ = self._met(rows)
        read = self._drafts.remember(Draft(*rows[0][_DRAFT_STARTS:_DRAFT_ENDS]))
        return DraftPresence(read, author, grants, there)

    def _met(self, rows: Sequence[tuple[Any, ...]]) -> _Met:
        there, who = rows[0][:_CHAT_ENDS], rows[0][_CHAT_ENDS:_PERSON_ENDS]
        return (
            None if there[0] is None else self._chats.remember(Chat(*there)),
            None if who[0] is None else self._people.remember(Person(*who)),
            frozenset(Grant(role, of) for *_, role, of, rests in rows if role is not None and rests is None),
            frozenset(Grant(role, of) for *_, role, of, rests in rows if role is not None and rests is not None),
        )
