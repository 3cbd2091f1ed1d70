"""What a schedule may hold: one form for every table, checked key by key.

A check of one key against another sits on the later of the two and looks only at keys that were
themselves well formed, so one mistake is never reported twice, and never hides another.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, field_validator

from auditor.core.addresses import is_function, scheme_of, without_secrets
from auditor.core.places import spread_all
from auditor.core.records import Margin, Repeat, ScaleName, Value
from auditor.declarations.moments import checked_cron, checked_timezone
from auditor.declarations.quantities import (
    parse_bytes,
    parse_interval,
    parse_margin,
    parse_setting,
    parse_settings,
    parse_span,
)
from auditor.declarations.suggestions import one_of

ORIGINS = ("json", "toml", "yaml", "env", "joblib", "skops", "python", "mlflow", "optuna", "torch", "sql")
"""Where production can be read from, as the word before the colon of ``from``."""

STRATEGIES = ("auto", "caviar", "panda")

_FILE_SCHEMES = frozenset({"file", "http", "https", "ftp", "s3", "gs", "gcs", "az", "abfs", "hf", "memory"})
_DATABASES = frozenset({"sqlite", "postgresql", "postgres", "mysql", "mariadb", "oracle", "mssql", "duckdb"})


def is_database(source: str) -> bool:
    """Return whether a source is spelt as the URL of a database, whose rows a query selects.

    Examples
    --------
    >>> is_database("postgresql+psycopg://db/shop"), is_database("s3://shop/rows.parquet")
    (True, False)
    """
    return (scheme_of(source) or "").partition("+")[0] in _DATABASES


Span = Annotated[timedelta, PlainValidator(parse_span)]
Bytes = Annotated[int, PlainValidator(parse_bytes)]
Setting = Annotated[Value, PlainValidator(parse_setting)]
Settings = Annotated[Value | tuple[Value, ...], PlainValidator(parse_settings)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Form(BaseModel):
    """A table of a schedule: no unknown keys, and nothing read as what it is not."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ProductionForm(Form):
    """``[production]``: settings by name, and ``from`` for the place outside the schedule."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Settings] = Field(init=False)

    origin: Text | None = Field(None, alias="from")
    only: list[Text] | None = Field(None, min_length=1)
    trusted: bool | list[Text] = False

    @property
    def inline(self) -> dict[str, Value]:
        """The settings that the schedule itself gives."""
        return spread_all(self.__pydantic_extra__)

    @field_validator("only")
    @classmethod
    def _has_an_origin(cls, only: list[str] | None, info: ValidationInfo) -> list[str] | None:
        if only is not None and info.data.get("origin", "") is None:
            raise ValueError("goes with production.from only: it picks settings from what lies there")
        return only

    @field_validator("trusted")
    @classmethod
    def _opens_a_file(cls, trusted: bool | list[str], info: ValidationInfo) -> bool | list[str]:
        kind = (info.data.get("origin") or "").partition(":")[0]
        if trusted and "origin" in info.data and kind not in ("joblib", "skops"):
            raise ValueError("goes with production.from = 'joblib:...' or 'skops:...': others run no code")
        if isinstance(trusted, list) and kind == "joblib":
            raise ValueError("must be true or false for joblib:, which runs whatever the file holds")
        return trusted

    @field_validator("origin")
    @classmethod
    def _of_a_known_kind(cls, origin: str | None) -> str | None:
        if origin is None:
            return None
        kind, colon, rest = origin.partition(":")
        if not colon:
            raise ValueError(
                f"says no kind; write one of {_listed(ORIGINS, ':')} before the path, got {origin!r}"
            )
        one_of(kind, ORIGINS)
        if not rest:
            raise ValueError(f"names nothing after {kind!r}, got {origin!r}")
        if kind == "python" and not is_function(rest):
            raise ValueError(f"must be 'python:package.module:function', got {origin!r}")
        return origin


class DataForm(Form):
    """``[data]``: where fresh rows come from, and which of them an audit looks at."""

    source: Text = Field(description="a path, a database URL or 'package.module:function'")
    target: Text = Field(description="the column to be predicted")
    query: Text | None = Field(None, validate_default=True)
    time: Text | None = None
    group: Text | None = None
    drop: list[Text] = Field(default_factory=list)
    window: Span | None = None
    rows: int | None = Field(None, ge=1)

    @field_validator("query")
    @classmethod
    def _fits_the_source(cls, query: str | None, info: ValidationInfo) -> str | None:
        source = info.data.get("source")
        if source is None:
            return query
        scheme = scheme_of(source)
        dialect = scheme.partition("+")[0] if scheme else None
        if query is not None and (dialect is None or dialect in _FILE_SCHEMES):
            given = without_secrets(repr(source))
            raise ValueError(f"needs a database URL such as 'sqlite:///shop.db' as data.source, got {given}")
        if query is None and is_database(source):
            raise ValueError("is missing: the SQL that selects the rows of a database")
        return query

    @field_validator("time", "group")
    @classmethod
    def _is_not_the_target(cls, column: str | None, info: ValidationInfo) -> str | None:
        if column is not None and column == info.data.get("target"):
            raise ValueError(f"is the target as well: {column!r}; it must be another column")
        return column

    @field_validator("drop")
    @classmethod
    def _keeps_what_is_needed(cls, drop: list[str], info: ValidationInfo) -> list[str]:
        for role in ("target", "time", "group"):
            if info.data.get(role) in drop:
                raise ValueError(f"drops {info.data[role]!r}, which is the {role}")
        return drop

    @field_validator("window")
    @classmethod
    def _has_time_to_reckon_in(cls, window: timedelta | None, info: ValidationInfo) -> timedelta | None:
        if window is not None and "time" in info.data and info.data["time"] is None:
            raise ValueError("needs data.time, the column that says when a row is from")
        return window


class DimensionForm(Form):
    """``[search.NAME]``: the values that one setting is searched over."""

    scale: ScaleName | None = None
    choices: list[Setting] | None = Field(None, validate_default=True)
    integer: bool | None = None
    low: float | None = None
    high: float | None = None
    only_if: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    grow: bool = True

    @property
    def axis(self) -> ScaleName | None:
        """The declared scale; ``choices`` alone say that it is a choice."""
        return ScaleName.CHOICE if self.scale is None and self.choices is not None else self.scale

    @field_validator("scale", mode="before")
    @classmethod
    def _is_a_scale(cls, scale: object) -> ScaleName:
        return ScaleName(one_of(scale, [name.value for name in ScaleName]))

    @field_validator("choices")
    @classmethod
    def _are_choices(cls, choices: list[Value] | None, info: ValidationInfo) -> list[Value] | None:
        scale = info.data.get("scale", _UNREADABLE)
        if choices is None:
            if scale is ScaleName.CHOICE:
                raise ValueError("is missing: the values of a choice, for example ['gini', 'entropy']")
            return None
        if scale not in (None, ScaleName.CHOICE, _UNREADABLE):
            raise ValueError(f"goes with scale 'choice' only, not with {str(scale)!r}")
        if len({(isinstance(value, bool), value) for value in choices}) < max(2, len(choices)):
            raise ValueError(f"needs at least 2 values, all different, got {choices!r}")
        return choices

    @field_validator("integer", "low", "high", "grow")
    @classmethod
    def _has_a_numeric_axis(cls, value: float | None, info: ValidationInfo) -> float | None:
        if info.data.get("scale") is ScaleName.CHOICE or info.data.get("choices"):
            raise ValueError("does not go with a choice: its values are those of 'choices'")
        return value

    @field_validator("low", "high")
    @classmethod
    def _lies_on_the_scale(cls, end: float | None, info: ValidationInfo) -> float | None:
        if end is None:
            return None
        scale = info.data.get("scale")
        if scale is ScaleName.LOG and end <= 0:
            raise ValueError(f"a log scale holds values above 0, got {end!r}")
        if scale is ScaleName.ONE_MINUS_LOG and not 0 <= end < 1:
            raise ValueError(f"a one-minus-log scale holds values in [0, 1), got {end!r}")
        if info.data.get("integer") and end != int(end):
            raise ValueError(f"must be a whole number because integer = true, got {end!r}")
        return end

    @field_validator("high")
    @classmethod
    def _is_above_low(cls, high: float | None, info: ValidationInfo) -> float | None:
        low = info.data.get("low")
        if high is not None and low is not None and not low < high:
            raise ValueError(f"must be above low, got low = {low!r} and high = {high!r}")
        return high

    @field_validator("only_if", mode="before")
    @classmethod
    def _lists_values(cls, given: object) -> dict[str, tuple[Value, ...]]:
        if not isinstance(given, dict) or not all(value != [] for value in given.values()):
            raise ValueError(f'must be a table such as {{ penalty = "elasticnet" }}, got {given!r}')
        return {
            name: tuple(parse_setting(value) for value in (values if isinstance(values, list) else [values]))
            for name, values in given.items()
        }


class PolicyForm(Form):
    """``[policy]``: what counts as stale."""

    metric: Text | None = None
    margin: Annotated[Margin, PlainValidator(parse_margin)] = Margin(value=0.01, relative=True)
    confidence: float = Field(0.95, gt=0.5, lt=1)
    repeat: Repeat = Repeat.EVIDENCE

    @field_validator("repeat", mode="before")
    @classmethod
    def _is_known(cls, repeat: object) -> Repeat:
        return Repeat(one_of(repeat, [word.value for word in Repeat]))


class BudgetForm(Form):
    """``[budget]``: what one audit may spend."""

    strategy: str = "auto"
    trials: int = Field(30, ge=6)
    time: Span = timedelta(minutes=20)
    workers: int = Field(default_factory=lambda: min(2, os.cpu_count() or 1), ge=1)
    trial_timeout: Span = timedelta(minutes=5)
    trial_memory: Bytes = 4 * 1024**3
    turns: int = Field(1, ge=1, le=100)

    @field_validator("strategy")
    @classmethod
    def _is_known(cls, strategy: str) -> str:
        return one_of(strategy, STRATEGIES)


class WhenForm(Form):
    """``[when]``: when the model is due to be audited again."""

    every: Annotated[timedelta | Literal["auto"], PlainValidator(parse_interval)] | None = None
    stale_cost: float = Field(2.0, gt=0, le=1e6)
    timezone: str = "UTC"
    cron: str | None = None
    data_drift: float | None = Field(None, gt=0)
    environment: bool = False
    code: bool = False
    production: bool = False

    @property
    def auto(self) -> bool:
        """Whether the interval follows from what audits find."""
        return self.every == "auto"

    @field_validator("stale_cost")
    @classmethod
    def _is_weighed(cls, stale_cost: float, info: ValidationInfo) -> float:
        if "every" in info.data and info.data["every"] != "auto":
            raise ValueError("goes with when.every = 'auto' only: nothing else weighs what staleness costs")
        return stale_cost

    @field_validator("timezone")
    @classmethod
    def _exists(cls, timezone: str) -> str:
        return checked_timezone(timezone)

    @field_validator("cron")
    @classmethod
    def _can_be_kept(cls, cron: str | None, info: ValidationInfo) -> str | None:
        if cron is None:
            return None
        if info.data.get("every") is not None:
            raise ValueError("does not go with when.every; keep one of the two")
        return checked_cron(cron)


_UNREADABLE = object()


def _listed(words: Sequence[str], suffix: str = "") -> str:
    return ", ".join(word + suffix for word in words)
