"""What earlier audits say: which call has held since when, and in what order to list models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records import AuditSummary, Call
from auditor.core.wording import counted
from auditor.reporting.numbers import date_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """A call, and the audits in a row that ended in it.

    Attributes
    ----------
    before
        The newest audit with another call, or None if there never was one.
    at_least
        Whether older audits, which were not looked at, may belong to it.
    """

    call: Call
    since: datetime
    audits: int
    before: AuditSummary | None
    at_least: bool = False

    @property
    def name(self) -> str:
        """What the day is: ``Stale since``; where no older audit says otherwise, it may be longer."""
        word = self.call.value.capitalize()
        return f"{word} since" if self.before is not None or self.at_least else f"Found {self.call.value}"

    @property
    def since_words(self) -> str:
        """The day it began: ``2026-08-24``, or ``before 2026-08-24`` where that is not known."""
        return f"before {date_text(self.since)}" if self.at_least else date_text(self.since)

    @property
    def since_text(self) -> str:
        """The same in a sentence: ``Stale since 2026-08-24, in 2 audits running``."""
        if self.audits > 1:
            return f"{self.name} {self._on}{self.since_words}, in {self.audits_text}"
        return f"{self.name} {self._on}{self.since_words}, {self.news}"

    @property
    def _on(self) -> str:
        return "" if self.name.endswith(" since") else "on "

    @property
    def news(self) -> str:
        """What was before, of a row of one audit: ``new: fresh on 2026-05-25``."""
        if self.at_least:
            return self.audits_text
        if self.before is None or self.before.call is None:
            return "the first audit of this model"
        return f"new: {self.before.call.value} on {date_text(self.before.started_at)}"

    @property
    def audits_text(self) -> str:
        """How many audits in a row: ``2 audits running``."""
        return f"{counted(self.audits, 'audit')}{' or more' if self.at_least else ''} running"


def streak_of(audits: Sequence[AuditSummary], *, cut: bool = False) -> Streak | None:
    """Return since when the newest call has held; None if no audit ever came to one.

    Audits that failed or still run say nothing of the settings: they neither start nor end a streak.

    Parameters
    ----------
    audits
        Of one model, newest first.
    cut
        Whether there are older ones.
    """
    called = [(summary.call, summary) for summary in audits if summary.call is not None]
    if not called:
        return None
    call = called[0][0]
    length = next((place for place, (other, _) in enumerate(called) if other is not call), len(called))
    before = called[length][1] if length < len(called) else None
    return Streak(
        call=call,
        since=called[length - 1][1].started_at,
        audits=length,
        before=before,
        at_least=cut and before is None,
    )
