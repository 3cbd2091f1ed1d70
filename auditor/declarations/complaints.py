"""What pydantic found wrong, in the words of someone who reads a schedule."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from auditor.core.addresses import without_secrets
from auditor.declarations.forms import Form
from auditor.declarations.suggestions import nearest
from auditor.errors import Problem

F = TypeVar("F", bound=Form)

_RULES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "string_type": lambda _: "must be text in quotes",
    "string_too_short": lambda _: "must not be empty",
    "string_pattern_mismatch": lambda _: "must not be blank",
    "int_type": lambda _: "must be a whole number",
    "float_type": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "bool_type": lambda _: "must be true or false",
    "list_type": lambda _: "must be a list in [ ]",
    "dict_type": lambda _: "must be a table",
    "model_type": lambda _: "must be a table",
    "greater_than": lambda bound: f"must be above {bound['gt']}",
    "greater_than_equal": lambda bound: f"must be {bound['ge']} or more",
    "less_than": lambda bound: f"must be below {bound['lt']}",
}

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Findings:
    """The mistakes of one schedule, gathered while its tables are read."""

    problems: list[Problem]

    def read(self, form: type[F], table: object, *, where: str) -> F | None:
        """Return a table as its form, having noted everything that is wrong with it.

        With mistakes, what comes back holds the keys that are well formed, so that other tables
        can still be checked against them; or None if the form cannot do without the others.

        Parameters
        ----------
        where
            The table's own dotted name, put before that of every key: ``search.learning_rate``.
        """
        try:
            return form.model_validate(table)
        except ValidationError as error:
            mistakes = error.errors(include_url=False)
        self.problems.extend(_problem(mistake, form, where) for mistake in mistakes)
        return _well_formed(form, table, without={str(part) for one in mistakes for part in one["loc"][:1]})

    def concern(self, table: str) -> bool:
        """Return whether anything is wrong with a table or a key of it."""
        return any(problem.where.partition(".")[0] == table for problem in self.problems)


def _well_formed(form: type[F], table: object, *, without: set[str]) -> F | None:
    if not isinstance(table, dict):
        return None
    try:
        return form.model_validate({key: value for key, value in table.items() if key not in without})
    except ValidationError:
        return None


def unknown_key(key: str, known: Sequence[str]) -> str:
    """Return what to say of a key that no form knows.

    Examples
    --------
    >>> unknown_key("margn", ["metric", "margin"])
    "unknown key; did you mean 'margin'?"
    """
    near = nearest(key, known)
    return f"unknown key; did you mean {near!r}?" if near else f"unknown key; known are {', '.join(known)}"


def shown(given: object) -> str:
    """Return a value as it is quoted in a message: short, and without secrets."""
    text = without_secrets(repr(given))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _problem(mistake: ErrorDetails, form: type[Form], where: str) -> Problem:
    place = ".".join([where, *(str(part) for part in mistake["loc"])])
    return Problem(place, _what(mistake, form))


def _what(mistake: ErrorDetails, form: type[Form]) -> str:
    kind, context = mistake["type"], mistake.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(str(mistake["loc"][-1]), _keys_of(form))
    if kind == "missing":
        return f"is missing: {form.model_fields[str(mistake['loc'][-1])].description}"
    if kind == "value_error":
        return without_secrets(str(context["error"]))
    rule = _RULES[kind](context) if kind in _RULES else mistake["msg"].lower()
    return f"{rule}, got {shown(mistake['input'])}"


def _keys_of(form: type[Form]) -> list[str]:
    return [field.alias or name for name, field in form.model_fields.items()]
