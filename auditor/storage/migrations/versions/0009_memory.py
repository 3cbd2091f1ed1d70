"""How much memory the process of a training had at most; null where that was not asked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trial", sa.Column("peak_bytes", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("trial", "peak_bytes")
