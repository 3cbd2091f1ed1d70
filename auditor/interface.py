"""What Python code may call: ``auditor.capture(...)``, for the deploy job."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.records import Capture, Plan, Value
from auditor.declarations import find_plan
from auditor.errors import CaptureError
from auditor.ports import Tools
from auditor.progress import silent
from auditor.settings import Settings
from auditor.stages.capture import capture as record
from auditor.stages.snapshot import take_snapshot
from auditor.wiring import open_tools

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = (bool, int, float, str, type(None))


def capture(
    name: str, settings: Mapping[str, Value] | None = None, data: "pd.DataFrame | bool | None" = None
) -> Capture:
    """Record what production runs now, with its environment, its code and the rows it was tuned on.

    Parameters
    ----------
    name
        A schedule: the stem of its file in ``schedules/``.
    settings
        Values that production runs; they override those of the schedule's ``[production]``.
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
    environment = Settings.from_environment(os.environ)
    plan = find_plan(environment.schedules, name)
    _refuse_objects(settings or {})
    with open_tools(environment, workers=1, progress=silent()) as tools:
        return record(plan, tools, settings=settings, snapshot=_filed(data, plan, tools))


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


def _refuse_objects(settings: Mapping[str, Value]) -> None:
    for name, value in settings.items():
        if not isinstance(value, _PLAIN):
            raise CaptureError(
                f"setting {name!r} is a {type(value).__name__}, got {value!r}; "
                "a setting is a number, a text, true, false or none"
            )
