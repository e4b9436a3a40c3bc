"""The clock of a call that waits to be started, and what a task of the hub was given when it was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("ticket", sa.Column("start_since", MOMENT, nullable=True))
    op.add_column("ticket", sa.Column("start_due_at", MOMENT, nullable=True))
    op.add_column("ticket", sa.Column("start_ladder", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("hub_task", sa.Column("time_limit", sa.Text(), nullable=False, server_default=""))
    op.add_column("hub_task", sa.Column("ladder", sa.Text(), nullable=False, server_default="[]"))
