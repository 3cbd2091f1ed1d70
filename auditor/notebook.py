"""An audit from Python: ``auditor.audit(model, rows, target=...)``, the same engine as ``auditor run``.

It writes a schedule, as ``auditor init`` does, into a project folder and audits that; so everything that
the command line can do with an audit can be done with one from a notebook.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.audit import run_audit
from auditor.core.records import Audit, Config, DimensionSpec, Estimate, Finding, ScaleName, Value
from auditor.declarations import load_plan, name_problem
from auditor.drafts.columns import propose_roles
from auditor.drafts.drafting import Given, drafted, module_name, with_search
from auditor.drafts.handed import facts_of_model
from auditor.drafts.looking import look_at_data
from auditor.drafts.tables import Range
from auditor.drafts.writing import Draft, Line, text_of
from auditor.errors import DeclarationError, one_line
from auditor.files import write_text
from auditor.ports import Assignment
from auditor.progress import open_progress
from auditor.settings import Settings
from auditor.wiring import only_one, open_tools

if TYPE_CHECKING:
    import pandas as pd

Searched: TypeAlias = Mapping[str, Mapping[str, Any] | Sequence[Value]]
"""What is searched, by setting: the keys of a ``[search.NAME]`` table, or a list of choices."""

_MARK = "# Drafted by `auditor.audit`"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What an audit found. In a notebook it shows itself as a table.

    Attributes
    ----------
    record
        The whole audit, as the JSON twin of its page has it.
    page
        The report.
    folder
        The project: schedule, ledger, vault and reports. ``auditor apply`` and the like work in it.
    """

    record: Audit
    page: Path
    folder: Path

    @property
    def call(self) -> str:
        """``stale``, ``fresh`` or ``undecided``."""
        return str(self.record.call)

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        return self.record.sentence

    @property
    def gain(self) -> Estimate | None:
        """Loss of production minus loss of the challenger, on rows that the search never saw."""
        return self.record.gain

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is said of each searched setting."""
        return self.record.settings

    @property
    def recommended(self) -> dict[str, Value]:
        """The settings to change and what to; empty unless stale."""
        return {each.name: each.recommended for each in self.findings if each.recommended != each.production}

    def __str__(self) -> str:
        """Return the verdict in two lines."""
        return f"{self.call.upper()}: {self.record.headline}\n{self.sentence}"

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from auditor.reporting.display import display_html

        return display_html(self.record, page=str(self.page))


def audit(
    model: object,
    data: "pd.DataFrame | str | Path",
    *,
    target: str,
    settings: Config | None = None,
    time: str | None = None,
    group: str | None = None,
    drop: Sequence[str] = (),
    search: Searched | None = None,
    metric: str | None = None,
    margin: str | float = "1%",
    trials: int = 30,
    minutes: float = 20.0,
    workers: int | None = None,
    seed: int | None = None,
    name: str = "audit",
    folder: str | Path | None = None,
    quiet: bool = False,
) -> AuditResult:
    """Audit whether a model's settings still hold on fresh rows.

    Training happens in worker processes, which import what they train; so a class or a function must lie
    in a module, not in the notebook itself.

    Parameters
    ----------
    model
        What production trains: an estimator or pipeline (fitted or not), its class, a function that
        returns one, or the import path of any of them (``shop.churn:build``).
    data
        Fresh rows: a DataFrame, or the path of a CSV or Parquet file.
    target, time, group, drop
        Columns: to be predicted; that order rows (without, they are taken to be exchangeable); whose
        rows must stay together; that are no features.
    settings
        What production runs, where that differs from ``model`` as it is.
    search
        What is searched; by default the settings that matter most, where the literature looks.
    metric, margin
        What a model is scored by, and the smallest gain worth a redeployment.
    trials, minutes, workers
        What the search may spend.
    seed
        Get the same audit again.
    name
        Of the model and its schedule.
    folder
        A project folder, made where absent; a temporary one, which is left for you to read, when None.
    quiet
        Whether to say nothing of the progress.

    Returns
    -------
    AuditResult
        Of a finished audit.

    Raises
    ------
    AuditorError
        If it cannot be carried out; the message says what to mend.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from sklearn.linear_model import Ridge
    >>> chance = np.random.default_rng(0)
    >>> rows = pd.DataFrame(chance.standard_normal((400, 3)), columns=["a", "b", "y"])
    >>> rows["y"] += rows["a"]
    >>> found = audit(Ridge(alpha=1e4), rows, target="y", trials=6, quiet=True, seed=1)
    >>> found.call, found.findings[0].name, found.page.suffix
    ('stale', 'alpha', '.html')
    """
    project = Path(tempfile.mkdtemp(prefix="auditor-") if folder is None else folder).resolve()
    here = Settings.here().within(project)
    path = here.schedules / f"{name}.toml"
    _refuse_strange(name, seed=seed, search=search, drop=drop)
    _refuse_anothers(path)
    asked = Given(
        name=name,
        data=_source(data, project, name),
        target=target,
        time=time or "",
        group=group,
        drop=tuple(drop),
        metric=metric,
        margin=margin,
        settings=dict(settings or {}),
    )
    with _importable(project):
        draft = _draft(asked, model, project, search=search)
        draft = replace(draft, budget=_budget(trials, minutes, workers))
        write_text(path, text_of(draft).replace(f"# Drafted by `auditor init {name}`", _MARK))
        return _run(path, here, seed=seed, quiet=quiet)


def _refuse_strange(name: object, *, seed: object, search: object, drop: object) -> None:
    """Refuse arguments of another kind before anything is written."""
    whole = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**63
    if seed is not None and not whole:
        raise DeclarationError(f"seed must be a whole number from 0 to 2**63 - 1, got {seed!r}")
    problem = name_problem(name)
    if problem is not None:
        raise DeclarationError(f"name {problem}")
    if search is not None and not isinstance(search, Mapping):
        raise DeclarationError(f"search must say by setting what is searched, as a dict, got {search!r}")
    if isinstance(drop, str):
        raise DeclarationError(f"drop must be a list of columns, got {drop!r}; write [{drop!r}]")


def _run(path: Path, here: Settings, *, seed: int | None, quiet: bool) -> AuditResult:
    plan = load_plan(path)
    assignment = Assignment(plan=plan, command=f"auditor run {plan.name}", seed=seed)
    with (
        only_one(here, plan.model),
        open_progress(quiet=quiet) as progress,
        open_tools(here, workers=plan.budget.workers, progress=progress) as tools,
    ):
        outcome = run_audit(assignment, tools)
    return AuditResult(record=outcome.audit, page=Path(outcome.page), folder=path.parent.parent)


def _budget(trials: int, minutes: float, workers: int | None) -> tuple[Line, ...]:
    lines = (Line("trials", trials), Line("time", f"{minutes:g} min"))
    return lines if workers is None else (*lines, Line("workers", workers))


def _refuse_anothers(path: Path) -> None:
    if path.exists() and not path.read_text("utf-8").startswith(_MARK):
        raise DeclarationError(
            f"{path} is somebody's own schedule, which is not written over; give another name= or folder="
        )


def _source(data: "pd.DataFrame | str | Path", project: Path, name: str) -> str:
    """Return where the rows lie; a DataFrame is written into the project first."""
    if isinstance(data, str | Path):
        return str(Path(data).resolve()) if "://" not in str(data) else str(data)
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        raise DeclarationError(
            f"data must be a pandas DataFrame or a path, got {type(data).__module__}.{type(data).__name__}"
        )
    import pyarrow.parquet as pq

    from auditor.sources.data import table_of_frame

    project.mkdir(parents=True, exist_ok=True)
    path = project / f"{name}.parquet"
    pq.write_table(table_of_frame(data, "data"), path)
    return str(path)


def _draft(asked: Given, model: object, project: Path, *, search: Searched | None) -> Draft:
    columns = look_at_data(asked.data, None, call=_here)
    roles = propose_roles(columns, target=asked.target, time=asked.time)
    missing = {asked.target, asked.time or asked.target, asked.group or asked.target, *asked.drop}
    missing -= {column.name for column in columns}
    if missing:
        there = ", ".join(column.name for column in columns)
        raise DeclarationError(
            f"data has no column {', '.join(map(repr, sorted(map(str, missing))))}; it has {there}"
        )
    # Nobody is there to be asked: of proposals only those are taken that keep the trainer from failing.
    roles = replace(roles, group=replace(roles.group, column=None), drop=())
    facts, told = facts_of_model(model, asked, project)
    estimator = facts.path or f"{module_name(asked.name)}:build"
    draft = drafted(told, roles, columns, facts, (Line("estimator", estimator),))
    own = {one.name: one.value for one in facts.settings}
    production = {**own, **told.settings} if told.origin else dict(told.settings)
    if search is None:
        return with_search(draft, production, facts)
    return replace(draft, search=tuple((key, _range(key, table)) for key, table in search.items()))


def _here(function: Any, *arguments: Any, **_: object) -> Any:
    """Call a function here: in a notebook the rows and the model are this process's own."""
    return function(*arguments)


def _range(name: str, table: Mapping[str, Any] | Sequence[Value]) -> Range:
    if not isinstance(table, Mapping):
        spec = DimensionSpec(scale=ScaleName.CHOICE, choices=tuple(table))
        return Range(spec=spec, source="asked", first=True)
    strange = set(table) - {"scale", "low", "high", "integer", "choices"}
    if strange:
        raise DeclarationError(
            f"search[{name!r}] has {', '.join(sorted(strange))}; allowed: scale, low, high, integer, choices"
        )
    if "choices" in table:
        return _range(name, list(table["choices"]))
    try:
        scale = ScaleName(table.get("scale", "linear"))
    except ValueError as error:
        raise DeclarationError(f"search[{name!r}]: {one_line(error)}") from error
    spec = DimensionSpec(
        scale=scale, low=table.get("low"), high=table.get("high"), integer=bool(table.get("integer", False))
    )
    return Range(spec=spec, source="asked", first=True)


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let workers that are started meanwhile import modules of a folder: they are handed our path."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
