"""Settings out of an MLflow server and its model registry, and tags into it. Runs in a worker process.

A registered version's settings are the parameters of the run that it is from; of a version without a run,
those of the model that was logged, or its own tags. A parameter of a run can never be changed, and nothing
that is there is changed here: what an audit recommends is *added* as one tag of the version,
``auditor.audit-7 = {"learning_rate": 0.1}``, and is read in the parameters' stead, a later audit's before an
earlier one's. The next training reads it where the audit does; once its version has the alias, its own
parameters count. It is one tag, because several could be cut short in between.
"""

import ast
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from auditor.core.addresses import without_secrets
from auditor.errors import CaptureError
from auditor.sources.importing import told
from auditor.sources.lists import Found, gathered, parts_of

_OBJECT = re.compile(r"[A-Za-z_][\w.]*\(.*\)|<.*>|\[.*\(.*\].*|\{.*\}", re.DOTALL)
"""The text of a Python object, as autologging writes the steps of a pipeline."""

_OURS = re.compile(r"auditor\.audit-(\d+)")
_THEIRS = ("mlflow.", "auditor.")
"""How tags begin that MLflow and we set ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A version of a registered model, or a run.

    Attributes
    ----------
    says
        Which one it is, as a report says it.
    """

    says: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]


def settings_of_registry(rest: str, fixed: tuple[str, ...], origin: str) -> Found:
    """Return the settings of a registered version or of a run.

    Parameters
    ----------
    rest
        ``models:/name@alias``, ``models:/name/3`` or ``runs:/ID``.
    fixed
        Names to leave out.

    Raises
    ------
    CaptureError
        If MLflow is not installed, cannot be reached, or has no such thing.
    """
    with _client(origin) as client:
        place = _place(client, rest, origin)
    tagged = _tagged(place.tags, origin)
    plain = {name: text for name, text in place.parameters.items() if name not in tagged}
    found = _settings(plain, fixed, f"{origin} ({place.says})")
    for audit in sorted({audit for audit, _ in tagged.values()}):
        values = {name: value for name, (one, value) in tagged.items() if one == audit}
        ours = gathered(values, fixed, origin=f"{origin} ({place.says}, tag of audit {audit})", as_text=True)
        found = Found((*found.settings, *ours.settings), (*found.skipped, *ours.skipped))
    return found


def tags_of(rest: str, origin: str) -> Mapping[str, str]:
    """Return the tags of a version or a run; see `settings_of_registry`."""
    with _client(origin) as client:
        return dict(_place(client, rest, origin).tags)


def add_tag(rest: str, name: str, text: str, origin: str) -> None:
    """Add a tag to a version or a run.

    Raises
    ------
    CaptureError
        If one of that name is there already, or MLflow refuses.
    """
    with _client(origin) as client:
        if name in _place(client, rest, origin).tags:
            raise CaptureError(f"{origin}: has a tag {name!r} already, and none is written over")
        if rest.startswith("runs:/"):
            client.set_tag(_run_of(rest), name, text)
        else:
            model, number = rest.removeprefix("models:/").rsplit("/", 1)
            client.set_model_version_tag(model, number, name, text)


def remove_tag(rest: str, name: str, origin: str) -> None:
    """Take away a tag of ours; see `add_tag`."""
    with _client(origin) as client:
        if rest.startswith("runs:/"):
            client.delete_tag(_run_of(rest), name)
        else:
            model, number = rest.removeprefix("models:/").rsplit("/", 1)
            client.delete_model_version_tag(model, number, name)


def tag_name(audit: int) -> str:
    """Return the name of the tag that says what an audit recommends.

    Examples
    --------
    >>> tag_name(7)
    'auditor.audit-7'
    """
    return f"auditor.audit-{audit}"


def target_of(origin: str) -> str | None:
    """Return the version or the run that a setting was read from, by the origin that it was captured with.

    Examples
    --------
    >>> target_of("mlflow:models:/late@champion (version 3)")
    'models:/late/3'
    >>> target_of("mlflow:runs:/0af3 (run 0af3, tag of audit 7)")
    'runs:/0af3'
    """
    version = re.fullmatch(r"mlflow:models:/([^/@]+)[@/].* \(version (\d+)[^()]*\)", origin)
    if version:
        return f"models:/{version[1]}/{version[2]}"
    run = re.fullmatch(r"mlflow:runs:/.* \(run (\w+)[^()]*\)", origin)
    return f"runs:/{run[1]}" if run else None


