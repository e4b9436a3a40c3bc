"""Requests to return with their rulings, questions to the street, who stays liable until the successor signs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("assignment", sa.Column("yields_to", LONG, nullable=True))
    _ruling()
    _street_question()


def _ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("assignment_id", LONG, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", LONG, nullable=True),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("is_dispute", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("to_unit", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", LONG, nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_ruling_assignment_id_assignment")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ruling_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index(op.f("ix_ruling_ticket_id"), "ruling", ["ticket_id"], unique=False)
    op.create_index("ix_ruling_item", "ruling", ["item", "decided_at"], unique=False)


def _street_question() -> None:
    op.create_table(
        "street_question",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("assignment_id", LONG, nullable=False),
        sa.Column("task_id", LONG, nullable=True),
        sa.Column("asked_by", LONG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("answered_seq", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", LONG, nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_street_question_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["hub_task.id"], name=op.f("fk_street_question_task_id_hub_task")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_street_question_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_question")),
    )
    op.create_index(op.f("ix_street_question_ticket_id"), "street_question", ["ticket_id"], unique=False)
