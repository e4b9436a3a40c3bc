"""Emergencies and their log."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from bot.domain.situation import EntryKind, SituationState
from storage.columns import LONG_ID, Closed, JsonText, UtcDateTime, row_id
from storage.tables.base import metadata

situation = Table(
    "situation",
    metadata,
    row_id(),
    Column("state", Closed(SituationState), nullable=False),
    Column("title", Text, nullable=False),
    Column("streets", JsonText, nullable=False),
    Column("declared_by", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("declared_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_by", LONG_ID),
    Column("version", Integer, nullable=False),
)
_ACTIVE = situation.c.state == SituationState.ACTIVE
Index("ix_situation_active", situation.c.id, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)

situation_entry = Table(
    "situation_entry",
    metadata,
    row_id(),
    Column("situation_id", LONG_ID, ForeignKey("situation.id"), index=True),
    Column("kind", Closed(EntryKind), nullable=False),
    Column("party", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("by", LONG_ID, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
)
