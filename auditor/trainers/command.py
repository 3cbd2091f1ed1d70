"""The kind ``command``: a user's own program, in any language, trains and predicts, or scores.

The program is run in the current folder, with one more argument: the path of a JSON file.

==================  ============================================================================
key                 holds
==================  ============================================================================
``settings``        by name, the fixed ones too
``seed``            what everything random follows
``fidelity``        in (0, 1]; below 1 only if the trainer says ``fidelity = true``
``fit``, ``score``  the paths of the rows: features, and the target where the program may see it
``target``          the target's name
``classes``         its labels in the rows to fit on, sorted; null where it is a number
``gives``           what is asked for (``outcomes.py``)
``metric``          by which it is scored
``result``          the path to write to, in the format of the rows
==================  ============================================================================

A result has a header and a line for each scored row: one column, or one for each class, named like it. A
``loss`` or a ``score`` is a header and one line. Lines on standard output that say ``curve STEP NUMBER`` are
points of the learning curve. Exit code 0 says that it went well, 65 that the settings were refused
(``EX_DATAERR`` of sysexits.h), any other that it failed; the last line on standard error says why.
"""

import json
import math
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from auditor.core.metrics import Metric, Needs, loss_of_score
from auditor.core.records import Config, CurvePoint, Failure, FailureKind, TrainerFacts, TrainerSpec
from auditor.errors import TrainerError, one_line, printable
from auditor.settings import without_ours
from auditor.trainers.failing import TrialError, rejected
from auditor.trainers.outcomes import described, losses_of, visible
from auditor.trainers.processes import Ending, run_program
from auditor.trainers.training import Task, Trained

REFUSED = 65
"""The exit code of a program that does not accept its settings."""

_FOLDERS = "auditor-trial-"


def describe(trainer: TrainerSpec, config: Config, metric: Metric) -> TrainerFacts:
    """Find the program, and say what it gives; it is not run."""
    program = shlex.split(trainer.entry)[0]
    if shutil.which(program) is None:
        where = "is no program here" if os.sep in program else "is not among the programs on the PATH"
        raise TrainerError(f"{program!r} (trainer.command) {where}, or may not be run")
    return described(trainer, metric, fidelity=bool(trainer.options["fidelity"]))


def train(task: Task) -> Trained:
    """Run the program once and score what it leaves behind."""
    began = monotonic()
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{_FOLDERS}{os.getpid()}-") as folder:
        order = _written(task, Path(folder))
        points: list[CurvePoint] = []
        ending = run_program(
            [*shlex.split(task.trainer.entry), str(order)],
            environment=without_ours(os.environ),
            # A little before the worker itself would be killed, so that nothing is left behind.
            seconds=max(0.5 * _limit(task), _limit(task) - 1.0) - (monotonic() - began),
            memory_bytes=task.job.memory_bytes,
            on_line=lambda line: points.extend(_point(line, task)),
        )
        _refuse(ending, task)
        gives, labels = str(task.trainer.options["gives"]), _labels(task)
        value = _read(_result(folder, task), gives, task.judge.metric, known=_known(task, labels))
        losses = losses_of(gives, value, task.judge, labels=labels)
    iterations = points[-1].step if points else None
    return Trained(losses, iterations, tuple(points) if task.extent.watched else ())


def _limit(task: Task) -> float:
    return task.job.timeout_seconds


def _sweep(folder: Path) -> None:
    """Remove what trials left behind whose worker was killed."""
    for path in folder.glob(f"{_FOLDERS}*-*"):
        owner = path.name.removeprefix(_FOLDERS).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


# ---------------------------------------------------------------- what the program is handed


def _written(task: Task, folder: Path) -> Path:
    """Write rows and order into a folder, and return the path of the order."""
    fit, score = visible(task)
    classes = task.job.layout.classes
    order = {
        "settings": task.settings,
        "seed": task.seed,
        "fidelity": task.extent.fidelity,
        "fit": _rows(fit, folder, "fit", task),
        "score": _rows(score, folder, "score", task),
        "target": task.job.layout.target,
        "classes": _labels(task).tolist() if classes else None,
        "gives": task.trainer.options["gives"],
        "metric": task.job.metric,
        "result": str(_result(str(folder), task)),
    }
    path = folder / "order.json"
    path.write_text(json.dumps(order, indent=1) + "\n", encoding="utf-8")
    return path


