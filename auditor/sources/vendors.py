"""Settings out of other people's stores: MLflow, Optuna, torch checkpoints, SQL. Runs in a worker process.

Their libraries are slow to import, servers hang and checkpoints are large: nothing here is called but
through an executor, which sets a limit of time. ``${NAME}`` in an address is replaced by the environment
variable of that name, the place for a password; no message and no origin shows one.

============================================  ========================================================
``from``                                      reads
============================================  ========================================================
``mlflow:models:/name@alias``                 the parameters of the run that a registered model's version
                                              is from; also ``models:/name/3`` and ``runs:/ID``
``optuna:sqlite:///study.db#name``            the best trial of a study; also of ``journal:path#name``
``torch:path#key/key``                        a dictionary of a checkpoint, or an optimiser's
                                              ``param_groups``; never unpickles
``sql:URL#SELECT ...``                        one row of settings, or rows of a name and a value
============================================  ========================================================
"""

import os
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.core.addresses import without_secrets
from auditor.errors import CaptureError, DataError
from auditor.settings import OURS
from auditor.sources.checkpoints import settings_of_checkpoint
from auditor.sources.importing import told
from auditor.sources.lists import Found, gathered
from auditor.sources.registry import settings_of_registry

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def settings_of_vendor(kind: str, rest: str, fixed: tuple[str, ...]) -> Found:
    """Return the settings that a vendor's store holds.

    Parameters
    ----------
    kind
        One of `VENDORS`.
    fixed
        Names to leave out.

    Raises
    ------
    CaptureError
        If its library is not installed, it cannot be reached, or there is no such thing in it.
    """
    origin = without_secrets(f"{kind}:{rest}")
    address = _VARIABLE.sub(lambda found: _variable(found.group(1), origin), rest)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries deprecate is no business of the user's
        return VENDORS[kind](address, fixed, origin)


def _variable(name: str, origin: str) -> str:
    value = os.environ.get(name)
    if value is None and name.startswith(OURS):
        raise CaptureError(
            f"{origin}: asks for {name!r}, and variables that begin with {OURS} are auditor's own, which "
            "workers are not handed; give it another name"
        )
    if value is None:
        raise CaptureError(f"{origin}: asks for the environment variable {name!r}, which is not set")
    return value


def _missing(origin: str, extra: str, error: ImportError) -> CaptureError:
    return CaptureError(f"{origin}: {told(error)}; pip install 'auditor[{extra}]'")


# ---------------------------------------------------------------- Optuna


def _of_optuna(rest: str, fixed: tuple[str, ...], origin: str) -> Found:
    try:
        import optuna
    except ImportError as error:
        raise _missing(origin, "optuna", error) from error
    address, _, name = rest.partition("#")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        storage = _storage(address, origin)
        names = [summary.study_name for summary in optuna.get_all_study_summaries(storage)]
        study = optuna.load_study(study_name=_only(names, name, origin), storage=storage)
        trial = _best(study, origin)
    except CaptureError:
        raise
    except Exception as error:  # of SQLAlchemy, of its drivers, of the journal
        raise CaptureError(f"{origin}: cannot be read: {without_secrets(told(error))}") from error
    # Text is left text: Optuna keeps a choice as what it was.
    return gathered(trial.params, fixed, origin=f"{origin} (trial {trial.number})", as_text=True)


def _storage(address: str, origin: str) -> Any:
    if address.startswith("journal:"):
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        path = address.removeprefix("journal:")
        _must_exist(path, origin)
        return JournalStorage(JournalFileBackend(path))
    if address.startswith("sqlite:///"):
        _must_exist(address.removeprefix("sqlite:///").partition("?")[0], origin)
    return address


def _only(names: Sequence[str], name: str, origin: str) -> str:
    listed = ", ".join(sorted(names)) or "none"
    if not name and len(names) == 1:
        return names[0]
    if name not in names:
        wanted = f"no study {name!r}" if name else "name a study after '#'"
        raise CaptureError(f"{origin}: {wanted}; there are: {listed}")
    return name


def _best(study: Any, origin: str) -> Any:
    if len(study.directions) > 1:
        raise CaptureError(
            f"{origin}: the study has {len(study.directions)} objectives, and so no best trial"
        )
    try:
        return study.best_trial
    except ValueError as error:
        raise CaptureError(f"{origin}: no trial of the study has finished") from error


def _must_exist(path: str, origin: str) -> None:
    if not Path(path).is_file():  # otherwise it would be made
        raise CaptureError(f"{origin}: no file {path!r} in {str(Path.cwd())!r}")


# ---------------------------------------------------------------- SQL


def _of_sql(rest: str, fixed: tuple[str, ...], origin: str) -> Found:
    from auditor.sources.databases import read_query

    address, mark, query = rest.partition("#")
    if not mark or not query.strip():
        raise CaptureError(f"{origin}: write the query after '#': sql:sqlite:///shop.db#SELECT ...")
    try:
        rows = read_query(address, query)
    except DataError as error:
        raise CaptureError(
            str(error).replace("data.query", "the query").replace("data.source", origin)
        ) from error
    named = rows.num_columns == 2 and rows.column_names[0].lower() == "name"
    if rows.num_rows == 1 and not named:
        return gathered(rows.to_pylist()[0], fixed, origin=origin)
    if rows.num_columns != 2:
        raise CaptureError(
            f"{origin}: must give one row of settings, or rows of a name and a value, got {rows.num_rows} "
            f"rows of {rows.num_columns} columns"
        )
    names, values = (column.to_pylist() for column in rows.columns)
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise CaptureError(f"{origin}: gives more than one value for {', '.join(twice)}; select one of them")
    return gathered(
        {str(name): value for name, value in zip(names, values, strict=True)}, fixed, origin=origin
    )


VENDORS: Mapping[str, Callable[[str, tuple[str, ...], str], Found]] = {
    "mlflow": settings_of_registry,
    "optuna": _of_optuna,
    "torch": settings_of_checkpoint,
    "sql": _of_sql,
}
"""By the word before the colon of ``from``."""
