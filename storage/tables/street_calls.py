"""What departments ask of streets."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text

from bot.domain.street_call import StreetCallState
from storage.columns import LONG_ID, Closed, JsonText, UtcDateTime, row_id
from storage.tables.base import metadata

street_call = Table(
    "street_call",
    metadata,
    row_id(),
    Column("state", Closed(StreetCallState), nullable=False),
    Column("unit", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author_id", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("message_id", LONG_ID),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("item", Text, nullable=False),
    Column("candidates", JsonText, nullable=False),
    Column("approvals", JsonText, nullable=False),
    Column("ticket_id", LONG_ID),
    Column("asked_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)
