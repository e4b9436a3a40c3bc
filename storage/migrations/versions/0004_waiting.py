"""Requests for time, and the steps of ladders that were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _request()
    _ladder_step()


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("id", LONG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("assignment_id", LONG, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("asked_by", LONG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decide_by", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", LONG, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_request_assignment_id_assignment")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_request_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index(op.f("ix_request_assignment_id"), "request", ["assignment_id"], unique=False)
    op.create_index(
        "ix_request_open",
        "request",
        ["decide_by"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _ladder_step() -> None:
    op.create_table(
        "ladder_step",
        sa.Column("id", LONG, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_step")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "kind",
            "round",
            "step",
            "deadline",
            name=op.f("uq_ladder_step_subject_kind_subject_id_kind_round_step_deadline"),
        ),
    )
