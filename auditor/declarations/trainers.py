"""``[trainer]``: one form for each kind, chosen by the table's own ``kind``.

A form names the key that says what is trained (``entry_key``: an import path, a command); every other key
of its own becomes an option of the spec, under its name. A new kind is one form here and one entry in
`TRAINER_FORMS`, and one in ``trainers/kinds.py``, which trains it.
"""

import shlex
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, PlainValidator, field_validator

from auditor.core.addresses import is_function
from auditor.core.places import spread_all
from auditor.core.records import Config, TrainerSpec
from auditor.declarations.complaints import Findings, shown
from auditor.declarations.crosschecks import default_metric
from auditor.declarations.forms import Form, Settings, Text
from auditor.declarations.suggestions import one_of
from auditor.errors import Problem


def _import_path(given: str) -> str:
    if is_function(given):
        return given
    module, dot, name = given.rpartition(".")
    hint = f"; did you mean '{module}:{name}'?" if dot and ":" not in given else ""
    raise ValueError(f"must be 'package.module:name', got {given!r}{hint}")


def _command(given: object) -> tuple[str, ...]:
    """Return the words of a command that is one text, split as a shell would, or a list of words."""
    words = given if isinstance(given, list) else None
    if isinstance(given, str):
        try:
            words = shlex.split(given)
        except ValueError as error:
            raise ValueError(f"cannot be split into words: {str(error).lower()}, got {given!r}") from error
    if not words or not all(isinstance(word, str) for word in words) or not words[0].strip():
        raise ValueError(
            f"must be a command such as 'Rscript train.R', or a list of its words, got {given!r}"
        )
    return tuple(words)


ImportPath = Annotated[Text, AfterValidator(_import_path)]
Command = Annotated[tuple[str, ...], PlainValidator(_command)]


class TrainerForm(Form):
    """What the tables of all kinds have in common."""

    entry_key: ClassVar[str]

    kind: str = "sklearn"
    fixed: dict[str, Settings] = Field(default_factory=dict)

    @property
    def held(self) -> Config:
        """The settings that are left alone, lists by their places."""
        return spread_all(self.fixed)

    @property
    def entry(self) -> str:
        """What is trained: an import path or a command."""
        return str(getattr(self, self.entry_key))

    @property
    def metric(self) -> str | None:
        """The metric that goes without saying, or None."""
        return None

    def spec(self) -> TrainerSpec:
        """Return the table as the walk knows it."""
        own = {"kind", "fixed", self.entry_key}
        options: Config = {name: value for name, value in self if name not in own}
        return TrainerSpec(kind=self.kind, entry=self.entry, fixed=self.held, options=options)


class SklearnForm(TrainerForm):
    """``kind = "sklearn"``: an estimator or a pipeline with scikit-learn's interface."""

    entry_key = "estimator"

    estimator: ImportPath = Field(
        description="an import path such as 'sklearn.ensemble:RandomForestClassifier'"
    )

    @property
    def metric(self) -> str | None:
        """The metric that goes without saying for an estimator of this name, or None."""
        return default_metric(self.estimator)


GIVES = ("predictions", "losses", "loss", "score")
"""What a user's own trainer may give; see ``trainers/outcomes.py``."""


ROWS = ("csv", "parquet")
"""Formats of the rows that a program is handed."""


class OwnForm(TrainerForm):
    """What the tables of the user's own trainers have in common.

    Attributes
    ----------
    gives
        One of `GIVES`.
    classes
        Whether the target is a class label; None where the metric says so.
    """

    gives: str = "predictions"
    classes: bool | None = None

    @field_validator("gives")
    @classmethod
    def _is_known(cls, gives: str) -> str:
        return one_of(gives, GIVES)

    @property
    def metric(self) -> str | None:
        """What the trainer's own number is called, where it gives one."""
        return {"losses": "loss", "loss": "loss", "score": "score"}.get(self.gives)


