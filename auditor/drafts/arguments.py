"""What ``auditor init`` is given on the command line, read."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.core.records import Value
from auditor.declarations.forms import ORIGINS
from auditor.errors import DeclarationError
from auditor.sources.texts import read_value

_BY_SUFFIX: Mapping[str, str] = {
    ".joblib": "joblib",
    ".pkl": "joblib",
    ".pickle": "joblib",
    ".skops": "skops",
    ".json": "json",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".pt": "torch",
    ".pth": "torch",
    ".ckpt": "torch",
}
"""What a file of production's is, by the end of its name."""


def as_origin(given: str) -> str:
    """Return where production lives as a schedule names it; a bare path gets its kind from its suffix.

    Examples
    --------
    >>> as_origin("serving/model.joblib"), as_origin("env:MODEL_")
    ('joblib:serving/model.joblib', 'env:MODEL_')
    >>> as_origin("models:/churn@champion")
    'mlflow:models:/churn@champion'
    """
    if given.partition(":")[0] in ORIGINS:
        return given
    if given.startswith(("models:/", "runs:/")):
        return f"mlflow:{given}"
    kind = _BY_SUFFIX.get(Path(given.partition("#")[0]).suffix.lower())
    if kind in ORIGINS:
        return f"{kind}:{given}"
    allowed = ", ".join(f"{word}:" for word in ORIGINS)
    raise DeclarationError(f"--from {given!r} does not say what it is; put one of {allowed} before it")


def read_settings(given: Sequence[str]) -> dict[str, Value]:
    """Return settings given as ``name=value``.

    Raises
    ------
    DeclarationError
        If one has no name or no value.

    Examples
    --------
    >>> read_settings(["learning_rate=1e-2", "penalty=l1"])
    {'learning_rate': 0.01, 'penalty': 'l1'}
    """
    found: dict[str, Value] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not (equals and name.strip() and text.strip()):
            raise DeclarationError(f"--set needs name=value, got {each!r}")
        found[name.strip()] = read_value(text.strip())
    return found
