"""Logs: one line an event, on stderr; for people on a terminal, JSON for programs.

Every event of ours has an ``action``, a stable word one can search for. Credentials in URLs are put out
of sight, whoever wrote them into a message.
"""

import json
import logging
import sys
from datetime import UTC, datetime

from auditor.core.addresses import without_secrets
from auditor.errors import printable

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Lines(logging.Formatter):
    """A line for people: when, what, the message."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        action = fields.pop("action", record.name)
        return f"{_at(record)} {record.levelname.lower():7} {action}: {_said(self, record)}"


class _Json(logging.Formatter):
    """A line for programs: one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "action": record.name,
            "message": _said(self, record),
            **_fields(record),
        }
        return without_secrets(json.dumps(facts, default=str))


def set_up_logging(*, as_json: bool | None = None) -> bool:
    """Send this process's log to stderr, and return whether it is JSON.

    Parameters
    ----------
    as_json
        None for JSON unless stderr is a terminal.
    """
    wanted = not sys.stderr.isatty() if as_json is None else as_json
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if wanted else _Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("apscheduler", "alembic", "uvicorn.access", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return wanted


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _PLAIN}


def _said(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info:
        text = f"{text} | {formatter.formatException(record.exc_info)}"
    return printable(without_secrets(" ".join(text.split()) if not record.exc_info else text)).replace(
        "\n", "\\n"
    )
