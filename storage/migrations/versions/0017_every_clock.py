"""One row for a draft's ladder, since when answers are waited for, and roles that rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("street_call", sa.Column("asked_at", MOMENT, nullable=True))
    op.add_column("meeting", sa.Column("asked_at", MOMENT, nullable=True))
    op.add_column("role_grant", sa.Column("rests_since", MOMENT, nullable=True))
    op.drop_column("referral", "reminded")
    # whoever was asked again already is not asked a third time: what is open now only expires
    op.execute("DELETE FROM due WHERE kind = 'draft_reminder'")
    op.execute("UPDATE due SET kind = 'draft' WHERE kind = 'draft_expiry'")
