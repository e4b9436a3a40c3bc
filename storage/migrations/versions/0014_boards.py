"""Boards that are leafed through, who joined a ticket with a report of his own, and what a draft was split from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", LONG, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("person_id", LONG, nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_board_chat_id_chat")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_board_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.add_column("follower", sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("draft", sa.Column("split_from", LONG, nullable=True))
