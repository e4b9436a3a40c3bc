"""What somebody in a unit's group answered when he was asked once who he is; empty: asked, null: never asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("introduced", sa.Text(), nullable=True))
