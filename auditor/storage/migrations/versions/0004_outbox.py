"""What is to be told, once per audit and channel: written with the verdict, sent afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("audit_id", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("problem", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_outbox_audit"),
        sa.UniqueConstraint("audit_id", "channel", "key", name="uq_outbox_news"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'given up')", name="ck_outbox_state"),
        sa.CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        comment="What is to be told, once per audit, channel and key; added with the verdict.",
    )
    op.create_index("ix_outbox_due", "outbox", ["channel", "state", "next_try"])
    op.create_index("ix_outbox_model", "outbox", ["model", "channel", "id"])


def downgrade() -> None:
    op.drop_table("outbox")
