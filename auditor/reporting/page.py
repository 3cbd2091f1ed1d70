"""Pages as frozen values: every string ready, every chart drawn; templates loop and print."""

from dataclasses import dataclass

from auditor.reporting.charts.svg import Svg

_CROWDED = 6
"""With so many columns, words in the last one would be squeezed into a pillar on a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A call as it is shown everywhere: a word and a shape; the colour only repeats them.

    Attributes
    ----------
    css
        ``stale``, ``fresh``, ``undecided`` or ``failed``.
    favicon
        A ``data:`` URI.
    """

    word: str
    css: str
    icon: Svg
    favicon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of strings under their headings.

    Attributes
    ----------
    numeric
        Of each column, whether it is set flush right.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]

    @property
    def columns(self) -> str:
        """CSS classes: the columns of numbers, by their places, and whether the last column needs room."""
        flush = [f"n{place}" for place, flush in enumerate(self.numeric, start=1) if flush]
        crowded = len(self.numeric) >= _CROWDED and not self.numeric[-1]
        return " ".join([*flush, *(["wide"] if crowded else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart, what to see in it, and the same numbers as a table."""

    title: str
    caption: str
    svg: Svg
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One fact of the first screen.

    Attributes
    ----------
    mark
        The call, on the tile that states it.
    chart
        Drawn across the tile, which is then twice as wide.
    """

    name: str
    value: str
    detail: str = ""
    mark: Mark | None = None
    chart: Svg | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One setting to change, as it stands in a schedule."""

    name: str
    pad: str
    production: str
    recommended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line, and what it is for."""

    text: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do."""

    lead: str
    diff: tuple[DiffLine, ...]
    steps: tuple[str, ...]
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One line of the table of settings.

    Attributes
    ----------
    recommended
        None where production's value is to be kept.
    as_good, safe
        The scanned ranges; empty where nothing was scanned.
    warning
        That good values crowd an edge of the searched box; empty if they do not.
    sparkline
        What it carried of the gain in the newest audits; None where there is nothing to draw.
    """

    name: str
    production: str
    recommended: str | None
    effect: str
    ends: str
    mark: Mark
    sentence: str
    as_good: str
    safe: str
    also: str
    warning: str
    sparkline: Svg | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A name and what it stands for; ``code`` is set in a typewriter's face."""

    name: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSection:
    """What was searched, how, and every trial of it.

    Attributes
    ----------
    warnings
        About scales.
    failures
        A line for each way in which trials failed.
    """

    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    figures: tuple[Figure, ...]
    space: Table
    trials: Table | None
    trials_summary: str
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseSection:
    """Why it went stale.

    Attributes
    ----------
    title
        Of the section, which may be of the canary alone.
    lines
        The cause in words; empty when nothing went stale.
    square
        The same change on rows of then and of now.
    canary
        Whether a stored training still comes out as it did, in words.
    """

    title: str
    lines: tuple[str, ...]
    square: Table | None
    figure: Figure | None
    canary: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSection:
    """What moved in the data.

    Attributes
    ----------
    lines
        Which rows were compared, and what the comparison is for.
    assumes
        What the p-values assume; empty if unknown.
    figures
        Of the columns that moved, or of which it cannot be told.
    others
        All columns that are not drawn, and those that only one of the two has.
    """

    headline: str
    lines: tuple[str, ...]
    assumes: str
    figures: tuple[Figure, ...]
    others: Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PandaSection:
    """One live model over its turns.

    Attributes
    ----------
    live
        Its loss over the days.
    evidence
        How the evidence on each setting grew.
    """

    lines: tuple[str, ...]
    live: Figure
    evidence: tuple[Figure, ...]
    trails: Table
    turns: Table
    turns_summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Everything on the page of one audit, from top to bottom.

    Attributes
    ----------
    error
        Why the audit failed, where the headline does not say it in full; else empty.
    tiles, more
        Facts above and below what to do.
    ranged
        Whether any setting's range was scanned.
    traced
        Whether any setting is drawn over the newest audits.
    carried
        Challengers that earlier audits left undecided.
    beside
        Stem of the twin and of the trials that lie beside the page; empty if none do.
    """

    title: str
    favicon: str
    model: str
    when: str
    headline: str
    sentence: str
    error: str
    tiles: tuple[Tile, ...]
    advice: Advice
    more: tuple[Tile, ...]
    settings: tuple[SettingRow, ...]
    effect_unit: str
    setting_confidence: str
    ranged: bool
    traced: bool
    together: tuple[str, ...]
    evidence: tuple[Figure, ...]
    finalists: Table | None
    confirming: tuple[str, ...]
    carried: Table | None
    panda: PandaSection | None
    cause: CauseSection | None
    moved: MovedSection | None
    search: SearchSection | None
    changes: Table | None
    no_changes: str
    next_audit: tuple[str, ...]
    provenance: tuple[Fact, ...]
    beside: str
    schedule_text: str
    versions: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPage:
    """Everything on the page of a backtest, from top to bottom.

    Attributes
    ----------
    listed
        Whether the model has audits of its own, with listings to link to.
    dates
        What each audit would have said, and what came of it.
    settings
        What each policy ran from each date on.
    """

    title: str
    favicon: str
    model: str
    listed: bool
    when: str
    headline: str
    sentence: str
    tiles: tuple[Tile, ...]
    figures: tuple[Figure, ...]
    dates: Table
    settings: Table
    how: tuple[str, ...]
    notes: tuple[str, ...]
    provenance: tuple[Fact, ...]
