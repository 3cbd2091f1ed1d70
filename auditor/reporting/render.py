"""Pages as text: the templates, filled. Pure, so that a page can be rendered again and timed."""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from auditor.core.records import Audit, AuditSummary, Backtest
from auditor.reporting.backtests import backtest_page
from auditor.reporting.charts.svg import tidy
from auditor.reporting.history import history_page, month_page
from auditor.reporting.portfolio import index_pages, standings
from auditor.reporting.view import audit_page

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def render_audit(audit: Audit, past: Sequence[AuditSummary], *, beside: bool = False) -> str:
    """Return the page of an audit: one file, no script, no request, the same bytes every time.

    Parameters
    ----------
    past
        This model's audits, newest first, from this one on back.
    beside
        Whether its twin and its trials lie beside it, to be linked.
    """
    return _filled("audit.html", audit_page(audit, past, beside=beside))


def render_backtest(backtest: Backtest, *, listed: bool) -> str:
    """Return the page of a backtest; see ``backtests.backtest_page``."""
    return _filled("backtest.html", backtest_page(backtest, listed=listed))


def render_history(
    audits: Sequence[AuditSummary],
    *,
    pages: Collection[str],
    months: Sequence[str] = (),
    backtest: str = "",
) -> str:
    """Return the page that lists one model's newest audits; see ``history.history_page``."""
    return _filled("history.html", history_page(audits, pages=pages, months=months, backtest=backtest))


def render_month(audits: Sequence[AuditSummary], *, part: int, parts: int, pages: Collection[str]) -> str:
    """Return a page of a month of one model; see ``history.month_page``."""
    return _filled("history.html", month_page(audits, part=part, parts=parts, pages=pages))


def render_index(
    audits: Sequence[AuditSummary],
    *,
    as_of: datetime,
    folders: Mapping[str, str],
    pages: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """Return the pages that list every model, by their stems; see ``portfolio.index_pages``.

    Parameters
    ----------
    audits
        The newest of each model, a model's newest first.
    as_of
        What counts as overdue, and is written on the page.
    """
    found = index_pages(standings(audits, as_of=as_of), folders=folders, pages=pages)
    return {stem: _filled("index.html", page) for stem, page in found.items()}


def _filled(template: str, page: "DataclassInstance") -> str:
    facts = {field.name: getattr(page, field.name) for field in fields(page)}
    # Names are escaped by Jinja as they come; what no page may hold at all is taken out of the whole.
    return tidy(_environment().get_template(template).render(facts))


@functools.cache
def _environment() -> Environment:
    """Return the templates' environment; compiling them takes longer than filling them."""
    return Environment(
        loader=PackageLoader("auditor.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
