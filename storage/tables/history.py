"""The append-only history (triggers stand in the migrations), its erasable texts and its daily anchors."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from bot.domain.events import EventKind
from storage.columns import LONG_ID, Closed, UtcDateTime
from storage.tables.base import metadata

event = Table(
    "event",
    metadata,
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Closed(EventKind), nullable=False),
    Column("actor_id", LONG_ID),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("ticket_id", "seq"),
)

event_text = Table(
    "event_text",
    metadata,
    Column("ticket_id", LONG_ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("ticket_id", "seq", "name"),
    ForeignKeyConstraint(["ticket_id", "seq"], ["event.ticket_id", "event.seq"]),
)

anchor = Table(
    "anchor",
    metadata,
    Column("day", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("previous", Text, nullable=False),
    # Canonical JSON, [[ticket, seq, hash], …], of the chains that grew since the anchor before.
    Column("tails", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
