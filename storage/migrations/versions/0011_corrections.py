"""What was understood instead, the unit that was named, and who dropped a correction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # these said where the hub sent a call, also where the list would have sent it: nothing to learn from
    op.execute("DELETE FROM correction WHERE origin = 'hub_dispatch'")
    op.add_column("correction", sa.Column("was", sa.Text(), nullable=False, server_default=""))
    op.add_column("correction", sa.Column("unit", sa.Text(), nullable=False, server_default=""))
    op.add_column("correction", sa.Column("dropped_by", LONG, nullable=True))
    op.add_column("correction", sa.Column("dropped_at", MOMENT, nullable=True))


def downgrade() -> None:
    for name in ("dropped_at", "dropped_by", "unit", "was"):
        op.drop_column("correction", name)
