"""The pages that list audits, as frozen values: every string ready; templates loop and print."""

from dataclasses import dataclass

from auditor.reporting.charts.svg import Svg
from auditor.reporting.page import Figure, Mark, Tile


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Words, and where they lead; an empty address is no link."""

    text: str
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One crossing of a grid: a call as its shape and word, and what there is to say beside it.

    Attributes
    ----------
    mark
        None where there is nothing to call.
    text
        Beside the shape.
    note
        Under it, smaller.
    """

    mark: Mark | None = None
    text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One line of a grid."""

    name: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Calls by two things at once, such as setting by audit.

    Attributes
    ----------
    css
        Class of the table.
    """

    caption: str
    corner: str
    head: tuple[Link, ...]
    rows: tuple[GridRow, ...]
    css: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One audit in a model's history.

    Attributes
    ----------
    link
        Relative address of its page, or empty where there is none.
    """

    when: str
    link: str
    mark: Mark | None
    state: str
    headline: str
    gain: str
    ends: str
    unit: str
    stale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Months with audits, each with its page."""

    name: str
    months: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A model's audits, newest first: its newest ones, or those of a month.

    Attributes
    ----------
    month
        Of a month's page: which, in words; else empty.
    grid
        What the newest audits said of every setting.
    rows_title
        Over the rows.
    parts
        Of a month that fills several pages: those pages.
    years
        Where the older audits are.
    backtest
        Where the newest backtest is; empty without one.
    """

    title: str
    favicon: str
    model: str
    month: str
    lead: str
    tiles: tuple[Tile, ...]
    chart: Figure | None
    grid: Grid | None
    rows_title: str
    rows: tuple[AuditRow, ...]
    parts: tuple[Link, ...]
    years: tuple[Year, ...]
    backtest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One model in the index."""

    model: str
    history: str
    mark: Mark | None
    state: str
    headline: str
    link: str
    since: str
    gain: str
    ends: str
    unit: str
    last: str
    due: str
    overdue: bool
    sparkline: Svg | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column by which the rows can be put in order.

    Attributes
    ----------
    to
        The page on which they are; empty where that is this page, or where there is none.
    order
        As ``aria-sort`` says it, or empty.
    """

    text: str
    to: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows to show, chosen without a script.

    Attributes
    ----------
    key
        The class of the rows that stay; ``all`` keeps every one.
    """

    key: str
    text: str
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """Every model in one row.

    Attributes
    ----------
    as_of
        When the page was written: overdue is meant as of then.
    choices
        Empty where there is nothing to choose from.
    parts
        Where the models fill several pages: those pages.
    """

    title: str
    favicon: str
    as_of: str
    lead: str
    choices: tuple[Choice, ...]
    head: tuple[Heading, ...]
    rows: tuple[ModelRow, ...]
    parts: tuple[Link, ...]
    grid: Grid | None
