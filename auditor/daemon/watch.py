"""``python -m auditor.daemon.watch``: looks once at what schedules with triggers watch.

Started by the daemon on a slow cadence, in a process of its own: to look means to read production, and once
a day the data, which may take memory and run the user's code (in a worker).
"""

import json
import logging
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from auditor.core.records import Plan, Why, config_key, digest_of
from auditor.core.triggers import Seen
from auditor.errors import AuditorError, StorageError
from auditor.logs import set_up_logging
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.ports import Tools, Vault

logger = logging.getLogger(__name__)

DATA_EVERY = timedelta(hours=20)
"""Data is fetched at most about once a day."""


def main() -> int:
    """Look at the schedules that standard input names."""
    given = json.loads(sys.stdin.buffer.read())
    set_up_logging(as_json=given["json"])
    try:
        _look(given["schedules"])
    except StorageError as error:
        logger.warning("%s", error, extra={"action": "look_failed"})
    return 0


def _look(listed: Sequence[tuple[str, str]]) -> None:
    from auditor.declarations import parse_plan
    from auditor.progress import silent
    from auditor.wiring import open_queue, open_schedules, open_tools

    settings = Settings.here()
    with closing(open_queue(settings)) as queue:
        schedules = open_schedules(queue)
        with open_tools(settings, workers=1, progress=silent()) as tools:
            for text, path in listed:
                plan = parse_plan(text, path)
                now, before = tools.clock.now(), schedules.watched(plan.name)
                try:
                    seen = look_at(plan, tools, before=before, now=now)
                    _record_production(plan, tools, seen=seen, before=before)
                except StorageError:
                    raise
                except AuditorError as error:
                    logger.warning("%s", error, extra={"action": "look_failed", "schedule": plan.name})
                    continue
                for fired in schedules.trigger(plan, seen, now=now):
                    logger.info(
                        "%s: %s", plan.name, fired.said, extra={"action": "triggered", "schedule": plan.name}
                    )


def look_at(plan: Plan, tools: "Tools", *, before: Mapping[str, Any], now: datetime) -> Seen:
    """Return what a schedule's triggers see now."""
    when = plan.when
    drift, reference = None, None
    looked = before.get("data_looked_at")
    if when.data_drift is not None and (looked is None or now - datetime.fromisoformat(looked) > DATA_EVERY):
        drift, reference = _drift(plan, tools)
    return Seen(
        environment=_signed(tools.sources.environment()) if when.environment else None,
        code=_code(plan, tools) if when.code else None,
        production=_production(plan, tools) if when.production else None,
        drift=drift,
        reference=reference,
    )


def _signed(record: object) -> str:
    return digest_of(repr(record))


def _code(plan: Plan, tools: "Tools") -> str:
    """Return the signature of the trainer's source; of the commit only where there is no source to be had.

    A commit says more than is asked: it is another one, or has changes, with every note beside the code.
    """
    found = tools.sources.code(plan.trainer)
    return _signed((found.trainer, found.digest or found.commit))


def _production(plan: Plan, tools: "Tools") -> str:
    from auditor.stages.capture import look

    return digest_of(config_key(look(plan, tools).config))


def _record_production(plan: Plan, tools: "Tools", *, seen: Seen, before: Mapping[str, Any]) -> None:
    """Capture production at the first look, and as soon as a change is seen for the second time.

    So it is known what ran before a change, however soon that comes, also where production lives in a store
    that keeps no history. The audit of a change may wait for hours, and production is captured before that
    order is given: two processes would capture it twice.
    """
    from auditor.stages.capture import notice

    known = before.get(Why.PRODUCTION.value)
    if seen.production is not None and (known is None or known.get("new") == seen.production):
        notice(plan, tools)


def _drift(plan: Plan, tools: "Tools") -> tuple[tuple[float, str] | None, str | None]:
    """Return the largest distance of a column, and what it was measured against; nothing is filed."""
    from auditor.stages.capture import look
    from auditor.stages.snapshot import take_snapshot
    from auditor.stages.triage import drift_between
    from auditor.storage.vault import FileVault

    reference = tools.ledger.reference(look(plan, tools))
    if reference is None:
        return None, None
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        aside = FileVault(Path(folder))
        fresh = take_snapshot(plan, replace(tools, vault=aside))
        both = cast("Vault", _Either(tools.vault, aside, fresh.digest))
        found = drift_between(reference, fresh.digest, data=plan.data, vault=both)
    largest = max(found.columns, key=lambda column: column.beyond_chance, default=None)
    return (None if largest is None else (largest.beyond_chance, largest.name)), reference


@dataclass(frozen=True, slots=True)
class _Either:
    """The vault, and beside it rows that are looked at once and not filed."""

    vault: "Vault"
    aside: "Vault"
    digest: str

    def scan(self, digest: str, column: str) -> Any:
        return self._of(digest).scan(digest, column)

    def columns(self, digest: str) -> Sequence[Any]:
        return self._of(digest).columns(digest)

    def _of(self, digest: str) -> "Vault":
        return self.aside if digest == self.digest else self.vault


if __name__ == "__main__":
    sys.exit(main())
