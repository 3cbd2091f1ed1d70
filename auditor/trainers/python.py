"""The kind ``python``: a user's own function trains and predicts, or scores.

``train(settings, fit_rows, score_rows, seed, fidelity)`` is called by the names of its parameters; it takes
the first three, and whichever of the others it wants. Rows are DataFrames that hold the features, and the
target where the function may see it: in the rows to fit on always, in the rows to score on only if it is
the function that scores. It returns what ``trainer.gives`` says (``outcomes.py``). A generator yields the
same on the way, alone or as ``step, value``, for a learning curve; what counts in the end is what it
returns, or else yields last.

A function that also takes ``resume_from`` and ``checkpoint_to`` can be carried on as one live model (the
strategy ``panda``). Both are paths of a file, or None: it begins with the model in the one, or anew, trains
it on, and writes it to the other. With a file to begin with and none to write to, it is to predict with the
model as it is; with neither, as in a search, it trains anew and leaves nothing.

With ``trainer.together``, configurations that are to be trained on the same rows go to that function, which
takes a list of settings in place of ``settings`` and returns as many outcomes, in their order.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.metrics import Metric
from auditor.core.records import Config, CurvePoint, TrainerFacts, TrainerSpec
from auditor.errors import TrainerError, one_line
from auditor.trainers.failing import TrialError, rejected
from auditor.trainers.importing import import_object
from auditor.trainers.outcomes import curve_loss, described, losses_of, visible
from auditor.trainers.training import Task, Trained, one_thread

NEEDED = ("settings", "fit_rows", "score_rows")
OFFERED = (*NEEDED, "seed", "fidelity")
"""What a function is handed, by name."""

CARRIED = ("resume_from", "checkpoint_to")
"""What it is handed, too, if it names both."""

_LARGEST_SEED = 2**31 - 1


def describe(trainer: TrainerSpec, config: Config, metric: Metric) -> TrainerFacts:
    """Find the function, and say what it takes and gives; it is not called."""
    taken = _taken(trainer.entry, import_object(trainer.entry))
    if trainer.options.get("together") is not None:
        _taken(str(trainer.options["together"]), import_object(str(trainer.options["together"])))
    facts = described(trainer, metric, fidelity="fidelity" in taken)
    return replace(facts, continues=set(CARRIED) <= set(taken))


def train(task: Task) -> Trained:
    """Call the function once and score what it gives."""
    function = import_object(task.trainer.entry)
    taken = _taken(task.trainer.entry, function)
    gives, labels = str(task.trainer.options["gives"]), _labels(task)
    handed = _handed(task)
    with one_thread(task.trainer.entry):
        given = function(**{name: handed[name] for name in taken})
        if not isinstance(given, Iterator):
            return Trained(losses_of(gives, given, task.judge, labels=labels))
        return _followed(given, gives, task, labels)


def train_together(tasks: Sequence[Task]) -> Sequence[Trained | TrialError | None]:
    """Hand many configurations to the function that trains them at once, if there is one.

    Raises
    ------
    TrialError
        If it does not give as many outcomes.
    """
    entry = tasks[0].trainer.options.get("together")
    if entry is None:
        return (None,) * len(tasks)
    function = import_object(str(entry))
    taken = _taken(str(entry), function)
    handed = {**_handed(tasks[0]), "settings": [task.settings for task in tasks]}
    with one_thread(str(entry)):
        given = list(function(**{name: handed[name] for name in taken}))
    if len(given) != len(tasks):
        raise rejected(
            f"{entry} must give {len(tasks)} outcomes, one for each of the settings, got {len(given)}"
        )
    return [_scored(outcome, task) for outcome, task in zip(given, tasks, strict=True)]


def _scored(outcome: object, task: Task) -> Trained | TrialError:
    gives = str(task.trainer.options["gives"])
    try:
        return Trained(losses_of(gives, outcome, task.judge, labels=_labels(task)))
    except TrialError as error:
        return error


def _handed(task: Task) -> dict[str, Any]:
    """Return what a function may be handed, by name."""
    fit_rows, score_rows = visible(task)
    return {
        "settings": task.settings,
        "fit_rows": fit_rows,
        "score_rows": score_rows,
        "seed": task.seed % _LARGEST_SEED,
        "fidelity": task.extent.fidelity,
        "resume_from": task.carry.resume if task.carry else None,
        "checkpoint_to": task.carry.leave if task.carry else None,
    }


def _labels(task: Task) -> npt.NDArray[Any]:
    return np.unique(task.rows.target) if task.job.layout.classes else task.rows.target[:0]


def _followed(course: Iterator[Any], gives: str, task: Task, labels: npt.NDArray[Any]) -> Trained:
    """Run a generator to its end, and score what it yields on the way where the curve is wanted."""
    points: list[CurvePoint] = []
    final: object = None
    step = 0
    while True:
        try:
            step, final = _numbered(next(course), after=step)
        except StopIteration as end:
            final = final if end.value is None else end.value
            break
        if task.extent.watched:
            loss = curve_loss(gives, final, task.judge, labels=labels)
            points.append(CurvePoint(step, loss))
    if final is None:
        raise rejected(f"{task.trainer.entry} yields nothing and returns nothing")
    losses = losses_of(gives, final, task.judge, labels=labels)
    return Trained(losses, iterations=step or None, curve=tuple(points))


def _numbered(point: Any, *, after: int) -> tuple[int, Any]:
    """Return a point of the curve with its step: the one it names, or the next."""
    if isinstance(point, tuple) and len(point) == 2 and isinstance(point[0], int | np.integer):
        return int(point[0]), point[1]
    return after + 1, point


def _taken(entry: str, function: Any) -> tuple[str, ...]:
    """Return what a function takes, by name.

    Raises
    ------
    TrainerError
        If it is no function, cannot do without something else, or does not take what it must.
    """
    if not callable(function):
        raise TrainerError(f"{entry!r} must be a function, got {type(function).__name__}")
    parameters = _parameters(entry, function)
    names = list(parameters)
    if any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        return (*OFFERED, *(name for name in CARRIED if name in names))
    lost = [name for name in NEEDED if name not in names]
    strange = [
        name
        for name, one in parameters.items()
        if name not in (*OFFERED, *CARRIED) and one.default is one.empty
    ]
    if lost or strange:
        raise TrainerError(
            f"{entry!r} must take settings, fit_rows and score_rows, and may take seed and fidelity, "
            f"got ({', '.join(names)})"
        )
    return tuple(name for name in (*OFFERED, *CARRIED) if name in names)


def _parameters(entry: str, function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError) as error:
        raise TrainerError(f"{entry!r} does not say what it takes: {one_line(error)}") from error
