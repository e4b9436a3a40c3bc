"""How many workers a resident's report was put before: so the auditor sees one that is put before nobody any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NOT_ASKED_AGAIN = "SELECT subject_id FROM due WHERE subject_kind = 'draft' AND kind = 'draft' AND arg = ''"
ROW = "FROM due WHERE subject_kind = 'draft' AND subject_id = draft.id AND kind = 'resident_report'"


def upgrade() -> None:
    op.add_column("draft", sa.Column("turn", sa.Integer(), nullable=True))
    op.execute(
        f"UPDATE draft SET turn = COALESCE((SELECT CAST(arg AS INTEGER) {ROW}), 0) WHERE state = 'open'"
        f" AND id IN ({NOT_ASKED_AGAIN}) AND chat_id IN (SELECT id FROM chat WHERE kind = 'private')"
    )
