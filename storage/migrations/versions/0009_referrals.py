"""What streets laid before their district leader (逆向派单)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", LONG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("leader_id", LONG, nullable=False),
        sa.Column("prepared_by", LONG, nullable=False),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by", LONG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_referral_ticket_id_ticket")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_referral_leader_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_ticket_id"), "referral", ["ticket_id"], unique=False)
    op.create_index("ix_referral_leader", "referral", ["leader_id", "decided_at"], unique=False)
