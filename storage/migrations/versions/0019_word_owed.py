"""Whether a word on the way is owed: so the auditor sees where nothing asks for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("word_owed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE assignment SET word_owed = true WHERE id IN (SELECT subject_id FROM due WHERE kind = 'interim')")
