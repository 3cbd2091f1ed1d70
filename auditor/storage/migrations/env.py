"""What Alembic runs to migrate: on the connection, and in the transaction, that it is handed.

``storage/schema.py`` hands it over, so that a migration happens whole or not at all.
"""

from alembic import context
from sqlmodel import SQLModel

import auditor.storage.queue_tables
import auditor.storage.tables  # noqa: F401  # these two fill the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    # SQLite cannot alter a column: Alembic then copies the table.
    render_as_batch=True,
)
context.run_migrations()
