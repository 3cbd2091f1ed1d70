"""What an audit recommended, put into production or taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("back", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_application_audit"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_application_capture"),
        comment="What an audit recommended, put into production or taken back; added by `apply`.",
    )
    op.create_index("ix_application_model", "application", ["model", "id"])


def downgrade() -> None:
    op.drop_table("application")
