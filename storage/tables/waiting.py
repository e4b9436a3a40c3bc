"""Requests for time, and the steps of ladders that were taken."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.application.records import DueKind
from bot.domain.request import RequestKind, RequestState
from storage.columns import LONG_ID, Closed, UtcDateTime, row_id, subject_columns
from storage.tables.base import metadata

request = Table(
    "request",
    metadata,
    row_id(),
    Column("kind", Closed(RequestKind), nullable=False),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False),
    Column("assignment_id", LONG_ID, ForeignKey("assignment.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("until", UtcDateTime),
    Column("asked_by", LONG_ID, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decide_by", UtcDateTime, nullable=False),
    Column("state", Closed(RequestState), nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", LONG_ID),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)
_OPEN = request.c.state == RequestState.OPEN
Index("ix_request_open", request.c.decide_by, sqlite_where=_OPEN, postgresql_where=_OPEN)

ladder_step = Table(
    "ladder_step",
    metadata,
    row_id(),
    *subject_columns(),
    Column("round", Integer, nullable=False),
    Column("kind", Closed(DueKind), nullable=False),
    Column("step", Text, nullable=False),
    Column("deadline", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    # also the dedupe key: two processes cannot both have taken a step
    UniqueConstraint("subject_kind", "subject_id", "kind", "round", "step", "deadline"),
)
