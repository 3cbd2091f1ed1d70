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
from auditor.reporting.listing import history_page, index_page
from auditor.reporting.view import audit_page

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def render_audit(audit: Audit, past: Sequence[AuditSummary]) -> str:
    """Return the page of an audit: one file, no script, no request, the same bytes every time.

    Parameters
    ----------
    past
        Every model's audits, newest first, this one among them or not.
    """
    return _filled("audit.html", audit_page(audit, past))


def render_backtest(backtest: Backtest, *, listed: bool) -> str:
    """Return the page of a backtest; see ``backtests.backtest_page``."""
    return _filled("backtest.html", backtest_page(backtest, listed=listed))


def render_history(audits: Sequence[AuditSummary], *, pages: Collection[str]) -> str:
    """Return the page that lists one model's audits; see ``listing.history_page``."""
    return _filled("history.html", history_page(audits, pages=pages))


def render_index(
    audits: Sequence[AuditSummary],
    *,
    as_of: datetime,
    folders: Mapping[str, str],
    pages: Mapping[str, Collection[str]],
) -> str:
    """Return the page that lists every model; see ``listing.index_page``."""
    return _filled("index.html", index_page(audits, as_of=as_of, folders=folders, pages=pages))


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
