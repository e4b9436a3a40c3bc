"""Reports that nobody has confirmed yet, and the messages they were made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, select

from bot.domain.draft import Draft, DraftState
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.repositories import versioned
from storage.tables.matters import draft, draft_message, ticket

_DRAFTS = select(*columns_of(draft, Draft))
_GET = _DRAFTS.where(draft.c.id == bindparam("id"))
_LOCK = _GET.with_for_update()
_SAVE = versioned.saving(draft)
_OPEN_OF = _DRAFTS.where(
    draft.c.author_id == bindparam("author_id"),
    draft.c.updated_at >= bindparam("since"),
    draft.c.state == DraftState.OPEN,
).order_by(draft.c.updated_at.desc(), draft.c.id.desc())
_BY_MESSAGE = _DRAFTS.join(draft_message, draft_message.c.draft_id == draft.c.id).where(
    draft_message.c.chat_id == bindparam("chat_id"), draft_message.c.message_id == bindparam("message_id")
)
_BY_ALBUM = (
    _DRAFTS.where(draft.c.chat_id == bindparam("chat_id"), draft.c.media_group == bindparam("media_group"))
    .order_by(draft.c.id.desc())
    .limit(1)
)
_ABOUT = (
    _DRAFTS.join(ticket, ticket.c.id == draft.c.ticket_id)
    .where(
        draft.c.author_id == bindparam("author_id"),
        (ticket.c.id == bindparam("ticket_id")) | (ticket.c.merged_into == bindparam("ticket_id")),
    )
    .order_by(draft.c.id.desc())
    .limit(1)
)


@cache
def _belongs(dialect: str) -> Insert:
    made = upsert(dialect, draft_message)
    return made.on_conflict_do_update(
        index_elements=["chat_id", "message_id"], set_={"draft_id": made.excluded.draft_id}
    )


class SqlDrafts:
    """`Drafts` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._messages: dict[int, set[int]] = {}

    async def add(self, added: Draft) -> Draft:
        added.id = await self._db.insert(draft, values_of(added, "id"))
        await self._write_messages(added)
        return added

    async def get(self, draft_id: int, *, for_update: bool = False) -> Draft | None:
        return self._known(await self._db.first(_LOCK if for_update else _GET, {"id": draft_id}))

    async def save(self, saved: Draft) -> None:
        await versioned.save(self._db, _SAVE, saved)
        await self._write_messages(saved)

    async def open_of(self, author_id: int, *, since: datetime) -> Sequence[Draft]:
        rows = await self._db.rows(_OPEN_OF, {"author_id": author_id, "since": since})
        return [self.remember(mapping.draft(row)) for row in rows]

    async def by_message(self, chat_id: int, message_id: int) -> Draft | None:
        return self._known(await self._db.first(_BY_MESSAGE, {"chat_id": chat_id, "message_id": message_id}))

    async def by_media_group(self, chat_id: int, media_group: str) -> Draft | None:
        return self._known(await self._db.first(_BY_ALBUM, {"chat_id": chat_id, "media_group": media_group}))

    async def words_about(self, ticket_id: int, author_id: int) -> Draft | None:
        return self._known(await self._db.first(_ABOUT, {"ticket_id": ticket_id, "author_id": author_id}))

    async def _write_messages(self, of: Draft) -> None:
        """Only the messages that were not there when it was read."""
        new = _messages_of(of) - self._messages.get(of.id, set())
        if new:
            rows = [{"chat_id": of.chat_id, "message_id": number, "draft_id": of.id} for number in sorted(new)]
            await self._db.execute(_belongs(self._db.dialect), rows if len(rows) > 1 else rows[0])
        self.remember(of)

    def _known(self, row: Any) -> Draft | None:
        return None if row is None else self.remember(mapping.draft(row))

    def remember(self, read: Draft) -> Draft:
        """What saving compares with."""
        self._messages[read.id] = _messages_of(read)
        return read


def _messages_of(of: Draft) -> set[int]:
    own = () if of.message_id is None else (of.message_id,)
    return {*own, *of.message_ids}
