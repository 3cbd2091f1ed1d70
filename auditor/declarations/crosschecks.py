"""Checks of one table of a schedule against another."""

from collections.abc import Iterator, Mapping

from auditor.core.records import Config, ScaleName, Value
from auditor.declarations.forms import DimensionForm
from auditor.errors import Problem

_CLASSIFIERS = frozenset(
    {
        "BernoulliNB", "CategoricalNB", "ComplementNB", "GaussianNB", "LinearDiscriminantAnalysis",
        "LogisticRegression", "LogisticRegressionCV", "MultinomialNB", "QuadraticDiscriminantAnalysis",
    }
)  # fmt: skip
_REGRESSORS = frozenset(
    {
        "ARDRegression", "BayesianRidge", "ElasticNet", "ElasticNetCV", "KernelRidge", "Lars", "Lasso",
        "LassoCV", "LassoLars", "LinearRegression", "LinearSVR", "NuSVR", "Ridge", "RidgeCV", "SVR",
    }
)  # fmt: skip
# Classifiers by name that give no probabilities, or not with every loss: log-loss cannot be assumed.
_WITHOUT_PROBABILITIES = frozenset(
    {"PassiveAggressiveClassifier", "RidgeClassifier", "RidgeClassifierCV", "SGDClassifier"}
)


def default_metric(estimator: str) -> str | None:
    """Return the metric that goes without saying for an estimator, by its name alone, or None.

    Examples
    --------
    >>> default_metric("sklearn.ensemble:HistGradientBoostingClassifier")
    'log_loss'
    >>> default_metric("sklearn.linear_model:Ridge")
    'squared_error'
    >>> default_metric("shop.churn:build")
    """
    name = estimator.rpartition(":")[2]
    if name in _CLASSIFIERS or (name.endswith("Classifier") and name not in _WITHOUT_PROBABILITIES):
        return "log_loss"
    return "squared_error" if name in _REGRESSORS or name.endswith("Regressor") else None


def settings_named_twice(fixed: Config, *, production: Config, searched: frozenset[str]) -> Iterator[Problem]:
    """Yield the fixed settings that are given in production, or searched, as well."""
    for name in fixed:
        for table, names in (("production", production), ("search", searched)):
            if name in names:
                what = f"is in [{table}] as well; a fixed setting is left alone, so keep it in one of the two"
                yield Problem(f"trainer.fixed.{name}", what)


def settings_out_of_range(production: Config, search: Mapping[str, DimensionForm]) -> Iterator[Problem]:
    """Yield production's values that lie outside the range they are searched over."""
    for name, dimension in search.items():
        if name in production and (complaint := _out_of_range(production[name], dimension)):
            yield Problem(f"production.{name}", complaint)


def settings_not_in_production(
    production: Config, search: Mapping[str, DimensionForm], *, searched: frozenset[str]
) -> Iterator[Problem]:
    """Yield searched settings, and settings named by ``only_if``, that production does not have.

    A setting that is absent because its ``only_if`` does not hold in production is no mistake.

    Parameters
    ----------
    searched
        Names of all searched settings, those whose tables have mistakes included.
    """
    for name, dimension in search.items():
        if name not in production and _exists(dimension, production):
            yield Problem(f"search.{name}", f"production has no {name!r}; it has {', '.join(production)}")
        for other in dimension.only_if:
            if other == name or other not in {*production, *searched}:
                yield Problem(
                    f"search.{name}.only_if.{other}",
                    f"must name another setting of production: {', '.join(production)}",
                )


def _exists(dimension: DimensionForm, production: Config) -> bool:
    return all(
        name in production and production[name] in values for name, values in dimension.only_if.items()
    )


def _out_of_range(value: Value, dimension: DimensionForm) -> str | None:
    if dimension.choices is not None:
        inside = any(_same(value, choice) for choice in dimension.choices)
        return (
            None if inside else f"is none of the choices of its search, {dimension.choices!r}, got {value!r}"
        )
    if dimension.axis is None and dimension.low is None and dimension.high is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"must be a number to be searched over a range, got {value!r}"
    return _off_axis(value, dimension) or _past_an_end(value, dimension)


def _off_axis(value: float, dimension: DimensionForm) -> str | None:
    if dimension.integer and value != int(value):
        return f"must be a whole number because its search says integer = true, got {value!r}"
    if dimension.axis is ScaleName.LOG and value <= 0:
        return f"a log scale holds values above 0, got {value!r}"
    if dimension.axis is ScaleName.ONE_MINUS_LOG and not 0 <= value < 1:
        return f"a one-minus-log scale holds values in [0, 1), got {value!r}"
    return None


def _past_an_end(value: float, dimension: DimensionForm) -> str | None:
    if dimension.low is not None and value < dimension.low:
        return f"lies below the low end of its search, {dimension.low:.15g}, got {value!r}"
    if dimension.high is not None and value > dimension.high:
        return f"lies above the high end of its search, {dimension.high:.15g}, got {value!r}"
    return None


def _same(one: Value, other: Value) -> bool:
    # True == 1 in Python, but not to a trainer.
    return one == other and isinstance(one, bool) == isinstance(other, bool)
