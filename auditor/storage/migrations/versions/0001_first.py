"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _capture()
    _snapshot()
    _audit()
    _trial()
    _trial_losses()
    _outcome()


def downgrade() -> None:
    for table in ("outcome", "trial_losses", "trial", "audit", "snapshot", "capture"):
        op.drop_table(table)


def _capture() -> None:
    op.create_table(
        "capture",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("snapshot", sa.Text),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        comment="What production ran at a moment; added by `capture`, never changed.",
    )
    op.create_index("ix_capture_model", "capture", ["model", "id"])


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="ck_snapshot_digest"),
        sa.CheckConstraint("rows >= 0", name="ck_snapshot_rows"),
        sa.CheckConstraint("bytes > 0", name="ck_snapshot_bytes"),
        comment="A Parquet file in the vault, by the SHA-256 of its bytes.",
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("capture_id", sa.Integer, nullable=False),
        sa.Column("snapshot_digest", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("first_time", MOMENT),
        sa.Column("last_time", MOMENT),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("reason", sa.Text),
        sa.Column("call", sa.Text),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("gain_estimate", sa.Float),
        sa.Column("gain_low", sa.Float),
        sa.Column("gain_high", sa.Float),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("margin", sa.Float),
        sa.Column("production_loss", sa.Float),
        sa.Column("stale_settings", sa.Text, nullable=False),
        sa.Column("next_due", MOMENT),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_audit_capture"),
        sa.ForeignKeyConstraint(["snapshot_digest"], ["snapshot.digest"], name="fk_audit_snapshot"),
        sa.CheckConstraint("state IN ('running', 'done', 'failed', 'abandoned')", name="ck_audit_state"),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="ck_audit_finished_at"),
        sa.CheckConstraint("call IN ('fresh', 'stale', 'undecided')", name="ck_audit_call"),
        sa.CheckConstraint("gain_low <= gain_high", name="ck_audit_gain"),
        sa.CheckConstraint("seed >= 0", name="ck_audit_seed"),
        comment=(
            "One audit. The columns up to started_at are what must be the same when it is resumed; "
            "those after it repeat the outcome in one line, for listings."
        ),
    )
    op.create_index("ix_audit_model", "audit", ["model", "id"])


def _trial() -> None:
    op.create_table(
        "trial",
        sa.Column("audit_id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("round", sa.Text, nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("index", sa.Integer, nullable=False),
        sa.Column("half", sa.Integer, nullable=False),
        sa.Column("fidelity", sa.Float, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("horizon", sa.BigInteger),
        sa.Column("loss", sa.Float),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("iterations", sa.BigInteger),
        sa.Column("curve", sa.Text, nullable=False),
        sa.Column("failure_kind", sa.Text),
        sa.Column("failure_message", sa.Text),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_trial_audit"),
        sa.CheckConstraint("number >= 0", name="ck_trial_number"),
        sa.CheckConstraint("part IN ('search', 'confirm')", name="ck_trial_part"),
        sa.CheckConstraint("fidelity > 0 AND fidelity <= 1", name="ck_trial_fidelity"),
        sa.CheckConstraint("seconds >= 0", name="ck_trial_seconds"),
        sa.CheckConstraint("(failure_kind IS NULL) = (failure_message IS NULL)", name="ck_trial_failure"),
        sa.CheckConstraint("failure_kind IS NULL OR loss IS NULL", name="ck_trial_loss"),
        comment="One run of the trainer and what came of it; written in whole batches.",
    )


def _trial_losses() -> None:
    op.create_table(
        "trial_losses",
        sa.Column("audit_id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id", "number"], ["trial.audit_id", "trial.number"], name="fk_trial_losses_trial"
        ),
        comment="A trial's loss on each scored row: float64, little-endian, zlib.",
    )


def _outcome() -> None:
    op.create_table(
        "outcome",
        sa.Column("audit_id", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_outcome_audit"),
        comment="The document that an audit ended in, as JSON: at most one per audit.",
    )
