"""Two rows that turned out to be one chat: a group wrote under its new id before the migration was heard of."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, select

from storage.connection import Db
from storage.tables.matters import draft, draft_message, ticket
from storage.tables.messages import OPEN, bot_message, card, inbox, lane, outbox, token
from storage.tables.people import chat, chat_alias, person, question

_PLAIN = (draft, draft_message, outbox, bot_message, token, chat_alias)


def lane_key(chat_id: int) -> str:
    """The lane of a chat, whatever Telegram calls it."""
    return f"chat:{chat_id}"


async def merge(db: Db, kept: int, gone: int) -> None:
    """Everything of the chat `gone` belongs to `kept` from now on; the row `gone` is removed."""
    for table in _PLAIN:
        await db.execute(table.update().where(table.c.chat_id == gone).values(chat_id=kept))
    await db.execute(card.update().where(card.c.chat_id == gone, ~_same_card(kept)).values(chat_id=kept))
    await db.execute(card.delete().where(card.c.chat_id == gone))
    await db.execute(question.delete().where(question.c.chat_id == gone))
    await db.execute(ticket.update().where(ticket.c.origin_chat_id == gone).values(origin_chat_id=kept))
    await db.execute(person.update().where(person.c.private_chat_id == gone).values(private_chat_id=kept))
    await _merge_lanes(db, kept, gone)
    await db.execute(chat.delete().where(chat.c.id == gone))


async def forget_message_ids(db: Db, chat_id: int) -> None:
    """After a migration Telegram counts a chat's messages anew: an old number would name somebody else's message."""
    await db.execute(
        card.update().where(card.c.chat_id == chat_id).values(message_id=None, reply_to=None, shown_hash="")
    )
    await db.execute(outbox.update().where(outbox.c.chat_id == chat_id).values(reply_to=None))
    await db.execute(bot_message.delete().where(bot_message.c.chat_id == chat_id))
    await db.execute(draft_message.delete().where(draft_message.c.chat_id == chat_id))
    await db.execute(ticket.update().where(ticket.c.origin_chat_id == chat_id).values(origin_message_id=None))


def _same_card(kept: int) -> ColumnElement[bool]:
    other = card.alias()
    same = and_(
        other.c.chat_id == kept,
        other.c.subject_kind == card.c.subject_kind,
        other.c.subject_id == card.c.subject_id,
        other.c.face == card.c.face,
    )
    return exists(select(other.c.id).where(same))


async def _merge_lanes(db: Db, kept: int, gone: int) -> None:
    """Rows that wait move to the lane that stays; who works on one of them now loses the race at its fence."""
    for old in await db.rows(select(lane.c.id, lane.c.bot_id).where(lane.c.key == lane_key(gone))):
        await db.execute(lane.update().where(lane.c.id == old.id).values(fence=lane.c.fence + 1, leased_until=0.0))
        staying = select(lane.c.id).where(lane.c.bot_id == old.bot_id, lane.c.key == lane_key(kept))
        found = await db.value(staying)
        if found is None:
            await db.execute(lane.update().where(lane.c.id == old.id).values(key=lane_key(kept)))
            continue
        waiting = inbox.update().where(inbox.c.lane_id == old.id, inbox.c.status == OPEN)
        await db.execute(waiting.values(lane_id=found))
