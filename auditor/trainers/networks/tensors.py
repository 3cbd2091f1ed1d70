"""The rows of a fold as tensors: numbers standardised, categories numbered, nothing missing.

Whatever is learned for it (means, spreads, the categories there are) is learned from the rows that are
fitted on, and kept with a checkpoint. A number that is missing is the mean; where numbers were missing in the
rows it was learned from, one more column says so. A category that is missing, or was not among those, is
category 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from auditor.core.records import FloatArray, IntArray
from auditor.errors import TrainerError
from auditor.trainers.failing import rejected
from auditor.trainers.rows import Rows

MOST_CATEGORIES = 256
"""Categories of one column that are told apart, the most frequent ones: a column of names is no feature."""

Dataset = Callable[[pd.DataFrame, pd.DataFrame], Any]
"""A user's own function: rows, and the rows fitted on; a tensor, or several, of which the rows are first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How columns become numbers; plain values throughout, so that a checkpoint can hold it.

    Attributes
    ----------
    numbers
        For each column of numbers: mean, spread (1 where there is none), and whether it had gaps.
    categories
        For each other column: its categories, which are numbered from 1.
    labels
        The sorted classes of the target; None for a number.
    centre, spread
        A target that is a number is ``centre + spread * output``.
    """

    numbers: Mapping[str, tuple[float, float, bool]]
    categories: Mapping[str, tuple[str, ...]]
    labels: tuple[Any, ...] | None
    centre: float
    spread: float

    def plain(self) -> dict[str, Any]:
        """Return it as a checkpoint keeps it."""
        return asdict(self)

    @property
    def classes(self) -> npt.NDArray[Any] | None:
        """The label of each code; None for a number."""
        return None if self.labels is None else np.array(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What a network is fed, and what it should say.

    Attributes
    ----------
    fit, score
        Tensors that a module is called with; the rows are their first dimension.
    target
        Of the rows fitted on: shape (rows,); codes of classes, int64, or standardised numbers, float32.
    inputs
        Columns of the first tensor.
    categories
        For each column of the second tensor, how many categories it has, category 0 included; empty
        where there is no second tensor, because every category is a column of the first.
    outputs
        Classes, or 1 for a number.
    """

    fit: tuple[torch.Tensor, ...]
    score: tuple[torch.Tensor, ...]
    target: torch.Tensor
    inputs: int
    categories: tuple[int, ...]
    outputs: int
    encoding: Encoding


def learned(fit: Rows, *, classes: bool) -> Encoding:
    """Learn from the rows fitted on how columns become numbers.

    Parameters
    ----------
    classes
        Whether the target is a class label.
    """
    columns = fit.features.columns
    numeric = [name for name in columns if _is_number(fit.features[name])]
    target = np.asarray(fit.target)
    return Encoding(
        numbers={name: _moments(_number(fit.features[name])) for name in numeric},
        categories={name: _categories(fit.features[name]) for name in columns if name not in numeric},
        labels=tuple(np.unique(target).tolist()) if classes else None,
        centre=0.0 if classes else float(np.mean(target)),
        spread=1.0 if classes else float(np.std(target)) or 1.0,
    )


def tables_of(
    fit: Rows, score: pd.DataFrame, encoding: Encoding, *, apart: bool, dataset: Dataset | None = None
) -> Tables:
    """Turn the rows of a fold into tensors.

    Parameters
    ----------
    apart
        Whether categories are handed over as numbers in a tensor of their own; else each is a column.
    dataset
        The user's own way of making tensors.

    Raises
    ------
    TrainerError
        If the user's function gives no tensors, or not one entry a row.
    TrialError
        If the rows have a class that the encoding does not know.
    """
    if dataset is None:
        inputs = [_encoded(rows, encoding, apart=apart) for rows in (fit.features, score)]
    else:
        inputs = [_tensors(dataset(rows, fit.features), len(rows)) for rows in (fit.features, score)]
    sizes = tuple(len(names) + 1 for names in encoding.categories.values())
    return Tables(
        fit=inputs[0],
        score=inputs[1],
        target=target_of(fit.target, encoding),
        inputs=int(inputs[0][0].shape[1]) if inputs[0][0].ndim > 1 else 1,
        categories=sizes if apart and dataset is None else (),
        outputs=1 if encoding.labels is None else len(encoding.labels),
        encoding=encoding,
    )