class PythonForm(OwnForm):
    """``kind = "python"``: the user's own training function.

    Attributes
    ----------
    together
        A function that trains many configurations on the same rows at once.
    """

    entry_key = "function"

    function: ImportPath = Field(description="an import path such as 'shop.churn:train'")
    together: ImportPath | None = None


LOSSES = ("cross_entropy", "binary_cross_entropy", "mse", "mae", "huber")
"""Losses of networks that need no function of the user's; ``trainers/networks/losses.py`` has them."""


class TorchForm(TrainerForm):
    """``kind = "torch"``: a function that builds a ``torch.nn.Module``; the training loop is ours."""

    entry_key = "module"

    module: ImportPath = Field(
        "auditor.trainers.networks.modules:mlp", description="an import path such as 'shop.churn:network'"
    )
    loss: Text | None = Field(None, description="a loss by its name, or an import path")
    dataset: ImportPath | None = None
    device: Text = "cpu"
    classes: bool | None = None

    @field_validator("loss")
    @classmethod
    def _is_known(cls, loss: str | None) -> str | None:
        return loss if loss is None or is_function(loss) else one_of(loss, LOSSES)

    @property
    def metric(self) -> str | None:
        """The metric that goes without saying for a loss, or None."""
        if self.loss is not None and is_function(self.loss):
            return "loss"
        if self.loss in ("cross_entropy", "binary_cross_entropy"):
            return "log_loss"
        return {"mse": "squared_error", "mae": "absolute_error"}.get(self.loss or "")


class CommandForm(OwnForm):
    """``kind = "command"``: the user's own program, in any language.

    Attributes
    ----------
    command
        As one text, split as a shell would, or as a list of words. No shell runs it.
    rows
        The format of the files that it is handed and of the one that it writes.
    fidelity
        Whether it trains less when it is told to.
    """

    entry_key = "command"

    command: Command = Field(description="a program and its arguments, such as 'Rscript train.R'")
    rows: str = "csv"
    fidelity: bool = False

    @field_validator("rows")
    @classmethod
    def _is_a_format(cls, rows: str) -> str:
        return one_of(rows, ROWS)

    @property
    def entry(self) -> str:
        """The command, its words quoted as a shell would need them."""
        return shlex.join(self.command)


TRAINER_FORMS: Mapping[str, type[TrainerForm]] = {
    "sklearn": SklearnForm,
    "python": PythonForm,
    "torch": TorchForm,
    "command": CommandForm,
}
"""By kind."""

TRAINER_KEYS = frozenset(key for form in TRAINER_FORMS.values() for key in form.model_fields)
"""Every key that ``[trainer]`` may hold, of whatever kind."""


def read_trainer(table: object, found: Findings) -> TrainerForm | None:
    """Return ``[trainer]`` in the form of its kind, having noted everything that is wrong with it.

    Returns
    -------
    TrainerForm or None
        None where too little of it is well formed, its kind above all.
    """
    if not isinstance(table, dict):
        return found.read(SklearnForm, table, where="trainer")
    kind = table.get("kind", "sklearn")
    try:
        form = TRAINER_FORMS[one_of(kind, list(TRAINER_FORMS))]
    except ValueError as error:
        found.problems.append(Problem("trainer.kind", str(error)))
        return None
    elsewhere = {key: kinds for key in table if (kinds := _kinds_with(key)) and kind not in kinds}
    found.problems.extend(
        Problem(f"trainer.{key}", f"goes with {_either(kinds)}, and this trainer is of kind {shown(kind)}")
        for key, kinds in elsewhere.items()
    )
    return found.read(
        form, {key: value for key, value in table.items() if key not in elsewhere}, where="trainer"
    )


def _kinds_with(key: str) -> list[str]:
    return [kind for kind, form in TRAINER_FORMS.items() if key in form.model_fields]


def _either(kinds: list[str]) -> str:
    return " or ".join(f"kind = {kind!r}" for kind in kinds)
