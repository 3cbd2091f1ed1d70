"""A draft as TOML, with the reason of every line beside it. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.core.records import Value
from auditor.drafts.tables import SOURCES, Range
from auditor.errors import printable

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_COLUMN = 36  # where comments begin


@dataclass(frozen=True, slots=True)
class Line:
    """One key of a table, and why it holds what it does."""

    key: str
    value: Value | tuple[Value, ...]
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A schedule, proposed.

    Attributes
    ----------
    defaults
        What the values in ``[production]`` are if nobody said what production runs: the defaults of this.
    fixed
        Settings that are held as they are.
    search
        What can be searched, those that matter most first; `Range.first` says which of them are searched.
    budget
        What the audit may spend; empty for the usual.
    when
        What else brings an audit about.
    """

    name: str
    production: tuple[Line, ...]
    data: tuple[Line, ...]
    trainer: tuple[Line, ...]
    fixed: tuple[Line, ...] = ()
    search: tuple[tuple[str, Range], ...] = ()
    policy: tuple[Line, ...] = ()
    defaults: str | None = None
    budget: tuple[Line, ...] = ()
    when: tuple[Line, ...] = ()


def text_of(draft: Draft) -> str:
    """Return a draft as the text of a schedule."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield f"# Drafted by `auditor init {draft.name}`: every line is yours to change."
    yield f"# `auditor check {draft.name}` tries it, `auditor run {draft.name}` audits."
    yield ""
    yield f"model = {toml(draft.name)}"
    yield ""
    if draft.defaults is not None:
        yield f"# NOBODY SAID WHAT PRODUCTION RUNS: these are the defaults of {draft.defaults}."
        yield '# Put in what it runs, or name the place: from = "json:params.json", "joblib:model.joblib" ...'
    yield from _table("production", draft.production)
    yield from _table("data", draft.data)
    yield from _table("trainer", draft.trainer)
    if draft.fixed:
        yield from _table("trainer.fixed", draft.fixed)
    yield from _search(draft.search)
    yield from _table("policy", draft.policy)
    yield from _table("budget", draft.budget or _BUDGET)
    yield from _table("when", (*_WHEN, *draft.when))


_BUDGET = (
    Line("trials", 30, "configurations the search tries; confirming has its own, bounded, share"),
    Line("time", "20 min", "for searching"),
)
_WHEN = (Line("every", "auto", 'from the model\'s own history; or a span such as "90 days"'),)


def _table(name: str, lines: Sequence[Line], *, mark: str = "") -> Iterator[str]:
    yield f"{mark}[{name}]"
    width = max((len(_key(line.key)) for line in lines), default=0)
    for line in lines:
        yield mark + _commented(f"{_key(line.key).ljust(width)} = {toml(line.value)}", line.because)
    yield mark.rstrip()


def _search(search: Sequence[tuple[str, Range]]) -> Iterator[str]:
    first = [(name, found) for name, found in search if found.first]
    others = [(name, found) for name, found in search if not found.first]
    if first:
        yield "# What is searched, and between which ends: where the literature looks, around production."
        yield "# A range that turns out too short grows by itself, once the loss falls towards its end."
        yield ""
    for name, found in first:
        yield from _range(name, found)
    if others:
        yield "# Not searched unless you take away the marks: each more costs trials."
        yield "#"
    for name, found in others:
        yield from _range(name, found, mark="# ")
    if others:
        yield ""


def _range(name: str, found: Range, *, mark: str = "") -> Iterator[str]:
    spec = found.spec
    lines: list[Line] = []
    if spec.choices is not None:
        lines.append(Line("choices", tuple(spec.choices)))
    else:
        lines += [Line("scale", str(spec.scale)), Line("low", _end(spec.low, spec.integer))]
        lines.append(Line("high", _end(spec.high, spec.integer)))
        if spec.integer:
            lines.insert(1, Line("integer", True))
    body = list(_table(f"search.{_key(name)}", lines, mark=mark))
    yield _commented(body[0], SOURCES[found.source])
    yield from body[1:]


def _end(end: float | None, integer: bool | None) -> Value:
    if end is None:
        return None
    return int(end) if integer else float(f"{end:.6g}")


def _commented(text: str, because: str) -> str:
    return f"{text.ljust(_COLUMN - 1)} # {printable(' '.join(because.split()))}" if because else text


def toml(value: Value | tuple[Value, ...]) -> str:
    r"""Return a value as TOML; None, for which TOML has no word, as the text that schedules read so.

    Examples
    --------
    >>> toml("a \"b\""), toml(1e-05), toml(True), toml((None, 4))
    ('"a \\"b\\""', '1e-05', 'true', '["None", 4]')
    """
    if isinstance(value, tuple):
        return f"[{', '.join(toml(part) for part in value)}]"
    if value is None:
        return '"None"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's text is TOML's but for the one control character that JSON lets through.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml(name)
