"""Capture: record what production runs, from where it lives."""

from collections.abc import Mapping
from dataclasses import replace

from auditor.core.records import Capture, CapturedSetting, Plan, Value
from auditor.errors import CaptureError
from auditor.ports import Tools


def capture(
    plan: Plan, tools: Tools, *, settings: Mapping[str, Value] | None = None, snapshot: str | None = None
) -> Capture:
    """Record what production runs now.

    Parameters
    ----------
    settings
        Values handed over by the caller (``auditor.capture(...)`` in a deploy job), which override
        those of the declared source.
    snapshot
        Digest of the rows that production was tuned on, if they were filed.

    Raises
    ------
    CaptureError
        If production cannot be read.
    """
    return tools.ledger.add_capture(replace(_read(plan, tools, handed=settings or {}), snapshot=snapshot))


def current(plan: Plan, tools: Tools) -> Capture:
    """Return the capture that an audit stands on, recorded.

    A capture says what environment and code production was tuned in, so an unchanged
    configuration keeps its first capture; a changed one gets a new one.
    """
    found = look(plan, tools)
    return found if found.id else _same(found, tools) or tools.ledger.add_capture(found)


def notice(plan: Plan, tools: Tools) -> Capture | None:
    """Record what production runs if that is not what was captured last; made to be called often.

    So it is known later what ran when, also where production lives in a store that keeps no history of that.

    Returns
    -------
    Capture or None
        The new capture; None when nothing changed, or when the schedule does not say where production lives.

    Raises
    ------
    CaptureError
        If production cannot be read.
    """
    if not _declared(plan):
        return None
    found = look(plan, tools)
    return None if found.id or _same(found, tools) else tools.ledger.add_capture(found)


def look(plan: Plan, tools: Tools) -> Capture:
    """Return what production runs: the latest capture if it still holds, else one not yet recorded.

    Raises
    ------
    CaptureError
        If production cannot be read, and was never captured.
    """
    latest = tools.ledger.latest_capture(plan.model)
    if latest is not None and not _declared(plan):
        return latest
    now = _read(plan, tools, handed={})
    return latest if latest is not None and latest.config == now.config else now


def _same(found: Capture, tools: Tools) -> Capture | None:
    """Return the capture of the same configuration that another process has recorded meanwhile, or None.

    To read production and the environment takes seconds, in which an audit may begin beside a look.
    """
    latest = tools.ledger.latest_capture(found.model)
    return latest if latest is not None and latest.config == found.config else None


def _declared(plan: Plan) -> bool:
    return bool(plan.production.inline) or plan.production.origin is not None


def _read(plan: Plan, tools: Tools, *, handed: Mapping[str, Value]) -> Capture:
    found = tools.sources.production(plan.production, plan.trainer) if _declared(plan) else ()
    settings = {setting.name: setting for setting in found}
    for name, value in handed.items():
        settings[name] = CapturedSetting(name=name, raw=repr(value), value=value, origin="auditor.capture")
    if not settings:
        raise CaptureError(
            f"nothing is known of what {plan.model!r} runs in production: give its settings under "
            f"[production] in {plan.path}, or call auditor.capture({plan.name!r}, settings) in its deploy job"
        )
    return Capture(
        model=plan.model,
        settings=tuple(settings.values()),
        environment=tools.sources.environment(),
        code=tools.sources.code(plan.trainer),
        captured_at=tools.clock.now(),
    )
