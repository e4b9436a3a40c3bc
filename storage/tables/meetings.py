"""Meetings and who is invited."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.domain.meeting import Every, MeetingKind, MeetingState, Reply
from storage.columns import LONG_ID, Closed, PartyText, UtcDateTime, row_id
from storage.tables.base import metadata

meeting = Table(
    "meeting",
    metadata,
    row_id(),
    Column("kind", Closed(MeetingKind), nullable=False),
    Column("state", Closed(MeetingState), nullable=False),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), index=True),
    Column("title", Text, nullable=False),
    Column("called_by", LONG_ID, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("begins_at", UtcDateTime),
    Column("where", Text, nullable=False),
    Column("every", Closed(Every), nullable=False),
    Column("invited_at", UtcDateTime),
    Column("answers_by", UtcDateTime),
    Column("minutes", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("asked_at", UtcDateTime),
    Column("comes_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)
_UNENDED = meeting.c.ended_at.is_(None)
Index("ix_meeting_open", meeting.c.begins_at, sqlite_where=_UNENDED, postgresql_where=_UNENDED)

invitation = Table(
    "meeting_invitation",
    metadata,
    row_id(),
    Column("meeting_id", LONG_ID, ForeignKey("meeting.id"), nullable=False),
    Column("party", PartyText, nullable=False),
    Column("reply", Closed(Reply)),
    Column("replied_by", LONG_ID),
    Column("replied_at", UtcDateTime),
    Column("delegate", Text, nullable=False),
    Column("arrived_at", UtcDateTime),
    UniqueConstraint("meeting_id", "party"),
)
