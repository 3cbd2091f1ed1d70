"""What the documentation takes from the code itself, so that it cannot say anything else."""

import inspect
from typing import Any

import typer
from pydantic import BaseModel

from auditor.cli.commands import app
from auditor.cli.helping import EXAMPLES
from auditor.declarations.forms import (
    ORIGINS,
    BudgetForm,
    DataForm,
    DimensionForm,
    PolicyForm,
    ProductionForm,
    WhenForm,
)
from auditor.declarations.trainers import TRAINER_FORMS

KEYS = {
    "production.only": "the names that are read from that place; all of them when left out",
    "production.trusted": "`joblib:`, `skops:`: whether the file may run its code; or the types it may build",
    "production.from": "the place outside the schedule where its settings live",
    "data.source": "a path or URL of a CSV or Parquet file, a database URL, or `package.module:function`",
    "data.target": "the column to be predicted",
    "data.query": "SQL that selects the rows of a database",
    "data.time": "orders the rows: older ones are learned from, the newest confirm; none: left out",
    "data.group": "rows of one group never straddle a split",
    "data.drop": "columns that are no features",
    "data.window": 'only the freshest rows: `"90 days"`',
    "data.rows": "at most so many: the newest, or without time a random draw",
    "trainer.kind": "who trains: `sklearn`, `python`, `torch`, `command`",
    "trainer.fixed": "settings that production has and the audit leaves alone",
    "trainer.estimator": "`sklearn`: import path of a class, or of a function that returns an estimator",
    "trainer.function": "`python`: import path of the training function",
    "trainer.together": "`python`: import path of a function that trains many configurations at once",
    "trainer.gives": "`python`, `command`: `predictions`, `losses`, `loss` or `score`",
    "trainer.classes": "`python`, `command`: whether the target is a class, where the metric does not say",
    "trainer.module": "`torch`: import path of a function that builds the module",
    "trainer.loss": "`torch`: a loss by its name, or an import path",
    "trainer.dataset": "`torch`: import path of a function that makes the tensors",
    "trainer.device": '`torch`: `"cpu"`, or `"auto"` for a GPU where there is one',
    "trainer.command": "`command`: the program and its arguments",
    "trainer.rows": "`command`: `csv` or `parquet`, the format of the files it is handed",
    "trainer.fidelity": "`command`: whether it trains less when it is told to",
    "search.NAME.scale": "`linear`, `log`, `one-minus-log` (momentum, betas) or `choice`",
    "search.NAME.choices": "the values of a choice",
    "search.NAME.integer": "whether the setting is a whole number",
    "search.NAME.low": "the lower end",
    "search.NAME.high": "the upper end",
    "search.NAME.only_if": "the setting exists only where others hold these values",
    "search.NAME.grow": "whether the range may grow when the loss falls towards its end",
    "policy.metric": "what a model is scored by",
    "policy.margin": "the smallest gain worth a redeployment",
    "policy.confidence": "of the verdict, above 0.5 and below 1",
    "policy.repeat": "how a model's audits are read together: `evidence`, `fleet` or `alone`",
    "budget.strategy": "how is searched",
    "budget.trials": "configurations that the search tries",
    "budget.time": "wall time for searching; confirming has its own bounded share",
    "budget.turns": "`panda`: turns that an audit takes",
    "budget.workers": "trainings at once",
    "budget.trial_timeout": "of one training",
    "budget.trial_memory": 'of one training: `"4 GB"`',
    "when.every": 'a span, or `"auto"`: from what earlier audits found',
    "when.cron": "a cron line; weekdays by name only",
    "when.timezone": "in which `cron` is read",
    "when.stale_cost": 'with `every = "auto"`: what a month with stale settings costs, in audits',
    "when.data_drift": "audit early when a column's population stability index passes this",
    "when.environment": "audit early when interpreter, libraries or machine changed",
    "when.code": "audit early when the trainer's code changed",
    "when.production": "audit early when production's values changed",
}
"""What every key is for."""


def keys() -> list[str]:
    """Return every key that a schedule may hold."""
    forms: list[tuple[str, type[BaseModel]]] = [
        ("production", ProductionForm),
        ("data", DataForm),
        *(("trainer", form) for form in TRAINER_FORMS.values()),
        ("search.NAME", DimensionForm),
        ("policy", PolicyForm),
        ("budget", BudgetForm),
        ("when", WhenForm),
    ]
    found = [
        f"{table}.{field.alias or name}" for table, form in forms for name, field in form.model_fields.items()
    ]
    return list(dict.fromkeys(found))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what is generated where a page asks for it."""
    for mark, text in (
        ("{{ commands }}", _commands),
        ("{{ schedule_keys }}", _keys),
        ("{{ origins }}", lambda: ", ".join(f"`{kind}:`" for kind in ORIGINS)),
    ):
        if mark in markdown:
            markdown = markdown.replace(mark, text())
    return markdown


def _keys() -> str:
    rows = [f"| `{key}` | {KEYS.get(key, '')} |" for key in keys()]
    return "\n".join(
        ["| key | is |", "|---|---|", "| `model` | the model's name; the file's own by default |", *rows]
    )


def _commands() -> str:
    found = typer.main.get_command(app)
    return "\n\n".join(_command(name, command) for name, command in found.commands.items())


def _command(name: str, command: Any) -> str:
    context = command.make_context(f"auditor {name}", [], resilient_parsing=True)
    options = [
        f"| `{'`, `'.join([*each.opts, *each.secondary_opts])}` | {each.help} |"
        for each in command.params
        if each.param_type_name == "option" and each.name != "help"
    ]
    table = ["", "| option | is |", "|---|---|", *options] if options else []
    examples = [f"{line}   # {purpose}" for line, purpose in EXAMPLES[name]]
    usage = " ".join(command.collect_usage_pieces(context))
    return "\n".join(
        [
            f"## auditor {name}",
            "",
            f"    auditor {name} {usage}",
            "",
            _prose(command.help),
            *table,
            "",
            "```sh",
            *examples,
            "```",
        ]
    )


def _prose(text: str) -> str:
    return inspect.cleandoc(text).replace("\b\n", "")
