"""Chats, their alias ids and bindings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, case, func, select

from bot.domain.chat import GROUP_KINDS, Chat, ChatKind
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.repositories.merge_chats import forget_message_ids, merge
from storage.tables.people import chat, chat_alias

_CHATS = select(*columns_of(chat, Chat))
_GET = _CHATS.where(chat.c.id == bindparam("id"))
_OF_IDS = _CHATS.where(chat.c.id.in_(bindparam("ids", expanding=True)))
_BY_TELEGRAM = _CHATS.join(chat_alias, chat_alias.c.chat_id == chat.c.id).where(
    chat_alias.c.telegram_id == bindparam("telegram_id")
)
_BOUND = _CHATS.where(chat.c.kind.in_(GROUP_KINDS)).order_by(chat.c.binding, chat.c.id)
_BOUND_TO = _BOUND.where(
    chat.c.kind.in_(bindparam("kinds", expanding=True)), chat.c.of.in_(bindparam("codes", expanding=True))
)
_UPDATE = chat.update().where(chat.c.id == bindparam("b_id"))
_REBIND = _UPDATE.values(
    binding=case(
        (
            (chat.c.kind == bindparam("b_kind", type_=chat.c.kind.type)) & (chat.c.of == bindparam("b_of")),
            chat.c.binding,
        ),
        else_=select(func.coalesce(func.max(chat.c.binding), 0) + 1).scalar_subquery(),
    )
)


@cache
def _make(dialect: str) -> Insert:
    return upsert(dialect, chat).on_conflict_do_nothing(index_elements=["telegram_id"])


@cache
def _alias(dialect: str) -> Insert:
    made = upsert(dialect, chat_alias)
    return made.on_conflict_do_update(index_elements=["telegram_id"], set_={"chat_id": made.excluded.chat_id})


class SqlChats:
    """`Chats` over SQL; saving writes only what changed since this unit of work read it."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._read: dict[int, dict[str, Any]] = {}

    async def get(self, chat_id: int) -> Chat | None:
        return self._known(await self._db.first(_GET, {"id": chat_id}))

    async def of_ids(self, chat_ids: Collection[int]) -> Mapping[int, Chat]:
        rows = await self._db.rows(_OF_IDS, {"ids": sorted(chat_ids)})
        return {row.id: self.remember(mapping.chat(row)) for row in rows}

    async def by_telegram_id(self, telegram_id: int) -> Chat | None:
        return self._known(await self._db.first(_BY_TELEGRAM, {"telegram_id": telegram_id}))

    async def ensure(self, telegram_id: int, *, title: str, private: bool, known: Chat | None = None) -> Chat:
        found = known or await self.by_telegram_id(telegram_id)
        if found is None:
            found = await self._add(telegram_id, title, ChatKind.PRIVATE if private else ChatKind.UNBOUND)
        if title and found.title != title:
            found.title = title
            await self.save(found)
        return found

    async def _add(self, telegram_id: int, title: str, kind: ChatKind) -> Chat:
        values = values_of(Chat(0, telegram_id, kind, title=title), "id")
        await self._db.execute(_make(self._db.dialect), values)
        made = await self._db.value(select(chat.c.id).where(chat.c.telegram_id == telegram_id))
        await self._db.execute(_alias(self._db.dialect), {"telegram_id": telegram_id, "chat_id": made})
        added = await self.get(made)
        if added is None:
            raise LookupError(f"chat {made} vanished")
        return added

    async def save(self, saved: Chat) -> None:
        values = values_of(saved, "id")
        before = self._read.get(saved.id, {})
        changed = {name: value for name, value in values.items() if name not in before or before[name] != value}
        if not changed:
            return
        if "kind" in changed or "of" in changed:
            await self._db.execute(_REBIND, {**values, "b_id": saved.id, "b_kind": saved.kind, "b_of": saved.of})
        else:
            await self._db.execute(_UPDATE, {**changed, "b_id": saved.id})
        self.remember(saved)

    async def migrate(self, old_telegram_id: int, new_telegram_id: int) -> Chat:
        kept = await self.ensure(old_telegram_id, title="", private=False)
        if kept.telegram_id != new_telegram_id:
            await forget_message_ids(self._db, kept.id)
        other = await self.by_telegram_id(new_telegram_id)
        if other is not None and other.id != kept.id:
            await merge(self._db, kept.id, other.id)
        await self._db.execute(_alias(self._db.dialect), {"telegram_id": new_telegram_id, "chat_id": kept.id})
        kept.telegram_id = new_telegram_id
        await self.save(kept)
        return kept

    async def bound(self, kinds: Collection[ChatKind], of: Collection[str]) -> Sequence[Chat]:
        rows = await self._db.rows(_BOUND_TO, {"kinds": list(kinds), "codes": list(of)})
        return [self.remember(mapping.chat(row)) for row in rows]

    async def all_bound(self) -> Sequence[Chat]:
        return [self.remember(mapping.chat(row)) for row in await self._db.rows(_BOUND)]

    def _known(self, row: Any) -> Chat | None:
        return None if row is None else self.remember(mapping.chat(row))

    def remember(self, read: Chat) -> Chat:
        """What saving compares with."""
        self._read[read.id] = {**values_of(read, "id"), "mistakes": list(read.mistakes)}
        return read
