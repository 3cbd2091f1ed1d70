"""What audits say of one setting: its call, how often it went stale, and after how long. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records import AuditSummary, Call, SettingLine, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """One setting of one model over its audits.

    Attributes
    ----------
    now
        Its newest call; None if no audit ever called it.
    audits
        Those that called it.
    stale
        How often it went stale; several stale audits in a row are one time.
    days
        Of each such time that was seen to begin: days from the first audit that found the setting, at the
        value it had then, fresh to the first that found it stale.
    """

    now: Call | None
    audits: int
    stale: int
    days: tuple[float, ...]


def line_of(summary: AuditSummary, name: str) -> SettingLine | None:
    """Return what an audit says of a setting; None where it does not mention it."""
    return next((line for line in summary.settings if line.name == name), None)


def call_of(summary: AuditSummary, name: str) -> Call | None:
    """Return what an audit calls a setting; None where it failed, runs, or does not mention it.

    Audits of before settings were kept in a line still tell what was stale.
    """
    if summary.call is None:
        return None
    line = line_of(summary, name)
    if line is not None:
        return line.call
    return Call.STALE if name in summary.stale_settings else None


def settings_of(audits: Iterable[AuditSummary]) -> tuple[str, ...]:
    """Return the settings that audits mention, in the order of the newest that does.

    Parameters
    ----------
    audits
        Newest first.
    """
    found: dict[str, None] = {}
    for summary in audits:
        found |= dict.fromkeys([*(line.name for line in summary.settings), *summary.stale_settings])
    return tuple(found)


def spells_of(audits: Sequence[AuditSummary], name: str) -> Spells:
    """Return how a setting fared.

    Parameters
    ----------
    audits
        Of one model, newest first.
    """
    now: Call | None = None
    held_since: datetime | None = None
    value: Value = None
    seen = stale = 0
    days: list[float] = []
    for summary in reversed(audits):
        call, line = call_of(summary, name), line_of(summary, name)
        if call is None:
            continue
        if seen and line is not None and line.production != value:
            held_since, now = None, None  # another value: whatever was known was of the old one
        value = line.production if line is not None else value
        if call is Call.STALE and now is not Call.STALE:
            stale += 1
            days += [(summary.started_at - held_since).total_seconds() / 86400] if held_since else []
            held_since = None
        elif call is Call.FRESH:
            held_since = held_since or summary.started_at
        # What cannot be told neither ends a time of being stale nor begins one.
        now, seen = (now if call is Call.UNDECIDED and now is Call.STALE else call), seen + 1
    newest = next((call for summary in audits if (call := call_of(summary, name))), None)
    return Spells(now=newest, audits=seen, stale=stale, days=tuple(days))
