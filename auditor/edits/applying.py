"""A recommendation put where production's settings are written down, or taken back from there.

Nothing is written unless production still runs what the audit looked at, in every setting: the verdict is
about that configuration. A file that changed between the look and the write is left alone.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.core.defaults import same
from auditor.core.records import Application, Audit, Call, Config, Plan, SettingChange, Value
from auditor.core.wording import listed, shown
from auditor.edits.changes import Edit, FileEdit, read
from auditor.edits.documents import KINDS, edited, edited_env
from auditor.edits.tags import tag_edit
from auditor.errors import AuditorError, CaptureError
from auditor.ports import Tools
from auditor.sources.production import INLINE, split_place

_MLFLOW = "mlflow:"
_BOM = "\N{BYTE ORDER MARK}"

_INSTEAD: Mapping[str, str] = {
    "joblib": "train the model anew with these values and save it where it is loaded from",
    "skops": "train the model anew with these values and save it where it is loaded from",
    "torch": "train the model anew with these values and save its checkpoint",
    "python": "change what the function returns",
    "optuna": "run a trial with these values, or name another trial",
    "sql": "update the row that the query reads",
    "env": "give the variable a JSON object with these values where this process is started from",
    "auditor.capture": "put these values into the deploy job that calls auditor.capture(...)",
}
"""What to do about settings whose place is not a text that can be edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A change of production, ready to be carried out.

    Attributes
    ----------
    edits
        Empty where production runs these values already, so that only the record is missing.
    already
        The record, where that is not missing either: there is nothing left to do.
    """

    audit: Audit
    changes: tuple[SettingChange, ...]
    edits: tuple[Edit, ...]
    back: bool
    already: Application | None = None


def recommended(audit: Audit) -> tuple[SettingChange, ...]:
    """Return what a stale audit recommends to change.

    Raises
    ------
    AuditorError
        If it recommends nothing: only a confirmed gain is a ground for a change.
    """
    if audit.error is not None:
        raise AuditorError(f"audit {audit.id} failed, so it recommends nothing: {audit.error}")
    if audit.call is Call.UNDECIDED:
        raise AuditorError(
            f"audit {audit.id} is undecided, which is no ground for a change: {audit.headline.lower()}; "
            "nothing is written"
        )
    if audit.call is not Call.STALE:
        raise AuditorError(f"audit {audit.id} found production fresh: there is nothing to change")
    origins = {setting.name: setting.origin for setting in audit.capture.settings}
    changes = tuple(
        SettingChange(
            name=finding.name,
            before=finding.production,
            after=finding.recommended,
            origin=origins.get(finding.name, ""),
        )
        for finding in audit.settings
        if not same(finding.production, finding.recommended)
    )
    if not changes:
        raise AuditorError(
            f"audit {audit.id} confirmed a gain that no single change carries; see its page for the finalists"
        )
    return changes


def reversed_changes(application: Application) -> tuple[SettingChange, ...]:
    """Return what takes an application back."""
    return tuple(
        SettingChange(name=one.name, before=one.after, after=one.before, origin=one.origin)
        for one in application.changes
    )


def prepare(
    audit: Audit,
    changes: Sequence[SettingChange],
    *,
    plan: Plan,
    expected: Config,
    env_file: Path | None,
    tools: Tools,
    back: bool = False,
) -> Prepared:
    """Find every place, edit its text in memory, and write nothing.

    Parameters
    ----------
    expected
        What production must still run for the change to be about it.
    env_file
        The file that sets the environment variables, where settings come from those.

    Raises
    ------
    CaptureError
        If production runs something else by now, or a place cannot be edited.
    """
    captured = tools.sources.production(plan.production, plan.trainer)
    now = {one.name: one.value for one in captured}
    if _runs(now, {**expected, **{one.name: one.after for one in changes}}):
        return Prepared(audit=audit, changes=tuple(changes), edits=(), back=back)
    moved = [name for name in {**expected, **now} if not _alike(now, expected, name)]
    if moved:
        told = listed(
            [f"{name} is {_said(now, name)} and was {_said(expected, name)}" for name in sorted(moved)]
        )
        raise CaptureError(
            f"production is not what audit {audit.id} looked at any more: {told}; audit again "
            f"(`auditor run {plan.name}`) before changing it"
        )
    origins = {one.name: one.origin for one in captured}
    if env_file is not None and not any(one.origin.startswith("env:") for one in changes):
        places = listed(sorted({one.origin if one.origin != INLINE else plan.path for one in changes}))
        raise CaptureError(f"--env-file {env_file} sets nothing of this change, which is written in {places}")
    edits: list[Edit] = []
    for origin, part in _by_origin(changes).items():
        if origin == _MLFLOW:
            call = tools.executor.call
            edits.append(tag_edit(audit.id, part, now=now, origins=origins, back=back, call=call))
        else:
            edits.append(_edit(origin, part, plan, env_file))
    return Prepared(audit=audit, changes=tuple(changes), edits=tuple(edits), back=back)


def carry_out(prepared: Prepared) -> None:
    """Write every file, or none.

    Raises
    ------
    CaptureError
        If a file changed since it was read.
    AuditorError
        If one cannot be written; those written before are put back.
    """
    for edit in prepared.edits:
        edit.must_be_as_read()
    done: list[Edit] = []
    try:
        for edit in prepared.edits:
            edit.write()
            done.append(edit)
    except AuditorError:
        for edit in done:
            edit.put_back()
        raise


def _by_origin(changes: Sequence[SettingChange]) -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    for one in changes:
        # A version is one place, whichever of its parameters and tags a setting was read from.
        origin = _MLFLOW if one.origin.startswith(_MLFLOW) else one.origin
        found.setdefault(origin, {})[one.name] = one.after
    return found


def _edit(origin: str, changes: Mapping[str, Value], plan: Plan, env_file: Path | None) -> FileEdit:
    kind, _, rest = origin.partition(":")
    if origin == INLINE:
        return _in_document("toml", plan.path, "/production", changes, origin=plan.path)
    if kind in KINDS:
        path, pointer = split_place(rest)
        return _in_document(kind, path, pointer, changes, origin=origin)
    if kind == "env" and rest.endswith("_"):
        return _in_variables(rest, changes, env_file, origin=origin)
    values = listed([f"{name} = {shown(value)}" for name, value in changes.items()])
    instead = _INSTEAD.get(kind, "change them where they come from")
    raise CaptureError(
        f"{origin or 'production'} cannot be edited: {instead} ({values}); then `auditor capture {plan.name}`"
    )


def _in_document(
    kind: str, path: str, pointer: str, changes: Mapping[str, Value], *, origin: str
) -> FileEdit:
    old = read(Path(path))
    mark, text = (_BOM, old[1:]) if old.startswith(_BOM) else ("", old)
    return FileEdit(Path(path), old, mark + edited(kind, text, pointer, changes, origin=origin), context=3)


def _in_variables(
    prefix: str, changes: Mapping[str, Value], env_file: Path | None, *, origin: str
) -> FileEdit:
    variables = {_variable(prefix, name): value for name, value in changes.items()}
    if env_file is None:
        told = " ".join(f"{name}={shown(value)}" for name, value in variables.items())
        raise CaptureError(
            f"{origin}: the environment belongs to whoever started this process: set {told} there, or name "
            "the file that sets them with --env-file .env"
        )
    old = read(env_file)
    return FileEdit(env_file, old, edited_env(old, variables, origin=str(env_file)), context=0)


def _variable(prefix: str, name: str) -> str:
    """Return the variable that a setting was read from: names were lowered when they were read."""
    for variable in os.environ:
        if variable.startswith(prefix) and variable.removeprefix(prefix).lower() == name:
            return variable
    return prefix + name.upper()


def _runs(now: Config, wanted: Config) -> bool:
    return all(_alike(now, wanted, name) for name in {**now, **wanted})


def _alike(one: Config, other: Config, name: str) -> bool:
    return name in one and name in other and same(one[name], other[name])


def _said(config: Config, name: str) -> str:
    return shown(config[name]) if name in config else "absent"
