"""Boards: lists that people leaf through in one message."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table

from storage.columns import LONG_ID, UtcDateTime, row_id
from storage.tables.base import metadata

board = Table(
    "board",
    metadata,
    row_id(),
    Column("chat_id", LONG_ID, ForeignKey("chat.id"), nullable=False),
    Column("person_id", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("page", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
