"""Headlines and sentences: an audit in words, with only the digits that the interval supports."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.records import Call, Confirmation, Estimate, Finding, SmallestChange, Snapshot, Value

_MOST_WITH_VALUES = 3
"""Settings whose old and new values a sentence can hold; the change below it has them all."""

_LONGEST_VALUE = 20
"""Characters of such a value."""


OUT_OF_REACH = 100
"""So many times as many rows are nobody's next step, and a guess from so few says no more than that."""


def shown(value: Value) -> str:
    """Return a setting's value as a person would type it.

    Examples
    --------
    >>> shown(0.1), shown(1e-5), shown(31), shown("uniform"), shown(None), shown(0.9999)
    ('0.1', '1e-05', '31', 'uniform', 'none', '0.9999')
    """
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def counted(count: int, noun: str, *, many: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(0, "trial"), counted(1, "trial"), counted(1200, "trial"), counted(2, "loss", many="losses")
    ('0 trials', '1 trial', '1,200 trials', '2 losses')
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def in_evidence(evidence: float) -> str:
    """Return evidence that was added up, with the digits that matter.

    Examples
    --------
    >>> in_evidence(0.004), in_evidence(3.63), in_evidence(63.2), in_evidence(2.4e6)
    ('0', '3.6', '63', 'over 10,000')
    """
    if evidence > 10_000:
        return "over 10,000"
    return f"{evidence:,.0f}" if evidence >= 10 else f"{evidence:.1f}".removesuffix(".0")


def listed(names: Sequence[str], *, last: str = "and") -> str:
    """Return names as an enumeration.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], last="or")
    ('a', 'a and b', 'a, b or c')
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """Says gains: as a share of production's loss where that is a sensible base, else in loss units.

    Attributes
    ----------
    production_loss
        What a gain is a share of.
    unit
        Of the loss, in words.
    confidence
        Of the intervals that are said, in (0, 1).
    """

    production_loss: float
    unit: str
    confidence: float

    def amount(self, gain: float, *, width: float) -> str:
        """Return a gain with the digits that an interval of this width supports."""
        if not math.isfinite(gain):
            return "unbounded"
        if self.production_loss > 0.0:
            return f"{self._number(gain / self.production_loss * 100, width / self.production_loss * 100)} %"
        return self._number(gain, width)

    def interval(self, estimate: Estimate) -> str:
        """Return an estimate with its interval: ``2.9 % (95 % interval 2.3 % to 3.5 %)``."""
        width = estimate.high - estimate.low
        middle, low, high = (
            self.amount(value, width=width) for value in (estimate.estimate, estimate.low, estimate.high)
        )
        return f"{middle} ({self.confidence * 100:.3g} % interval {low} to {high})"

    @staticmethod
    def _number(value: float, width: float) -> str:
        digits = 2 if width <= 0.0 or not math.isfinite(width) else max(0, 1 - math.floor(math.log10(width)))
        text = f"{value:.{min(digits, 8)}f}"
        return text.replace("-", "\N{MINUS SIGN}") if float(text) != 0.0 else text.lstrip("-")


def headline(confirmation: Confirmation, findings: Sequence[Finding], *, rows: int) -> str:
    """Return the verdict as a heading, of an audit of so many rows."""
    count = len(findings)
    if confirmation.call is Call.STALE:
        stale = sum(finding.call is Call.STALE for finding in findings)
        of = f"{stale} of {count} settings" if count > 1 else "The audited setting"
        return f"{of} {'have' if stale > 1 else 'has'} gone stale"
    if confirmation.call is Call.FRESH:
        return f"All {count} settings hold" if count > 1 else "The audited setting holds"
    return f"Cannot tell: {_what_it_takes(confirmation, rows=rows)}"


def sentence(
    confirmation: Confirmation,
    findings: Sequence[Finding],
    *,
    ruler: Ruler,
    margin: str,
    snapshot: Snapshot,
    kept: float,
    change: SmallestChange | None = None,
) -> str:
    """Return the verdict in a sentence: which, how much, against what, on which rows, by which margin.

    Parameters
    ----------
    kept
        Share of the gain that the recommended change keeps.
    change
        The same with its interval, where it was measured.
    """
    gain = ruler.interval(confirmation.finalists[confirmation.winner].looks[-1].gain)
    against = f"against production's values retrained on the same rows ({_rows(snapshot)})"
    if confirmation.call is Call.STALE:
        done = _change(findings, gain=f"{ruler.unit} by {gain}, {against}", kept=_share(kept, change))
        return f"{done}. The margin is {margin}."
    if confirmation.call is Call.FRESH:
        return (
            f"No change that this search could find is worth the margin of {margin}: "
            f"the best challenger's gain in {ruler.unit} is {gain}, {against}."
        )
    reason = f"{confirmation.reason[:1].upper()}{confirmation.reason[1:]}."
    measured = f"The best challenger's gain in {ruler.unit} is {gain}, {against}"
    return f"{measured}. The margin is {margin}. {reason}"


def _change(findings: Sequence[Finding], *, gain: str, kept: str) -> str:
    moved = [finding for finding in findings if finding.recommended != finding.production]
    tried = [finding for finding in findings if _was_changed(finding)]
    if [one.name for one in moved] == [one.name for one in tried]:
        return f"Changing {_with_values(moved)} lowers {gain}"
    measured = f"Changing {listed([one.name for one in tried])} lowers {gain}"
    return f"{measured}; changing only {_with_values(moved)} keeps {kept}"


def _with_values(findings: Sequence[Finding]) -> str:
    """Return settings with their values before and after; by name alone where that would be no sentence."""
    said = [(one.name, shown(one.production), shown(one.recommended)) for one in findings]
    brief = len(said) <= _MOST_WITH_VALUES and all(
        len(value) <= _LONGEST_VALUE for _, *values in said for value in values
    )
    return listed([f"{name} from {before} to {after}" if brief else name for name, before, after in said])


def _share(kept: float, change: SmallestChange | None) -> str:
    """Return a share of a gain in words: ``about 94 % (85 % to 103 %) of that``."""
    said = "all" if kept >= 1.0 else f"about {kept * 100:.0f} %"
    if change is None:
        return f"{said} of that"
    if not change.bounded:
        return f"{said} of that by estimate, but these rows do not bound how much"
    ends = (change.kept.low, change.kept.high)
    low, high = (f"{end * 100:.0f} %".replace("-", "\N{MINUS SIGN}") for end in ends)
    return f"{said} ({low} to {high}) of that"


def _was_changed(finding: Finding) -> bool:
    return finding.effect is not None or finding.recommended != finding.production


def _what_it_takes(confirmation: Confirmation, *, rows: int) -> str:
    if confirmation.more_replicates is not None:
        return f"about {2 * confirmation.more_replicates} more trainings would decide"
    if confirmation.more_rows is not None and confirmation.more_rows > OUT_OF_REACH * rows:
        return f"more than {OUT_OF_REACH} times as many rows would be needed"
    if confirmation.more_rows is not None:
        return f"about {_rounded(confirmation.more_rows):,} confirming rows would be needed"
    return "these rows do not decide it"


def _rounded(count: int) -> int:
    """Return a count with the two digits that a rule of thumb supports."""
    return int(float(f"{count:.2g}"))


def _rows(snapshot: Snapshot) -> str:
    count = f"{snapshot.rows:,} rows"
    if snapshot.first is None or snapshot.last is None:
        return count
    return f"{count}, {snapshot.first:%Y-%m-%d} to {snapshot.last:%Y-%m-%d}"
