"""Whether what was applied still pays, as a fact of the first screen. Pure."""

from auditor.core.records import Audit
from auditor.core.wording import counted, listed, shown
from auditor.reporting.numbers import Yardstick, date_text
from auditor.reporting.page import Tile


def held_tile(audit: Audit, yard: Yardstick) -> Tile | None:
    """Return what the last applied recommendation is worth now; None where production runs none."""
    held = audit.held
    if held is None:
        return None
    told = listed([f"{one.name} from {shown(one.before)} to {shown(one.after)}" for one in held.changes])
    applied = f"applied audit {held.audit} on {date_text(held.applied_at)}: {told}"
    if held.worth is None:
        return Tile(name="What was applied", value="Not measured", detail=f"{applied}; too few newer rows")
    since = f"measured since, on {counted(held.rows, 'newer row')}: {yard.ends(held.worth)}"
    return Tile(name="What was applied gains", value=yard.number(held.worth), detail=f"{applied}; {since}")