@contextmanager
def _client(origin: str) -> Iterator[Any]:
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # by default it tries for minutes
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    try:
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
    except ImportError as error:
        raise CaptureError(f"{origin}: {told(error)}; pip install 'auditor[mlflow]'") from error
    if "MLFLOW_TRACKING_URI" not in os.environ:
        raise CaptureError(
            f"{origin}: set MLFLOW_TRACKING_URI to where the tracking server or its database is, such as "
            "http://127.0.0.1:5000"
        )
    try:
        yield MlflowClient()
    except MlflowException as error:
        raise CaptureError(f"{origin}: {_brief(error)}") from error


def _place(client: Any, rest: str, origin: str) -> _Place:
    if rest.startswith("runs:/"):
        run = client.get_run(_run_of(rest)).data
        return _Place(says=f"run {_run_of(rest)}", parameters=run.params, tags=run.tags)
    version = _version(client, rest, origin)
    says = f"version {version.version}"
    tags = {str(name): str(text) for name, text in version.tags.items()}
    if version.run_id:
        parameters = client.get_run(version.run_id).data.params
        if not parameters:
            raise CaptureError(f"{origin}: run {version.run_id} of {says} has logged no parameters")
        return _Place(says=says, parameters=parameters, tags=tags)
    logged = _logged(client, version)
    if logged:
        return _Place(says=f"{says}, its logged model", parameters=logged, tags=tags)
    own = {name: text for name, text in tags.items() if not name.startswith(_THEIRS)}
    if not own:
        raise CaptureError(
            f"{origin}: {says} was registered without a run, and neither parameters nor tags tell its "
            "settings; tag it with them, or write them into [production]"
        )
    return _Place(says=f"{says}, its tags", parameters=own, tags=tags)


def _version(client: Any, rest: str, origin: str) -> Any:
    named = re.fullmatch(r"models:/([^/@]+)(?:@([^/@]+)|/(\d+))", rest)
    if named is None:
        raise CaptureError(
            f"{origin}: write mlflow:models:/NAME@ALIAS, mlflow:models:/NAME/3 or mlflow:runs:/ID"
        )
    name, alias, number = named.groups()
    return client.get_model_version_by_alias(name, alias) if alias else client.get_model_version(name, number)


def _logged(client: Any, version: Any) -> Mapping[str, str]:
    """Return the parameters of the model that a version is of, where MLflow 3 keeps it apart from a run."""
    named = re.fullmatch(r"models:/(m-\w+)/?", str(version.source))
    model = getattr(version, "model_id", None) or (named and named[1])
    return dict(client.get_logged_model(model).params or {}) if model else {}


def _run_of(rest: str) -> str:
    return rest.removeprefix("runs:/").strip("/")


def _tagged(tags: Mapping[str, str], origin: str) -> dict[str, tuple[int, object]]:
    """Return what audits have recommended, by setting: the latest audit's word, and its number."""
    found: dict[str, tuple[int, object]] = {}
    for tag, text in tags.items():
        ours = _OURS.fullmatch(tag)
        for name, value in _advice(tag, text, origin).items() if ours is not None else ():
            number = int(ours[1]) if ours else 0
            if number >= found.get(name, (0, None))[0]:
                found[name] = (number, value)
    return found


def _advice(tag: str, text: str, origin: str) -> dict[str, object]:
    try:
        advice = json.loads(text)
    except ValueError:
        advice = None
    if not isinstance(advice, dict):
        raise CaptureError(f"{origin}: its tag {tag!r} is no JSON object of settings; delete it, or mend it")
    return advice


def _settings(texts: Mapping[str, str], fixed: tuple[str, ...], origin: str) -> Found:
    """Return settings out of what MLflow keeps as text: numbers, and short lists of them, are read."""
    texts = {name: text for name, text in texts.items() if text.lower() != "nan"}
    objects = {name for name, text in texts.items() if _OBJECT.fullmatch(text)}
    plain = {name: _read(text) for name, text in texts.items() if name not in objects}
    found = gathered(plain, fixed, origin=origin)
    return Found(found.settings, (*found.skipped, *sorted(objects - set(fixed))))


def _read(text: str) -> object:
    """Return the list that a text spells, as autologging spells hidden_layer_sizes; else the text."""
    if not re.fullmatch(r"\(.*\)|\[.*\]", text):
        return text
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return text if parts_of(found) is None else found


def _brief(error: Exception) -> str:
    """Return what MLflow says, without the trail of libraries below it."""
    said = without_secrets(told(error)).partition(" failed with exception ")
    return f"{said[0]} cannot be reached" if said[1] else said[0]
