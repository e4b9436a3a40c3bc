"""Duty rosters, and whose roles go to whom."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text

from bot.domain.duty import HandoverKind
from storage.columns import LONG_ID, Closed, JsonText, UtcDateTime, row_id
from storage.tables.base import metadata

duty = Table(
    "duty",
    metadata,
    row_id(),
    Column("of", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("names", JsonText, nullable=False),
    Column("deputies", JsonText, nullable=False),
    Column("people", JsonText, nullable=False),
    Column("set_by", LONG_ID, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Index("ix_duty_of_last", "of", "last"),
)

handover = Table(
    "handover",
    metadata,
    row_id(),
    Column("kind", Closed(HandoverKind), nullable=False),
    Column("from_id", LONG_ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("to_id", LONG_ID),
    Column("to_name", Text, nullable=False),
    Column("of", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("first", Date),
    Column("last", Date),
    Column("accepted_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("granted", JsonText, nullable=False),
    Column("version", Integer, nullable=False),
)
