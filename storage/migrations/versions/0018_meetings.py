"""When a leader's sentence says that people meet, as it was understood; on which day a standing meeting comes again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("referral", sa.Column("meets_at", MOMENT, nullable=True))
    op.add_column("referral", sa.Column("meets_where", sa.Text(), nullable=False, server_default=""))
    op.add_column("meeting", sa.Column("comes_at", MOMENT, nullable=True))