def _rows(frame: pd.DataFrame, folder: Path, name: str, task: Task) -> str:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    path = folder / f"{name}.{task.trainer.options['rows']}"
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table, path)
    else:
        with path.open("wb") as file:
            # Arrow quotes every name of a header; quotes where none are needed are a nuisance to awk.
            file.write((",".join(map(_quoted, table.column_names)) + "\n").encode())
            options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
            pyarrow.csv.write_csv(table, file, options)
    return str(path)


def _quoted(name: str) -> str:
    return f'"{name.replace(chr(34), chr(34) * 2)}"' if any(sign in name for sign in ',"\n\r') else name


def _labels(task: Task) -> npt.NDArray[Any]:
    return np.unique(task.rows.target) if task.job.layout.classes else task.rows.target[:0]


def _result(folder: str, task: Task) -> Path:
    return Path(folder) / f"result.{task.trainer.options['rows']}"


# ---------------------------------------------------------------- what it leaves behind


def _point(line: str, task: Task) -> list[CurvePoint]:
    """Return the point of the learning curve that a line tells, if it tells one."""
    match line.split():
        case ["curve", step, number]:
            try:
                at, loss = int(step), float(number)
            except ValueError:
                return []
            if task.trainer.options["gives"] == "score":
                loss = loss_of_score(task.judge.metric.name, loss)
            return [CurvePoint(at, loss)] if math.isfinite(loss) else []
        case _:
            return []


def _refuse(ending: Ending, task: Task) -> None:
    """Raise the failure of a program that did not end well."""
    failure = _failure(ending, task)
    if failure is not None:
        raise TrialError(failure)


def _failure(ending: Ending, task: Task) -> Failure | None:
    if ending.late:
        return Failure(FailureKind.TIMEOUT, f"did not end within its limit of {_limit(task):g} s")
    if ending.large:
        size = task.job.memory_bytes / 1024**3
        return Failure(FailureKind.MEMORY, f"the program took more than its {size:.3g} GB of memory")
    said = printable(ending.said.splitlines()[-1]) if ending.said else ""
    why = f": {said}" if said else ""
    if ending.code < 0:
        name = signal.Signals(-ending.code).name
        return Failure(FailureKind.CRASH, f"the program was killed by {name}{why}")
    if ending.code == REFUSED:
        return Failure(FailureKind.REJECTED, said or "the program refused its settings")
    if ending.code:
        return Failure(FailureKind.ERROR, f"the program ended with exit code {ending.code}{why}")
    return None


def _read(path: Path, gives: str, metric: Metric, *, known: Mapping[str, Any]) -> object:
    """Return what a program wrote, as a function would have returned it."""
    table = _table(path)
    if gives in ("loss", "score"):
        if table.shape != (1, 1):
            raise rejected(f"the program's result must be one {gives}, got {_shape(table)}")
        return table.iloc[0, 0]
    if gives == "predictions" and metric.needs is Needs.PROBABILITIES and table.shape[1] > 1:
        return table.rename(columns=lambda name: known.get(str(name), name))
    if table.shape[1] != 1:
        raise rejected(f"the program's result must be one column, got {_shape(table)}")
    column = table.iloc[:, 0]
    return column.map(lambda text: known.get(str(text), text)).to_numpy() if known else column.to_numpy()


def _table(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    except FileNotFoundError as error:
        raise rejected(f"the program wrote no {path.name}, though it ended well") from error
    except (ValueError, OSError, pa.ArrowException) as error:
        raise rejected(f"the program's {path.name} cannot be read: {one_line(error)}") from error


def _known(task: Task, labels: npt.NDArray[Any]) -> dict[str, Any]:
    """Return the labels of the data by how a program may write them."""
    metric = task.judge.metric
    if not task.job.layout.classes or metric.needs not in (Needs.LABELS, Needs.PROBABILITIES):
        return {}
    every = np.unique(np.concatenate([labels, task.judge.target])).tolist()
    numbers = {f"{float(label):g}": label for label in every if isinstance(label, int | float)}
    return {**numbers, **{str(label).lower(): label for label in every}, **{str(one): one for one in every}}


def _shape(table: pd.DataFrame) -> str:
    return f"{table.shape[0]} rows of {table.shape[1]} columns"
