"""What an audit adds to the model's earlier ones, and why the next one is due then, in its line."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = (
    ("next_reason", sa.Text),
    ("repeat", sa.Text),
    ("p_value", sa.Float),
    ("detector", sa.Float),
    ("alarm", sa.Boolean),
)


def upgrade() -> None:
    for name, kind in ADDED:
        op.add_column("audit", sa.Column(name, kind()))


def downgrade() -> None:
    for name, _ in reversed(ADDED):
        op.drop_column("audit", name)
