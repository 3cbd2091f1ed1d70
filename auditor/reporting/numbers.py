"""Numbers in words: the digits that an interval supports, units, durations, dates with a zone."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from auditor.core.records import Estimate, Margin, Value
from auditor.reporting.charts.axes import short

GAP = "\N{NO-BREAK SPACE}"
"""Between a number and its unit, so that no line breaks there."""

NOTHING = "\N{EN DASH}"
"""Where a table has nothing to say."""


def digits_for(width: float) -> int:
    """Return how many decimals an interval of this width supports: two digits of the width.

    The same rule as the sentences of ``auditor.core.wording``.

    Examples
    --------
    >>> digits_for(1.2), digits_for(0.03), digits_for(40.0)
    (1, 3, 0)
    """
    if not 0.0 < width < math.inf:
        return 2
    return min(8, max(0, 1 - math.floor(math.log10(width))))


def fixed(value: float, digits: int) -> str:
    r"""Return a number with so many decimals, thousands apart, a true minus, and no minus zero.

    Examples
    --------
    >>> fixed(0.0123, 3), fixed(-0.0004, 3), fixed(-0.5, 1) == "\N{MINUS SIGN}0.5"
    ('0.012', '0.000', True)
    """
    if not math.isfinite(value):
        return "unbounded"
    text = f"{value:,.{digits}f}"
    if text.startswith("-"):
        text = "\N{MINUS SIGN}" + text[1:] if float(text.replace(",", "")) else text[1:]
    return text


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What gains are measured in on a page.

    Attributes
    ----------
    factor
        From units of loss to what is shown.
    suffix
        Written after every number; empty for plain units of loss.
    noun
        What is measured, for axes and captions.
    """

    factor: float
    suffix: str
    noun: str

    def scaled(self, estimate: Estimate) -> Estimate:
        """Return an estimate in what is shown."""
        return Estimate(
            estimate.estimate * self.factor, estimate.low * self.factor, estimate.high * self.factor
        )

    def amount(self, loss: float, *, width: float) -> str:
        """Return one number, with the digits that an interval ``width`` units of loss wide supports."""
        return fixed(loss * self.factor, digits_for(width * self.factor)) + self.suffix

    def number(self, estimate: Estimate) -> str:
        """Return the estimate alone: ``2.9 %``."""
        return self.amount(estimate.estimate, width=estimate.high - estimate.low)

    def ends(self, estimate: Estimate) -> str:
        """Return the interval alone: ``2.3 to 3.5 %``."""
        digits = digits_for((estimate.high - estimate.low) * self.factor)
        low, high = fixed(estimate.low * self.factor, digits), fixed(estimate.high * self.factor, digits)
        return f"{low} to {high}{self.suffix}"

    def full(self, estimate: Estimate) -> str:
        """Return the estimate with its interval: ``2.9 % (2.3 to 3.5 %)``."""
        return f"{self.number(estimate)} ({self.ends(estimate)})"

    def bound(self, loss: float) -> str:
        """Return a number that is given and not estimated, such as the margin."""
        return short(float(f"{loss * self.factor:.3g}")) + self.suffix


def yardstick(production_loss: float | None, unit: str) -> Yardstick:
    """Return per cent of production's loss, or units of loss where that is no sensible base.

    Examples
    --------
    >>> yardstick(0.4, "log-loss").noun
    "% of production's log-loss"
    """
    if production_loss is not None and 0.0 < production_loss < math.inf:
        return Yardstick(100.0 / production_loss, f"{GAP}%", f"% of production's {unit}")
    return plain(unit)


def plain(unit: str) -> Yardstick:
    """Return units of loss."""
    return Yardstick(1.0, "", unit)


def margin_text(margin: Margin, unit: str) -> str:
    """Return the margin as it was declared."""
    return f"{margin.value * 100:g}{GAP}%" if margin.relative else f"{margin.value:g} {unit}"


def loss_text(loss: float | None) -> str:
    """Return a loss to five digits, which is more than one trial supports and enough to rank by."""
    if loss is None or not math.isfinite(loss):
        return NOTHING
    return f"{loss:.5g}"


def setting_text(value: Value) -> str:
    """Return a setting's value for tables: floats to four digits.

    Examples
    --------
    >>> [setting_text(value) for value in (0.0003, 3e-05, True, None, "relu", 96)]
    ['0.0003', '3e-5', 'true', 'none', 'relu', '96']
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return short(value) if math.isfinite(value) else str(value)
    return str(value)


def literal(value: Value) -> str:
    """Return a setting's value exactly, as it is typed into a schedule.

    Examples
    --------
    >>> [literal(value) for value in (0.0003, 3e-05, True, None, "relu", 96)]
    ['0.0003', '3e-5', 'true', 'none', '"relu"', '96']
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        mantissa, e, exponent = repr(value).partition("e")
        return f"{mantissa}e{int(exponent)}" if e else mantissa
    return setting_text(value)


def duration_text(seconds: float) -> str:
    r"""Return a duration by its two largest units.

    Examples
    --------
    >>> [duration_text(seconds).replace(GAP, " ") for seconds in (0.0123, 34.4, 754.0, 4321.0, 2e5)]
    ['0.012 s', '34 s', '12 min 34 s', '1 h 12 min', '2 d 7 h']
    """
    if seconds < 10:
        return f"{float(f'{seconds:.2g}'):g}{GAP}s"
    whole = round(seconds)
    for unit, size, below, smaller in (("d", 86400, 3600, "h"), ("h", 3600, 60, "min"), ("min", 60, 1, "s")):
        if whole >= size:
            rest = whole % size // below
            return f"{whole // size}{GAP}{unit}" + (f" {rest}{GAP}{smaller}" if rest else "")
    return f"{whole}{GAP}s"


def span_text(span: timedelta) -> str:
    """Return a declared duration."""
    return duration_text(span.total_seconds())


def date_text(moment: datetime) -> str:
    """Return the day of a moment in UTC: ``2026-11-22``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def moment_text(moment: datetime) -> str:
    """Return a moment to the minute, with its zone: ``2026-11-22 06:00 UTC``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def bytes_text(size: int) -> str:
    """Return a size in decimal units.

    Examples
    --------
    >>> bytes_text(12_340_000).replace(GAP, " ")
    '12 MB'
    """
    for unit, base in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= base:
            return f"{size / base:.2g}{GAP}{unit}" if size < 99.5 * base else f"{size / base:.0f}{GAP}{unit}"
    return f"{size}{GAP}B"


def as_sentence(text: str) -> str:
    """Return a clause with a capital and a full stop.

    Examples
    --------
    >>> as_sentence("the rows are too few")
    'The rows are too few.'
    """
    stopped = text if text.endswith((".", "!", "?")) else f"{text}."
    return stopped[:1].upper() + stopped[1:] if text else ""
