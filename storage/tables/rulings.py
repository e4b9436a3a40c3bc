"""Requests to return with their rulings, and questions to the street."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from bot.domain.returning import Ground, Outcome
from storage.columns import LONG_ID, Closed, UtcDateTime, row_id
from storage.tables.base import metadata

ruling = Table(
    "ruling",
    metadata,
    row_id(),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("assignment_id", LONG_ID, ForeignKey("assignment.id"), nullable=False),
    Column("item", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("ground", Closed(Ground), nullable=False),
    Column("named", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", LONG_ID),
    Column("asked_seq", Integer, nullable=False),
    Column("is_dispute", Boolean, nullable=False),
    Column("outcome", Closed(Outcome)),
    Column("to_unit", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", LONG_ID),
)
Index("ix_ruling_item", ruling.c.item, ruling.c.decided_at)

street_question = Table(
    "street_question",
    metadata,
    row_id(),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("assignment_id", LONG_ID, ForeignKey("assignment.id"), nullable=False),
    Column("task_id", LONG_ID, ForeignKey("hub_task.id")),
    Column("asked_by", LONG_ID, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("asked_seq", Integer, nullable=False),
    Column("answered_seq", Integer),
    Column("answered_at", UtcDateTime),
    Column("answered_by", LONG_ID),
)
