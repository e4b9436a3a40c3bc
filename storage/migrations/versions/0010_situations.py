"""Emergencies and their log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    op.create_table(
        "situation",
        sa.Column("id", LONG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("streets", sa.Text(), nullable=False),
        sa.Column("declared_by", LONG, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("declared_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", LONG),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_situation_chat_id_chat")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_situation_declared_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation")),
    )
    op.create_index("ix_situation_active", "situation", ["id"], sqlite_where=ACTIVE, postgresql_where=ACTIVE)
    op.create_table(
        "situation_entry",
        sa.Column("id", LONG, nullable=False),
        sa.Column("situation_id", LONG),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("by", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["situation_id"], ["situation.id"], name=op.f("fk_situation_entry_situation_id_situation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation_entry")),
    )
    op.create_index(op.f("ix_situation_entry_situation_id"), "situation_entry", ["situation_id"])
