"""What the daemon keeps: schedules, the queue, events, daemons."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _schedule()
    _queue()
    _event()
    _instance()


def downgrade() -> None:
    for table in ("instance", "event", "queue", "schedule"):
        op.drop_table(table)


def _schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("when_digest", sa.Text, nullable=False),
        sa.Column("cursor", MOMENT, nullable=False),
        sa.Column("last_slot", MOMENT),
        sa.Column("next_due", MOMENT),
        sa.Column("next_reason", sa.Text, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("watched", sa.Text, nullable=False),
        comment="How far each schedule has been kept; its cursor moves with the orders it gives.",
    )
    op.create_index("ix_schedule_next_due", "schedule", ["next_due"])


def _queue() -> None:
    op.create_table(
        "queue",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("schedule", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("first_missed", MOMENT),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("not_before", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("lease_ends", sa.Float),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("audit_id", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("key", name="uq_queue_key"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'quarantined', 'skipped')",
            name="ck_queue_state",
        ),
        sa.CheckConstraint("attempts >= 0", name="ck_queue_attempts"),
        sa.CheckConstraint("(state = 'running') = (lease_ends IS NOT NULL)", name="ck_queue_lease"),
        comment="Audits that are wanted: each is run until it has one verdict, and never by two.",
    )
    op.create_index("ix_queue_state", "queue", ["state", "not_before"])
    op.create_index("ix_queue_model", "queue", ["model", "id"])
    running = sa.text("state = 'running'")
    op.create_index(
        "ux_queue_running", "queue", ["model"], unique=True, sqlite_where=running, postgresql_where=running
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("schedule", sa.Text, nullable=False),
        sa.Column("order_id", sa.Integer),
        sa.Column("audit_id", sa.Integer),
        sa.Column("facts", sa.Text, nullable=False),
        comment="What happened to orders and schedules; rows are added, never changed.",
    )
    op.create_index("ix_event_schedule", "event", ["schedule", "id"])


def _instance() -> None:
    op.create_table(
        "instance",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("tick_seconds", sa.Float, nullable=False),
        sa.Column("last_tick", sa.Float, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        comment="Daemons, by an id that is new at every start; last_tick by the database's clock.",
    )
