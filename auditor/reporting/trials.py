"""The trials of an audit as a table for machines: CSV, a line a run of the trainer. Pure."""

import csv
import io

from auditor.core.records import Audit, TrialRecord, Value
from auditor.reporting.charts.svg import tidy

_FIXED = ("trial", "round", "rows", "share", "seed", "loss", "seconds", "failure", "message")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a text for a formula by; https://owasp.org/www-community/attacks/CSV_Injection."""


def trials_csv(audit: Audit) -> str:
    """Return the trials of the search, with every setting in a column of its own.

    Settings are named ``setting.NAME``, so that none is taken for another column. Numbers have all their
    digits; a setting that a trial has no value for is an empty cell, and so is the loss of a failed one. A
    text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    trials = audit.search.trials if audit.search else ()
    names = tuple(dict.fromkeys(name for trial in trials for name in trial.config))
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow([*_FIXED, *(f"setting.{tidy(name)}" for name in names)])
    table.writerows(_line(trial, names) for trial in trials)
    return written.getvalue()


def _line(trial: TrialRecord, names: tuple[str, ...]) -> list[str]:
    failure = trial.failure
    fixed = (
        str(trial.id),
        trial.round.value,
        trial.fold,
        repr(trial.fidelity),
        str(trial.seed),
        "" if trial.loss is None else repr(trial.loss),
        repr(trial.seconds),
        failure.kind.value if failure else "",
        _text(failure.message) if failure else "",
    )
    return [*fixed, *(_cell(trial.config[name]) if name in trial.config else "" for name in names)]


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return _text(value)
    return str(value).lower() if isinstance(value, bool) or value is None else repr(value)


def _text(text: str) -> str:
    plain = tidy(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
