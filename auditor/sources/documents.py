"""JSON, TOML and YAML files to trees whose numbers are still text, and the way to a place in one.

Numbers stay as they were written because the report quotes them that way, and because YAML 1.1
reads ``1e-4`` as text and ``no`` as false: what a text means is decided once, in ``texts``.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from auditor.errors import CaptureError
from auditor.sources.importing import told

_INDEX = re.compile(r"0|[1-9]\d*")


def read_document(kind: str, path: str, *, origin: str) -> object:
    """Return a file's tree.

    Parameters
    ----------
    kind
        ``json``, ``toml`` or ``yaml``.
    origin
        As the user wrote it, for messages.

    Raises
    ------
    CaptureError
        If the file is missing, empty, not UTF-8, or cut short.
    """
    text = read_text(path, origin=origin)
    if not text.strip():
        raise CaptureError(f"{origin}: {path!r} is empty")
    return parse_document(kind, text, origin=origin)


def read_text(path: str, *, origin: str) -> str:
    """Return a file's text.

    Raises
    ------
    CaptureError
        If the file is missing, cannot be read, or is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CaptureError(f"{origin}: no file {path!r} in {str(Path.cwd())!r}") from error
    except UnicodeDecodeError as error:
        raise CaptureError(f"{origin}: {path!r} is not UTF-8") from error
    except OSError as error:
        raise CaptureError(f"{origin}: {path!r} cannot be read: {error.strerror or error}") from error


def parse_document(kind: str, text: str, *, origin: str) -> object:
    """Return the tree of a text; raise CaptureError if it is broken or cut short."""
    try:
        return _PARSERS[kind](text)
    except (ValueError, RecursionError) as error:  # JSON's and TOML's errors are ValueErrors
        raise CaptureError(f"{origin}: is not {kind.upper()}, or is cut short: {told(error)}") from error


def place_in(tree: object, pointer: str, *, origin: str) -> object:
    """Return what a JSON pointer (RFC 6901) leads to.

    Parameters
    ----------
    pointer
        Empty for the whole tree, or ``/key/0/key`` with ``~1`` for ``/`` and ``~0`` for ``~``;
        percent-escapes are undone, as in the fragment of a URL.

    Raises
    ------
    CaptureError
        If it leads nowhere; what is there instead is listed.

    Examples
    --------
    >>> place_in({"models": [{"a/b": 1}]}, "/models/0/a~1b", origin="json:params.json")
    1
    """
    walked = ""
    for part in unquote(pointer).split("/")[1:]:
        tree = _step(tree, part.replace("~1", "/").replace("~0", "~"), walked, origin)
        walked = f"{walked}/{part}"
    return tree


def _step(tree: object, key: str, walked: str, origin: str) -> object:
    here = f"at {walked!r}" if walked else "at the top"
    if isinstance(tree, Mapping):
        if key in tree:
            return tree[key]
        raise CaptureError(
            f"{origin}: no {key!r} {here}; there are: {', '.join(map(str, tree)) or 'no keys'}"
        )
    if isinstance(tree, list):
        if _INDEX.fullmatch(key) and int(key) < len(tree):
            return tree[int(key)]
        raise CaptureError(f"{origin}: no item {key!r} {here}; it is a list of {len(tree)}, counted from 0")
    raise CaptureError(
        f"{origin}: nothing lies below {walked!r}, which holds {tree!r}; {key!r} cannot be there"
    )


def _parse_json(text: str) -> object:
    tree: object = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    return tree


def _parse_toml(text: str) -> object:
    return tomllib.loads(text, parse_float=str)


def _parse_yaml(text: str) -> object:
    import yaml

    class _TextLoader(yaml.SafeLoader):
        """Reads every scalar but null as text; merge keys work."""

    _TextLoader.yaml_implicit_resolvers = _kept(yaml.SafeLoader.yaml_implicit_resolvers)
    try:
        tree: object = yaml.load(text, Loader=_TextLoader)  # noqa: S506 - a SafeLoader with fewer resolvers
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    return tree


def _kept(resolvers: Mapping[str, list[tuple[str, Any]]]) -> dict[str, list[tuple[str, Any]]]:
    tags = {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:null"}
    return {first: [pair for pair in pairs if pair[0] in tags] for first, pairs in resolvers.items()}


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "json": _parse_json,
    "toml": _parse_toml,
    "yaml": _parse_yaml,
}
