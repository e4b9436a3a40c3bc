"""What streets laid before their district leader."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.domain.referral import ReferralState
from storage.columns import LONG_ID, Closed, UtcDateTime, row_id
from storage.tables.base import metadata

referral = Table(
    "referral",
    metadata,
    row_id(),
    Column("ticket_id", LONG_ID, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("state", Closed(ReferralState), nullable=False),
    Column("leader_id", LONG_ID, ForeignKey("person.id"), nullable=False),
    Column("prepared_by", LONG_ID, nullable=False),
    Column("prepared_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("proposal", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("meets_at", UtcDateTime),
    Column("meets_where", Text, nullable=False),
    Column("decided_by", LONG_ID),
    Column("decided_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)
Index("ix_referral_leader", referral.c.leader_id, referral.c.decided_at)
