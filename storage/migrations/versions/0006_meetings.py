"""Meetings and invitations; what a unit in particular is asked to do, when it set out and was there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("assignment") as table:
        table.add_column(sa.Column("task", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("set_out_at", MOMENT, nullable=True))
        table.add_column(sa.Column("arrived_at", MOMENT, nullable=True))
    with op.batch_alter_table("ticket") as table:
        table.add_column(sa.Column("ordered_by", LONG, nullable=True))
    op.create_table(
        "meeting",
        sa.Column("id", LONG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ticket_id", LONG, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("called_by", LONG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("begins_at", MOMENT, nullable=True),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=True),
        sa.Column("answers_by", MOMENT, nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_meeting_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_ticket_id"), "meeting", ["ticket_id"], unique=False)
    unended = sa.text("ended_at IS NULL")
    op.create_index("ix_meeting_open", "meeting", ["begins_at"], sqlite_where=unended, postgresql_where=unended)
    op.create_table(
        "meeting_invitation",
        sa.Column("id", LONG, nullable=False),
        sa.Column("meeting_id", LONG, nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_by", LONG, nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_invitation_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_invitation")),
        sa.UniqueConstraint("meeting_id", "party", name=op.f("uq_meeting_invitation_meeting_id_party")),
    )