def target_of(target: npt.NDArray[Any], encoding: Encoding) -> torch.Tensor:
    """Return a target as a loss wants it, shape (rows,).

    Raises
    ------
    TrialError
        If it has a class that the encoding does not know.
    """
    classes = encoding.classes
    if classes is None:
        return torch.from_numpy(((target - encoding.centre) / encoding.spread).astype(np.float32))
    codes = np.minimum(np.searchsorted(classes, target), len(classes) - 1)
    strange = np.flatnonzero(classes[codes] != target)
    if strange.size:
        raise rejected(f"the rows have a class {target[strange[0]]!r}, which the network was not made for")
    return torch.from_numpy(codes.astype(np.int64))


def _encoded(rows: pd.DataFrame, encoding: Encoding, *, apart: bool) -> tuple[torch.Tensor, ...]:
    count = len(rows)
    columns: list[FloatArray] = []
    gaps: list[FloatArray] = []
    for name, (mean, spread, had_gaps) in encoding.numbers.items():
        values = _number(rows[name])
        known = np.isfinite(values)
        columns.append(np.where(known, (np.where(known, values, mean) - mean) / spread, 0.0))
        if had_gaps:
            gaps.append((~known).astype(np.float64))
    codes = [_codes(rows[name], names) for name, names in encoding.categories.items()]
    if not apart:
        sizes = [len(names) + 1 for names in encoding.categories.values()]
        gaps += [column for code, size in zip(codes, sizes, strict=True) for column in np.eye(size)[code].T]
    table = np.stack([*columns, *gaps], axis=1) if columns or gaps else np.empty((count, 0))
    plain = torch.from_numpy(np.ascontiguousarray(table, dtype=np.float32))
    return (plain, torch.from_numpy(np.stack(codes, axis=1))) if apart and codes else (plain,)


def _is_number(column: Any) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return False
    return bool(
        is_bool_dtype(column.dtype) or is_numeric_dtype(column.dtype) or is_datetime64_any_dtype(column.dtype)
    )


def _number(column: Any) -> FloatArray:
    """Return a column as float64; a time counts in seconds, and NaN stands for what is missing."""
    if is_datetime64_any_dtype(column.dtype):
        moments = column.to_numpy(dtype="datetime64[s]")
        return np.where(np.isnat(moments), np.nan, moments.astype(np.int64).astype(np.float64))
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _moments(values: FloatArray) -> tuple[float, float, bool]:
    """Return mean, spread (1 where there is none), and whether numbers are missing or infinite."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0, True
    spread = float(known.std())
    mean = float(known.mean())
    # What is left of a column without spread is rounding.
    return mean, spread if spread > 1e-12 * abs(mean) else 1.0, known.size < values.size


def _categories(column: Any) -> tuple[str, ...]:
    """Return the most frequent categories, in the order of their names."""
    frequent = column.dropna().astype(str).value_counts(sort=True).index[:MOST_CATEGORIES]
    return tuple(sorted(frequent))


def _codes(column: Any, names: tuple[str, ...]) -> IntArray:
    numbers = {name: number for number, name in enumerate(names, start=1)}
    values = column.astype(object).where(column.notna(), None)
    return np.array([0 if value is None else numbers.get(str(value), 0) for value in values], dtype=np.int64)


def _tensors(given: Any, rows: int) -> tuple[torch.Tensor, ...]:
    """Return what a user's dataset function gave, as a tuple of tensors."""
    tensors = tuple(given) if isinstance(given, tuple | list) else (given,)
    tensors = tuple(torch.as_tensor(tensor) for tensor in tensors)
    for tensor in tensors:
        if tensor.ndim == 0 or len(tensor) != rows:
            raise TrainerError(
                f"the dataset function gave a tensor of shape {tuple(tensor.shape)} for {rows} rows; "
                "it must give one entry a row"
            )
    return tensors
