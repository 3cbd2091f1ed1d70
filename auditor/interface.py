"""What Python code may call: ``auditor.capture(...)`` to deploy, ``auditor.production(...)`` to train."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.places import put_together, spread_all
from auditor.core.records import Capture, Plan, Value
from auditor.declarations import find_plan
from auditor.errors import CaptureError
from auditor.ports import Tools
from auditor.progress import silent
from auditor.settings import Settings
from auditor.stages.capture import capture as record
from auditor.stages.capture import look
from auditor.stages.capture import notice as look_again
from auditor.stages.snapshot import take_snapshot
from auditor.wiring import for_reading, open_tools

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = (bool, int, float, str, type(None))


def capture(
    name: str,
    settings: Mapping[str, Value | Sequence[Value]] | None = None,
    data: "pd.DataFrame | bool | None" = None,
) -> Capture:
    """Record what production runs now, with its environment, its code and the rows it was tuned on.

    Parameters
    ----------
    name
        A schedule: the stem of its file in ``schedules/``.
    settings
        Values that production runs; they override those of the schedule's ``[production]``. A list is
        as many settings as it has parts.
    data
        The rows that production was tuned on; True to read them from the schedule's ``[data]``.

    Returns
    -------
    Capture
        As recorded, with its number.

    Raises
    ------
    AuditorError
        If there is no such schedule, production cannot be read, or a setting is not a plain value.
    """
    environment = Settings.here()
    plan = find_plan(environment.schedules, name)
    handed = _plain(settings or {})
    with open_tools(environment, workers=1, progress=silent()) as tools:
        return record(plan, tools, settings=handed, snapshot=_filed(data, plan, tools))


def production(name: str) -> dict[str, Value | tuple[Value, ...]]:
    """Return what production runs, or is to run: the settings that an audit would read, by name.

    A training that takes its settings from here follows whatever `auditor apply` has written, wherever it is
    written; what the schedule holds fixed is not among them.

    Parameters
    ----------
    name
        A schedule: the stem of its file in ``schedules/``.

    Returns
    -------
    dict
        A list, such as ``hidden_layer_sizes``, is one tuple.

    Raises
    ------
    AuditorError
        If there is no such schedule, or production cannot be read.
    """
    environment = Settings.here()
    plan = find_plan(environment.schedules, name)
    with (
        for_reading(environment) as found,  # to ask what production runs leaves no ledger behind
        open_tools(found, workers=1, progress=silent()) as tools,
    ):
        return put_together(look(plan, tools).config)


def notice(name: str) -> Capture | None:
    """Record what production runs now if that is not what was captured last.

    Parameters
    ----------
    name
        A schedule: the stem of its file in ``schedules/``.

    Returns
    -------
    Capture or None
        The new capture, or None when nothing changed.

    Raises
    ------
    AuditorError
        If there is no such schedule, it does not say where production lives, or that cannot be read.
    """
    environment = Settings.here()
    plan = find_plan(environment.schedules, name)
    if plan.production.origin is None and not plan.production.inline:
        raise CaptureError(
            f"{plan.path} does not say where production lives, so no change can be noticed; give its "
            "settings under [production], or where they lie in production.from"
        )
    with open_tools(environment, workers=1, progress=silent()) as tools:
        return look_again(plan, tools)


def _filed(data: "pd.DataFrame | bool | None", plan: Plan, tools: Tools) -> str | None:
    if data is None or data is False:
        return None
    if data is True:
        return take_snapshot(plan, tools).digest
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        path = Path(folder) / "rows.parquet"
        data.to_parquet(path, index=False)
        # Through the schedule's own door, so that later audits find the same columns of the same types.
        handed = replace(plan.data, source=str(path), query=None, window=None, rows=None)
        return take_snapshot(replace(plan, data=handed), tools).digest


def _plain(settings: Mapping[str, Value | Sequence[Value]]) -> dict[str, Value]:
    """Return settings with lists taken apart, and refuse what is no setting."""
    apart = spread_all({name: _as_tuple(value) for name, value in settings.items()})
    for name, value in apart.items():
        if not isinstance(value, _PLAIN):
            raise CaptureError(
                f"setting {name!r} is a {type(value).__name__}, got {value!r}; "
                "a setting is a number, a text, true, false or none, or a list of those"
            )
    return apart


def _as_tuple(value: Value | Sequence[Value]) -> Value | tuple[Value, ...]:
    return tuple(value) if isinstance(value, list | tuple) else value  # type: ignore[return-value]
