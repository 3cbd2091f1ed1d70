"""Which checkpoint a trial of a panda goes on from, and which one it leaves; null for all other trials."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trial", sa.Column("resume_from", sa.Text()))
    op.add_column("trial", sa.Column("checkpoint", sa.Text()))


def downgrade() -> None:
    op.drop_column("trial", "checkpoint")
    op.drop_column("trial", "resume_from")
