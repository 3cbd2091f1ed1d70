"""Tells pytest what it cannot collect."""

# Alembic's files are run by Alembic, with a context that is not there otherwise.
collect_ignore = ["auditor/storage/migrations"]
