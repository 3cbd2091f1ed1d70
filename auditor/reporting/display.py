"""An audit where a notebook shows it: call, sentence, every setting, and the way to its page. Pure."""

from html import escape

from auditor.core.records import Audit, Call, Finding
from auditor.core.wording import shown

_MARKS = {Call.STALE: "▲ stale", Call.FRESH: "● fresh", Call.UNDECIDED: "◆ undecided", None: "– failed"}
_CELL = "padding:.2em .8em .2em 0;text-align:left;vertical-align:top"


def display_html(audit: Audit, *, page: str) -> str:
    """Return an audit as a piece of HTML without scripts, whose colours are the notebook's own.

    Parameters
    ----------
    page
        Where the whole page lies: a path, shown and linked.
    """
    rows = "".join(_row(finding) for finding in audit.settings)
    heads = "".join(
        f'<th style="{_CELL}">{name}</th>'
        for name in ("setting", "production", "recommended", "call", "because")
    )
    return (
        '<div style="max-width:60em">'
        f'<p style="margin:.2em 0"><strong>{_MARKS[audit.call].upper()}</strong> '
        f"{escape(audit.headline)}</p>"
        f'<p style="margin:.2em 0">{escape(audit.sentence)}</p>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p style="margin:.2em 0">Report: <a href="{escape(page, quote=True)}">{escape(page)}</a></p>'
        "</div>"
    )


def _row(finding: Finding) -> str:
    changed = shown(finding.recommended) if finding.recommended != finding.production else ""
    cells = (
        finding.name,
        shown(finding.production),
        changed,
        _MARKS[finding.call],
        finding.sentence,
    )
    return "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in cells) + "</tr>"
