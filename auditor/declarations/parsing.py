"""One schedule's text, from TOML to a plan, with all of its mistakes at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.core.addresses import without_secrets
from auditor.core.records import (
    Budget,
    DataSpec,
    DimensionSpec,
    Plan,
    Policy,
    ProductionSpec,
    When,
    digest_of,
)
from auditor.declarations.complaints import Findings, shown, unknown_key
from auditor.declarations.crosschecks import (
    settings_named_twice,
    settings_not_in_production,
    settings_out_of_range,
)
from auditor.declarations.forms import (
    BudgetForm,
    DataForm,
    DimensionForm,
    Form,
    PolicyForm,
    ProductionForm,
    WhenForm,
)
from auditor.declarations.trainers import TRAINER_KEYS, TrainerForm, read_trainer
from auditor.errors import DeclarationError, Problem, declaration_error

_TABLES: Mapping[str, type[Form]] = {
    "production": ProductionForm,
    "data": DataForm,
    "policy": PolicyForm,
    "budget": BudgetForm,
    "when": WhenForm,
}
_KEYS = ["model", "search", "trainer", *_TABLES]

# A model's name becomes the name of a folder and part of a web address.
_NAME = re.compile(r"[^\W_][\w.-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forms:
    """The tables of one schedule; None where too little of a table is well formed."""

    production: ProductionForm | None
    data: DataForm | None
    trainer: TrainerForm | None
    search: Mapping[str, DimensionForm]
    policy: PolicyForm | None
    budget: BudgetForm | None
    when: WhenForm | None


def parse_plan(text: str, path: str | Path) -> Plan:
    """Return the plan that a schedule's text declares.

    Passwords in URLs do not become part of ``Plan.text``, which is kept with every audit.

    Parameters
    ----------
    path
        Where the text is from; its stem names the plan.

    Raises
    ------
    DeclarationError
        With every mistake of the text, or the line and column where it stops being TOML.
    """
    document = _document(text, str(path))
    name = document.get("model", Path(path).stem)
    found = Findings([*_top_level(document), *_name_problems(name, declared="model" in document)])
    forms = _read(document, found)
    found.problems.extend(_across(forms, found, searched=_searched(document)))
    plan = _plan(forms, model=str(name), text=text, path=Path(path))
    if found.problems or plan is None:
        raise declaration_error(str(path), found.problems)
    return plan


def _searched(document: Mapping[str, object]) -> frozenset[str]:
    search = document.get("search")
    return frozenset(search) if isinstance(search, dict) else frozenset()


def _document(text: str, path: str) -> dict[str, object]:
    try:
        document: dict[str, object] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also of numbers and nests that are too long for Python
        raise declaration_error(path, [_syntax_problem(str(error))]) from error
    if not document:
        raise DeclarationError(f"{path}: is empty; a schedule needs [data] and [trainer] at least")
    return document


def _syntax_problem(message: str) -> Problem:
    found = re.fullmatch(r"(.*?) \(at (.*)\)", message, re.DOTALL)
    what, where = found.groups() if found else (message, "file")
    return Problem(where, f"is not TOML: {what[:1].lower()}{what[1:]}")


def _top_level(document: Mapping[str, object]) -> Iterator[Problem]:
    for key in document:
        if key in _KEYS:
            continue
        homes = [table for table, keys in _known().items() if key in keys]
        what = f"unknown key; it belongs in [{homes[0]}]" if homes else unknown_key(key, _KEYS)
        yield Problem(key, what)


def _known() -> dict[str, frozenset[str]]:
    """Return the keys of every table, in the order in which a schedule has them."""
    keys = {table: frozenset(form.model_fields) for table, form in _TABLES.items()}
    return {"production": keys["production"], "data": keys["data"], "trainer": TRAINER_KEYS, **keys}


def name_problem(name: object) -> str | None:
    """Return why a model cannot be called so, or None."""
    if isinstance(name, str) and _NAME.fullmatch(name):
        return None
    what = "must be 1 to 100 letters, digits, '-', '_' and '.' and start with a letter or a digit"
    return f"{what}, got {shown(name)}"


def _name_problems(name: object, *, declared: bool) -> Iterator[Problem]:
    what = name_problem(name)
    if what is not None:
        where, hint = ("model", "") if declared else ("file name", '; rename it, or give model = "..." in it')
        yield Problem(where, f"{what}{hint}")


def _read(document: Mapping[str, object], found: Findings) -> _Forms:
    def table(key: str) -> object:
        return document.get(key, {})

    return _Forms(
        production=found.read(ProductionForm, table("production"), where="production"),
        data=found.read(DataForm, table("data"), where="data"),
        trainer=read_trainer(table("trainer"), found),
        search=_read_search(table("search"), found),
        policy=found.read(PolicyForm, table("policy"), where="policy"),
        budget=found.read(BudgetForm, table("budget"), where="budget"),
        when=found.read(WhenForm, table("when"), where="when"),
    )


def _read_search(search: object, found: Findings) -> dict[str, DimensionForm]:
    if not isinstance(search, dict):
        found.problems.append(Problem("search", f"must be tables [search.NAME], got {shown(search)}"))
        return {}
    read = {name: found.read(DimensionForm, table, where=f"search.{name}") for name, table in search.items()}
    return {name: form for name, form in read.items() if form is not None}


def _across(forms: _Forms, found: Findings, *, searched: frozenset[str]) -> Iterator[Problem]:
    inline = forms.production.inline if forms.production else {}
    fixed = forms.trainer.held if forms.trainer else {}
    yield from settings_named_twice(fixed, production=inline, searched=searched)
    yield from settings_out_of_range(inline, forms.search)
    # With an origin, or with settings handed over by a deploy job, the rest is known only later.
    if inline and not found.concern("production") and forms.production and not forms.production.origin:
        yield from settings_not_in_production(inline, forms.search, searched=searched)
    # What a trainer gives may settle the metric, so nothing is said of it until that is readable.
    unread = any(problem.where == "trainer.gives" for problem in found.problems)
    if forms.policy and forms.trainer and not unread and _metric(forms.policy, forms.trainer) is None:
        yield Problem(
            "policy.metric",
            f"is missing, and does not go without saying for {forms.trainer.entry!r}; "
            "name one, such as 'log_loss', 'auc' or 'squared_error'",
        )


def _metric(policy: PolicyForm, trainer: TrainerForm) -> str | None:
    return policy.metric or trainer.metric


def _plan(forms: _Forms, *, model: str, text: str, path: Path) -> Plan | None:
    """Return the plan, or None where too little is well formed to make one."""
    production, data, trainer = forms.production, forms.data, forms.trainer
    policy, budget, when = forms.policy, forms.budget, forms.when
    if not (production and data and trainer and policy and budget and when):
        return None
    metric = _metric(policy, trainer)
    if metric is None:
        return None
    return Plan(
        name=path.stem,
        model=model,
        production=ProductionSpec(
            inline=production.inline,
            origin=production.origin,
            only=None if production.only is None else tuple(production.only),
            trusted=tuple(production.trusted) if isinstance(production.trusted, list) else production.trusted,
        ),
        data=_data(data),
        trainer=trainer.spec(),
        search={name: _dimension(form) for name, form in forms.search.items()},
        policy=Policy(**{**dict(policy), "metric": metric}),
        budget=Budget(**dict(budget)),
        when=When(**{**dict(when), "auto": when.auto, "every": None if when.auto else when.every}),
        path=str(path),
        text=without_secrets(text.replace(data.source, without_secrets(data.source))),
        digest=digest_of(text),
    )


def _data(form: DataForm) -> DataSpec:
    return DataSpec(**{**dict(form), "drop": tuple(form.drop)})


def _dimension(form: DimensionForm) -> DimensionSpec:
    return DimensionSpec(
        scale=form.axis,
        low=form.low,
        high=form.high,
        integer=form.integer,
        choices=None if form.choices is None else tuple(form.choices),
        only_if=form.only_if,
        grow=form.grow,
    )
