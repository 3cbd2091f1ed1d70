"""Fitted estimators on disk, by skops: no code is in the file, and equal models are equal bytes.

skops names parts of a model by their place in memory, which differs from run to run. Here they are counted
instead, and files in the archive have no date, so that a turn that is done over leaves the same checkpoint.

What is read back are arrays, plain values, and classes of the libraries that the trainer itself is made of;
anything else is refused, before it is written.

skops is imported only where a file is written or read: it imports all of scikit-learn and torch, 1.3 s that
no worker of a search should wait for.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditor.errors import TrainerError, one_line
from auditor.trainers.failing import rejected

_SCHEMA = "schema.json"
_LIBRARIES = ("sklearn", "numpy", "scipy", "builtins")
_PLACE = re.compile(r"(\d+)(\.\w+)")


def save(estimator: Any, path: Path, *, entry: str) -> None:
    """Write a fitted estimator to a file.

    Parameters
    ----------
    entry
        The trainer's import path: classes of its own package may be in the file.

    Raises
    ------
    TrialError
        If it holds what cannot be written, or what may not be read back.
    """
    import skops.io

    try:
        data = skops.io.dumps(estimator)
    except Exception as error:  # user classes may refuse in any way
        raise rejected(f"{entry} cannot be written to a checkpoint: {one_line(error)}") from error
    strange = _strange(skops.io.get_untrusted_types(data=data), entry)
    if strange:
        raise rejected(
            f"{entry} holds {', '.join(strange[:3])}, which a checkpoint may not: only what is of "
            f"{', '.join(_LIBRARIES[:3])} or of the trainer's own package is read back"
        )
    path.write_bytes(_counted(data))


def load(path: Path, *, entry: str) -> Any:
    """Return the estimator in a file.

    Raises
    ------
    TrainerError
        If the file is no such file, or holds what may not be read.
    """
    import skops.io

    try:
        types = skops.io.get_untrusted_types(file=path)
        strange = _strange(types, entry)
        found = None if strange else skops.io.load(path, trusted=types)
    except Exception as error:  # damaged files raise from zipfile, json, numpy and skops alike
        raise TrainerError(f"{str(path)!r} is no checkpoint that can be read: {one_line(error)}") from error
    if strange:
        raise TrainerError(f"the checkpoint {path.name[:12]} holds {', '.join(strange[:3])}; it is not ours")
    return found


def _strange(types: Iterable[str], entry: str) -> list[str]:
    own = re.split(r"[.:]", entry)[0]
    return [name for name in types if name.split(".")[0] not in (*_LIBRARIES, own)]


def _counted(data: bytes) -> bytes:
    """Return an archive of skops in which places in memory are numbers, counted as they appear."""
    numbers: dict[str, str] = {}

    def number(place: str) -> str:
        return numbers.setdefault(place, str(len(numbers) + 1))

    def renamed(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: _renamed(key, value, number, renamed) for key, value in node.items()}
        return [renamed(each) for each in node] if isinstance(node, list) else node

    with zipfile.ZipFile(io.BytesIO(data)) as before:
        schema = renamed(json.loads(before.read(_SCHEMA)))
        parts = {_file(name, number): before.read(name) for name in before.namelist() if name != _SCHEMA}
    parts[_SCHEMA] = json.dumps(schema).encode()
    after = io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name), parts[name], zipfile.ZIP_DEFLATED)
    return after.getvalue()


def _renamed(key: str, value: Any, number: Any, inner: Any) -> Any:
    if key == "__id__" and isinstance(value, int):
        return int(number(str(value)))
    if key == "file" and isinstance(value, str):
        return _file(value, number)
    return inner(value)


def _file(name: str, number: Any) -> str:
    found = _PLACE.fullmatch(name)
    return name if found is None else f"{number(found[1])}{found[2]}"
