"""On which rows a trial stands that explains something; null for those of a search and of a confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trial", sa.Column("stands_on", sa.Text()))


def downgrade() -> None:
    op.drop_column("trial", "stands_on")
