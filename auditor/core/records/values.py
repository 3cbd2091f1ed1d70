"""Values of settings, configurations, and the digests that tell them apart."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Value: TypeAlias = bool | int | float | str | None
"""What one setting may hold."""

Config: TypeAlias = Mapping[str, Value]
"""A configuration: a value for every setting."""

if TYPE_CHECKING:
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    IntArray: TypeAlias = npt.NDArray[np.int64]
else:  # commands that only list what was found do without numpy, which costs 0.1 s to import
    FloatArray = IntArray = Any


_SORTED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def config_key(config: Config) -> str:
    """Return the same text for equal configurations, whatever the order of their settings.

    Examples
    --------
    >>> config_key({"b": 1, "a": 0.5})
    '{"a":0.5,"b":1}'
    """
    return _SORTED.encode(dict(config))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
