"""What comes in (inbox, lanes) and what goes out (cards, outbox, tokens, known bot messages)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from bot.application.records import Face, OutboxStatus
from bot.domain.permissions import Action
from storage.columns import LONG_ID, Closed, JsonText, UtcDateTime, row_id, subject_columns
from storage.tables.base import metadata

OPEN, DONE, DEAD = 0, 1, 2
"""Where an inbox row stands."""

lane = Table(
    "lane",
    metadata,
    row_id(),
    Column("bot_id", BigInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("fence", BigInteger, nullable=False, default=0),
    Column("leased_by", Text),
    Column("leased_until", Double, nullable=False, default=0.0),
    Column("hold_until", Double, nullable=False, default=0.0),
    Column("claimed_at", Double, nullable=False, default=0.0),
    # The key first: searching by bot alone would find every lane there is.
    UniqueConstraint("key", "bot_id"),
)

inbox = Table(
    "inbox",
    metadata,
    row_id(),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("lane_id", LONG_ID, ForeignKey("lane.id"), nullable=False),
    Column("payload", Text, nullable=False),
    Column("status", Integer, nullable=False, default=OPEN),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("received_at", Double, nullable=False),
    UniqueConstraint("bot_id", "update_id"),
)
_WAITING = inbox.c.status == OPEN
Index("ix_inbox_open", inbox.c.lane_id, inbox.c.update_id, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("ix_inbox_received", inbox.c.received_at)

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    Column("kind", Text, nullable=False),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("params", JsonText, nullable=False),
    Column("buttons", JsonText, nullable=False),
    *subject_columns(nullable=True),
    Column("reply_to", LONG_ID),
    Column("silent", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("dedupe_key", Text),
    Column("locale", Text, nullable=False),
    Column("attachment_hashes", JsonText, nullable=False),
    Column("not_before", UtcDateTime),
    Column("status", Closed(OutboxStatus), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("available_at", Double, nullable=False),
    Column("sent_text", Text, nullable=False),
    Column("message_id", LONG_ID),
    Column("last_error", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("claimed_by", Text),
    UniqueConstraint("dedupe_key"),
)
_QUEUED = outbox.c.status == OutboxStatus.QUEUED
Index(
    "ix_outbox_queued", outbox.c.chat_id, outbox.c.priority, outbox.c.id, sqlite_where=_QUEUED, postgresql_where=_QUEUED
)

card = Table(
    "card",
    metadata,
    row_id(),
    *subject_columns(),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("face", Closed(Face), nullable=False),
    Column("wanted_rev", Integer, nullable=False),
    Column("shown_rev", Integer, nullable=False),
    Column("shown_hash", Text, nullable=False),
    Column("message_id", LONG_ID),
    Column("reply_to", LONG_ID),
    Column("silent", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("next_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("shown_text", Text, nullable=False),
    Column("photos_sent", Boolean, nullable=False),
    Column("created_at", UtcDateTime),
    Column("retired", Boolean, nullable=False),
    Column("claimed_by", Text),
    UniqueConstraint("subject_kind", "subject_id", "chat_id", "face"),
)
_BEHIND = card.c.wanted_rev > card.c.shown_rev
# Begins with the chat, as the search for the first of each chat does: any other index would be scanned whole.
Index("ix_card_behind", card.c.chat_id, card.c.priority, card.c.id, sqlite_where=_BEHIND, postgresql_where=_BEHIND)

token = Table(
    "token",
    metadata,
    Column("token", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("action", Closed(Action), nullable=False),
    *subject_columns(),
    Column("arg", Text, nullable=False),
    Column("chat_id", LONG_ID, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("round", Integer, nullable=False),
    UniqueConstraint("owner", "action", "subject_kind", "subject_id", "arg", "round"),
)

bot_message = Table(
    "bot_message",
    metadata,
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("message_id", LONG_ID, nullable=False),
    *subject_columns(),
    PrimaryKeyConstraint("chat_id", "message_id"),
)
