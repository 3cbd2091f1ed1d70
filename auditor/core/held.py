"""Whether what an audit recommended, and production runs since, still pays: in a sentence."""

from collections.abc import Sequence
from datetime import datetime

from auditor.core.records import Application, Config, Estimate, SettingChange
from auditor.core.wording import Ruler, listed, shown


def standing(applications: Sequence[Application], *, capture: int) -> Application | None:
    """Return what was applied last, if production still runs it: if the present capture is its own."""
    if not applications or applications[-1].back or applications[-1].capture != capture:
        return None
    return applications[-1]


def former(production: Config, changes: Sequence[SettingChange]) -> Config:
    """Return production's configuration as it was before some changes.

    Examples
    --------
    >>> former({"a": 2, "b": 3}, [SettingChange(name="a", before=1, after=2, origin="schedule")])
    {'a': 1, 'b': 3}
    """
    return {**production, **{change.name: change.before for change in changes}}


def in_words(
    audit: int,
    at: datetime,
    changes: Sequence[SettingChange],
    worth: Estimate | None,
    *,
    rows: int,
    ruler: Ruler,
) -> str:
    """Return what was applied, and what it is worth on rows that came since."""
    told = listed([f"{one.name} from {shown(one.before)} to {shown(one.after)}" for one in changes])
    said = f"Audit {audit} was applied on {at:%Y-%m-%d}: {told}."
    if worth is None:
        return f"{said} Whether that held is not measured: there are too few rows newer than that audit's."
    since = f"On {rows:,} rows newer than that audit's, it lowers {ruler.unit} by {ruler.interval(worth)}"
    if worth.low > 0.0:
        return f"{said} {since}: it held."
    if worth.high < 0.0:
        return f"{said} {since}: the former values would do better now."
    return f"{said} {since}: that cannot be told from no difference."
