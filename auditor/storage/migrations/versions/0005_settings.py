"""What an audit says of each setting, in its line, so that listings need not read whole audits."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = ("name", "call", "production", "recommended", "effect")


def upgrade() -> None:
    op.add_column("audit", sa.Column("settings", sa.Text()))
    op.create_index("ix_audit_started_at", "audit", ["model", "started_at"])
    audit = sa.table("audit", sa.column("id"), sa.column("settings"))
    outcome = sa.table("outcome", sa.column("audit_id"), sa.column("document"))
    connection = op.get_bind()
    # One at a time: a document holds every trial of its audit.
    for number in connection.scalars(sa.select(outcome.c.audit_id)).all():
        document = connection.execute(sa.select(outcome.c.document).where(outcome.c.audit_id == number))
        lines = [{key: found[key] for key in KEPT} for found in json.loads(document.scalar_one())["settings"]]
        settings = json.dumps(lines, separators=(",", ":"))
        connection.execute(sa.update(audit).where(audit.c.id == number).values(settings=settings))


def downgrade() -> None:
    op.drop_index("ix_audit_started_at", "audit")
    op.drop_column("audit", "settings")
