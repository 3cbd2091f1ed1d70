"""Whatever stands in a schedule, it is a plan or a list of mistakes: a line each, and never a traceback."""

import datetime
import re
from typing import Any

import tomlkit
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.core.records import Plan
from auditor.declarations import parse_plan
from auditor.declarations.forms import (
    BudgetForm,
    DataForm,
    DimensionForm,
    PolicyForm,
    ProductionForm,
    WhenForm,
)
from auditor.declarations.trainers import TRAINER_KEYS
from auditor.errors import DeclarationError, printable

FORMS = {
    "production": ProductionForm,
    "data": DataForm,
    "policy": PolicyForm,
    "budget": BudgetForm,
    "when": WhenForm,
}
KEYS = {
    **{
        table: [field.alias or name for name, field in form.model_fields.items()]
        for table, form in FORMS.items()
    },
    "trainer": sorted(TRAINER_KEYS),
}
RANGES = [field.alias or name for name, field in DimensionForm.model_fields.items()]
WORDS = [
    "", " ", "auto", "log", "linear", "choice", "7 days", "0 days", "-1 h", "1e400", "2 GB", "mon 03:00",
    "0 3 * * 1", "Europe/Paris", "sklearn", "torch", "python", "command", "sklearn.linear_model:Ridge",
    "rows.csv", "json:a#/b", "\x1b[31m", "a\nb", "${X", "log_loss", "fleet", "every 3 days", "∞", "x" * 300,
]  # fmt: skip

plain = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
    st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 1, 1)),  # noqa: DTZ001  # a schedule may
    st.times(),
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def table(keys: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys) | st.text(min_size=1, max_size=8), values, max_size=5)


schedules = st.fixed_dictionaries(
    {},
    optional={
        **{name: table(keys) | values for name, keys in KEYS.items()},
        "search": st.dictionaries(st.sampled_from(["alpha", "a.b", ""]), table(RANGES) | values, max_size=3)
        | values,
        "model": values,
        "polcy": values,
    },
)

SOUND: dict[str, dict[str, Any]] = {
    "production": {"alpha": 0.1},
    "data": {"source": "rows.csv", "target": "y"},
    "trainer": {"estimator": "sklearn.linear_model:Ridge"},
    "search": {"alpha": {"low": 0.01, "high": 1.0, "scale": "log"}},
    "when": {"cron": "0 3 * * mon", "timezone": "UTC"},
}


def one_line_a_mistake(text: str) -> None:
    try:
        plan = parse_plan(text, "schedules/x.toml")
    except DeclarationError as error:
        head, *lines = str(error).split("\n")
        if head.startswith("schedules/x.toml: is empty; "):
            return
        assert re.fullmatch(r"schedules/x\.toml: \d+ problems?", head)
        assert int(head.split()[1]) == len(lines) > 0
        for line in lines:
            assert line.startswith("  ")
            assert printable(line) == line
            assert len(line) < 1_000
    else:
        assert isinstance(plan, Plan)


@given(schedules)
def test_any_tables_with_any_values(document: dict[str, Any]) -> None:
    one_line_a_mistake(tomlkit.dumps(document))


@given(st.sampled_from([(table, key) for table, keys in KEYS.items() for key in keys]), values)
@example(("when", "timezone"), "../UTC")
@example(("when", "timezone"), "UTC\0")
@example(("when", "timezone"), "x" * 300)
@example(("when", "cron"), "0 0 30 feb *")
def test_any_value_under_one_key_of_a_sound_schedule(where: tuple[str, str], value: object) -> None:
    name, key = where

    one_line_a_mistake(tomlkit.dumps({**SOUND, name: {**SOUND.get(name, {}), key: value}}))


@given(st.sampled_from(RANGES), values)
def test_any_value_in_a_range(key: str, value: object) -> None:
    one_line_a_mistake(
        tomlkit.dumps({**SOUND, "search": {"alpha": {**SOUND["search"]["alpha"], key: value}}})
    )


@given(st.text(max_size=200))
@example("[production\n")
@example("\ufeff[production]\nalpha = 1")
@example("a = 1\na = 2")
@example('a = "\\ud800"')
@example(f"a = {'[' * 2000}")
@example(f"a = {'9' * 5000}")
def test_any_text(text: str) -> None:
    one_line_a_mistake(text)
