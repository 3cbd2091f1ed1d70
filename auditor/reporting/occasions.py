"""Why an audit was run when it was, and which due ones it stands for, as tiles of the first screen. Pure."""

from auditor.core.records import Audit, Why
from auditor.core.wording import counted
from auditor.reporting.numbers import date_text
from auditor.reporting.page import Tile

_WHY = {
    Why.SLOT: "On schedule",
    Why.REQUEST: "Asked for",
    Why.DATA_DRIFT: "Data moved",
    Why.ENVIRONMENT: "Environment changed",
    Why.CODE: "Code changed",
    Why.PRODUCTION: "Production changed",
}


def why_tile(audit: Audit) -> Tile | None:
    """Return why the daemon ran it; None when it was run by hand."""
    occasion = audit.occasion
    if occasion is None:
        return None
    return Tile(name="Why now", value=_WHY[occasion.why], detail=occasion.said)


def missed_tile(audit: Audit) -> Tile | None:
    """Return how many due slots had passed while nobody audited; None where none had."""
    occasion = audit.occasion
    if occasion is None or not occasion.missed:
        return None
    first = f", the oldest of {date_text(occasion.first_missed)}" if occasion.first_missed else ""
    return Tile(
        name="Due slots missed",
        value=counted(occasion.missed, "slot"),
        detail=f"passed while nobody audited{first}; this audit stands for them",
    )
