"""From what was asked for and what was seen to a draft. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.core.places import without_place
from auditor.core.records import Config, Value
from auditor.drafts.columns import ColumnFacts, Roles, is_classes
from auditor.drafts.models import ModelFacts
from auditor.drafts.ranges import searched
from auditor.drafts.writing import Draft, Line

BOOSTING = "sklearn.ensemble:HistGradientBoosting{kind}"
"""What is proposed for a data file alone: it takes numbers, categories and gaps as they come."""


_WATCHED = "the daemon looks every hour, captures what changed there, and audits it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a schedule is to be drafted from; what is None is proposed.

    Attributes
    ----------
    origin
        ``kind:rest``, as in ``[production] from``.
    module
        Import path of a function that builds a network.
    settings
        What production runs, by name.
    """

    name: str
    data: str
    query: str | None = None
    origin: str | None = None
    estimator: str | None = None
    module: str | None = None
    target: str | None = None
    time: str | None = None
    group: str | None = None
    drop: tuple[str, ...] = ()
    settings: Config = field(default_factory=dict)
    metric: str | None = None
    margin: str | float = "1%"

    @property
    def network(self) -> bool:
        """Whether a network is trained rather than an estimator."""
        from_checkpoint = self.origin is not None and self.origin.startswith("torch:")
        return self.module is not None or (from_checkpoint and self.estimator is None)


def proposed_estimator(columns: Sequence[ColumnFacts], target: str) -> str:
    """Return the estimator that suits a target: gradient boosting, of classes or of amounts."""
    (facts,) = (column for column in columns if column.name == target)
    return BOOSTING.format(kind="Classifier" if is_classes(facts) else "Regressor")


def module_name(name: str) -> str:
    """Return the name of the module that gives the untrained model of a schedule.

    Examples
    --------
    >>> module_name("late-flights.2")
    'late_flights_2_model'
    """
    plain = re.sub(r"\W", "_", name)
    return f"{'_' if plain[0].isdigit() else ''}{plain}_model"


def module_text(origin: str) -> str:
    """Return a module that gives the untrained estimator of a file."""
    kind, _, path = origin.partition(":")
    opening = {
        "joblib": f"import joblib\n\n    return joblib.load({path!r})",
        "skops": f'from skops.io import load\n\n    return load({path!r}, trusted=["numpy.dtype"])',
    }[kind]
    return (
        '"""The untrained model that production\'s file holds, for the workers. Yours to change."""\n\n'
        "from functools import cache\n\n"
        "from sklearn.base import clone\n\n\n"
        f"@cache\ndef _shipped():\n    {opening}\n\n\n"
        'def build():\n    """Return its steps, untrained."""\n    return clone(_shipped())\n'
    )


def drafted(
    asked: Given,
    roles: Roles,
    columns: Sequence[ColumnFacts],
    model: ModelFacts,
    trainer: tuple[Line, ...],
    *,
    only: tuple[Line, ...] = (),
) -> Draft:
    """Return a draft without anything to search yet: it says what production is, which is read next.

    Parameters
    ----------
    only
        Which settings of the origin are read, where not all of them are.
    """
    open_ones = {facts.name: facts.value for facts in model.settings if facts.open}
    inline: dict[str, Line] = {}
    if asked.origin is None:
        inline = {line.key: line for line in _defaults(model)}
    elif asked.origin.partition(":")[0] in ("joblib", "skops"):
        said = "XGBoost's own default, which the file leaves open"
        inline = {name: Line(name, value, said) for name, value in open_ones.items()}
    inline |= {name: Line(name, value, "as asked for") for name, value in asked.settings.items()}
    origin = (Line("from", asked.origin, "read anew at each audit"), *only) if asked.origin else ()
    if asked.origin and asked.origin.startswith("joblib:"):
        origin += (Line("trusted", True, "to open it is to run its code, in a worker process"),)
    unsaid = asked.origin is None and not asked.settings
    return Draft(
        name=asked.name,
        production=(*origin, *inline.values()),
        data=tuple(_data(asked, roles, columns, model)),
        trainer=trainer,
        policy=tuple(_policy(asked, model)),
        defaults=model.kind if unsaid else None,
        when=(Line("production", True, _WATCHED),) if asked.origin else (),
    )


def with_search(draft: Draft, production: Config, model: ModelFacts) -> Draft:
    """Return the draft with everything that can be searched of what production runs.

    What is inline and neither searched nor asked for is left to the estimator's own defaults.
    """
    owners = {facts.name: facts.owner for facts in model.settings}
    settings = {
        name: (owners.get(name, owners.get(without_place(name), "")), value)
        for name, value in production.items()
    }
    found = tuple(searched(settings, _siblings(model, production)))
    kept = {name for name, _ in found}
    lines = tuple(line for line in draft.production if line.key in kept or line.because)
    return replace(draft, production=lines, search=found)


def _siblings(model: ModelFacts, production: Config) -> Mapping[str, dict[str, Value]]:
    """Return the settings of each step by their short names: production's, and else the estimator's own."""
    found: dict[str, dict[str, Value]] = {}
    every = {facts.name: facts.value for facts in model.settings} | dict(production)
    for name, value in every.items():
        prefix, _, own = name.rpartition("__")
        found.setdefault(prefix, {})[own] = value
    return found


def _defaults(model: ModelFacts) -> list[Line]:
    return [Line(facts.name, facts.value) for facts in model.settings]


def _data(asked: Given, roles: Roles, columns: Sequence[ColumnFacts], model: ModelFacts) -> list[Line]:
    lines = [Line("source", asked.data)]
    if asked.query:
        lines.append(Line("query", asked.query))
    lines.append(Line("target", roles.target.column, roles.target.because))
    if roles.time.column:
        lines.append(Line("time", roles.time.column, f"{roles.time.because}; confirms on the newest rows"))
    if group := asked.group or roles.group.column:
        lines.append(Line("group", group, "as asked for" if asked.group else roles.group.because))
    dropped = _dropped(asked, roles, columns, model, group)
    if dropped:
        why = dict.fromkeys(reason for reason in dropped.values() if reason)
        lines.append(Line("drop", tuple(dropped), "; ".join(why)))
    return lines


def _dropped(
    asked: Given, roles: Roles, columns: Sequence[ColumnFacts], model: ModelFacts, group: str | None
) -> dict[str, str]:
    dropped = dict.fromkeys(asked.drop, "as asked for")
    for proposal in roles.drop:
        if proposal.column and proposal.column != group:
            dropped.setdefault(proposal.column, f"{proposal.column}: {proposal.because}")
    roled = {roles.target.column, roles.time.column, group, *dropped}
    if model.features is not None:
        strange = [column.name for column in columns if column.name not in {*roled, *model.features}]
        return dropped | dict.fromkeys(strange, "the saved model was not trained on the others")
    if not model.takes_text:
        text = [column.name for column in columns if column.kind == "text" and column.name not in roled]
        dropped |= dict.fromkeys(text, f"{model.kind} takes numbers only: name a pipeline that encodes text")
    return dropped


def _policy(asked: Given, model: ModelFacts) -> list[Line]:
    margin = Line("margin", asked.margin, "smallest gain worth a redeployment, of production's loss")
    if asked.metric:
        return [Line("metric", asked.metric, "as asked for"), margin]
    if model.classifier is None:
        return [margin]
    if model.classifier:
        metric = "log_loss" if model.probabilities else "zero_one"
        return [Line("metric", metric, "or auc, brier, f1, zero_one, any scikit-learn scorer"), margin]
    return [Line("metric", "squared_error", "or absolute_error, any scikit-learn scorer"), margin]
