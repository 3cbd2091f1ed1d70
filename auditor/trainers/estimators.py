"""The kind ``sklearn``: estimators and pipelines with scikit-learn's interface, described and trained."""

from typing import Any

from sklearn.base import is_classifier, is_regressor

from auditor.core.metrics import Metric, Needs
from auditor.core.records import Config, TrainerFacts, TrainerSpec, Value
from auditor.errors import TrainerError
from auditor.trainers.continuing import carried_on, continues, uncarried
from auditor.trainers.curves import curve_kind, fit, thins
from auditor.trainers.scoring import method_for, scorer_named
from auditor.trainers.sklearn import blank, build, parameters
from auditor.trainers.training import Task, Trained, one_thread


def describe(trainer: TrainerSpec, config: Config, metric: Metric) -> TrainerFacts:
    """Build the estimator once with a configuration, and say what it is.

    Nothing is trained, so values that only ``fit`` would refuse are not found out here.
    """
    estimator = build(trainer, config, seed=0)
    _check_metric(metric, estimator)
    return TrainerFacts(
        classifier=_is_classifier(estimator),
        curve=curve_kind(estimator),
        defaults=_defaults(trainer),
        continues=continues(estimator),
        uncarried=uncarried(estimator),
        thins=thins(estimator),
    )


def train(task: Task) -> Trained:
    """Fit an estimator as far as asked, and score it."""
    if task.carry is not None:
        return carried_on(task, task.carry)
    estimator = build(task.trainer, task.config, seed=task.seed)
    with one_thread(task.trainer.entry):
        training = fit(estimator, task.rows, task.judge, task.extent)
    return Trained(training.losses, training.iterations, training.curve)


def _check_metric(metric: Metric, estimator: Any) -> None:
    if metric.needs is Needs.OWN:
        raise TrainerError(
            f"the metric {metric.name!r} is for trainers of kind python or command that give their own; "
            "name one such as 'log_loss' or 'squared_error'"
        )
    if metric.needs is Needs.SCORER:
        scorer_named(metric.name)
        return
    classifier = _is_classifier(estimator)
    if metric.classes is not None and classifier is not None and metric.classes != classifier:
        wanted, given = ("class labels", "numbers") if metric.classes else ("numbers", "class labels")
        raise TrainerError(
            f"the metric {metric.name!r} is for models that predict {wanted}; "
            f"{type(estimator).__name__} predicts {given}"
        )
    method_for(metric, estimator)


def _is_classifier(estimator: Any) -> bool | None:
    if is_classifier(estimator):
        return True
    return False if is_regressor(estimator) else None


def _defaults(trainer: TrainerSpec) -> dict[str, Value]:
    """Return the settings that hold a plain value; a step, a kernel, a list of layers is none."""
    return {
        name: value
        for name, value in parameters(blank(trainer)).items()
        if value is None or isinstance(value, bool | int | float | str)
    }
