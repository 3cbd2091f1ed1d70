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

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_OBJECT = re.compile(r"[A-Za-z_][\w.]*\(.*\)|<.*>|\[.*\(.*\].*|\{.*\}", re.DOTALL)
"""The text of a Python object, as autologging writes the steps of a pipeline."""


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


# ---------------------------------------------------------------- MLflow


def _of_mlflow(rest: str, fixed: tuple[str, ...], origin: str) -> Found:
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # by default it tries for minutes
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError as error:
        raise _missing(origin, "mlflow", error) from error
    if "MLFLOW_TRACKING_URI" not in os.environ:
        raise CaptureError(
            f"{origin}: set MLFLOW_TRACKING_URI to where the tracking server or its database is"
        )
    try:
        parameters, where = _parameters_of_run(MlflowClient(), rest, origin)
    except MlflowException as error:
        raise CaptureError(f"{origin}: {_brief(error)}") from error
    parameters = {name: text for name, text in parameters.items() if text.lower() != "nan"}
    objects = {name for name, text in parameters.items() if _OBJECT.fullmatch(text)}
    plain = {name: text for name, text in parameters.items() if name not in objects}
    found = gathered(plain, fixed, origin=f"{origin} ({where})")
    return Found(found.settings, (*found.skipped, *sorted(objects - set(fixed))))


def _parameters_of_run(client: Any, rest: str, origin: str) -> tuple[Mapping[str, str], str]:
    """Return a run's parameters, which MLflow keeps as text, and which run it is."""
    if rest.startswith("runs:/"):
        run = rest.removeprefix("runs:/").strip("/")
        return client.get_run(run).data.params, f"run {run}"
    named = re.fullmatch(r"models:/([^/@]+)(?:@([^/@]+)|/(\d+))", rest)
    if named is None:
        raise CaptureError(
            f"{origin}: write mlflow:models:/NAME@ALIAS, mlflow:models:/NAME/3 or mlflow:runs:/ID"
        )
    name, alias, number = named.groups()
    version = (
        client.get_model_version_by_alias(name, alias) if alias else client.get_model_version(name, number)
    )
    where = f"version {version.version}"
    if not version.run_id:
        raise CaptureError(f"{origin}: {where} was registered without a run, so its parameters are not known")
    parameters = client.get_run(version.run_id).data.params
    if not parameters:
        raise CaptureError(f"{origin}: run {version.run_id} of {where} has logged no parameters")
    return parameters, where


def _brief(error: Exception) -> str:
    """Return what MLflow says, without the trail of libraries below it."""
    said = without_secrets(told(error)).partition(" failed with exception ")
    return f"{said[0]} cannot be reached" if said[1] else said[0]


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
    "mlflow": _of_mlflow,
    "optuna": _of_optuna,
    "torch": settings_of_checkpoint,
    "sql": _of_sql,
}
"""By the word before the colon of ``from``."""
