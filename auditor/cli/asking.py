"""What `auditor init` asks at a terminal: one short question for each thing that nobody has said."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from auditor.core.addresses import is_function
from auditor.errors import AuditorError, DeclarationError

if TYPE_CHECKING:
    from auditor.drafts.drafting import Given
    from auditor.drafts.models import ModelFacts
    from auditor.drafts.writing import Draft

NONE = "none"
"""What is answered where there is no such thing."""

_FIXED_BY_FILE = ("joblib", "skops", "torch")
"""Origins that say themselves what is trained."""


def ask_for_rows() -> str:
    """Ask where fresh rows are."""
    return _asked("Where are fresh rows? A CSV or Parquet file, a database URL, or package.module:function")


def ask_for_query() -> str:
    """Ask what selects the rows of a database."""
    return _asked("Which of its rows? SQL, such as SELECT * FROM customers")


def ask_for_production(asked: "Given") -> "Given":
    """Ask what production runs, where nobody has said anything of it."""
    if asked.origin or asked.estimator or asked.module or asked.settings:
        return asked
    print(
        "What does production run? A saved model (model.joblib, model.skops, model.pt), a file of settings "
        "(params.json#/model),\na registered model (models:/NAME@champion), a study "
        f"(optuna:sqlite:///study.db#NAME), an estimator (sklearn.svm:SVC); or {NONE}"
    )
    while True:
        given = _asked("  file, place or estimator", default=NONE)
        try:
            return _with_production(asked, given)
        except DeclarationError as error:
            print(f"  {error}")


def _with_production(asked: "Given", given: str) -> "Given":
    from auditor.declarations.forms import ORIGINS
    from auditor.drafts.arguments import as_origin

    if given == NONE:
        return asked
    if is_function(given) and given.partition(":")[0] not in ORIGINS:
        return replace(asked, estimator=given)
    return replace(asked, origin=as_origin(given))


def ask_for_trainer(asked: "Given", proposed: str, *, look: Callable[[str], object]) -> "Given":
    """Ask what is trained, where neither a file nor an argument says so.

    Parameters
    ----------
    look
        Looks at an import path where user code may run, and raises if there is nothing to train.
    """
    kind = (asked.origin or "").partition(":")[0]
    if asked.estimator or asked.network or kind in _FIXED_BY_FILE:
        return asked
    while True:
        given = _asked("estimator, as package.module:name", default=proposed)
        try:
            look(given)
        except AuditorError as error:
            print(f"  {error}")
        else:
            return replace(asked, estimator=given)


def choose_column(
    question: str, proposal: str | None, names: Sequence[str], *, none: bool = False
) -> str | None:
    """Ask for a column until there is one of that name; empty where ``none`` is an answer and was given."""
    default = proposal or (NONE if none else None)
    while True:
        given = _asked(question, default=default)
        if given in names:
            return given
        if none and given == NONE:
            return ""
        print(f"  no such column; there are: {', '.join(names)}")


def ask_for_values(draft: "Draft", model: "ModelFacts") -> "Draft":
    """Ask what production runs for each searched setting; the proposal is the estimator's default."""
    from auditor.drafts.drafting import with_search
    from auditor.drafts.writing import Line
    from auditor.sources.texts import read_value

    first = {name for name, found in draft.search if found.first}
    print(f"What values does production run? Enter takes the default of {model.kind}.")
    lines = []
    for line in draft.production:
        value = line.value
        if line.key in first:
            value = read_value(_asked(f"  {line.key}", default=str(line.value)))
        lines.append(Line(line.key, value, line.because))
    told = replace(draft, production=tuple(lines), defaults=None)
    values = {line.key: line.value for line in lines if not isinstance(line.value, tuple)}
    return with_search(told, values, model)


def _asked(question: str, *, default: str | None = None) -> str:
    return str(typer.prompt(question, default=default, type=str)).strip()
