"""What departments ask of streets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "street_call",
        sa.Column("id", LONG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", LONG, nullable=False),
        sa.Column("chat_id", LONG, nullable=False),
        sa.Column("message_id", LONG),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("approvals", sa.Text(), nullable=False),
        sa.Column("ticket_id", LONG),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_street_call_author_id_person")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_street_call_chat_id_chat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_call")),
    )
