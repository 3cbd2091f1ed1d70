"""The rows of a fold as tensors: numbers standardised, categories numbered, nothing missing.

Whatever is learned for it (means, spreads, the categories there are) is learned from the rows that are
fitted on. A number that is missing is the mean; where numbers were missing in the rows fitted on, one more
column says so. A category that is missing, or was not among those, is category 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from auditor.core.records import FloatArray, IntArray
from auditor.errors import TrainerError
from auditor.trainers.rows import Rows

MOST_CATEGORIES = 256
"""Categories of one column that are told apart, the most frequent ones: a column of names is no feature."""

Dataset = Callable[[pd.DataFrame, pd.DataFrame], Any]
"""A user's own function: rows, and the rows fitted on; a tensor, or several, of which the rows are first."""


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
    classes
        The label of each code; None for a number.
    centre, spread
        A number is ``centre + spread * output``.
    """

    fit: tuple[torch.Tensor, ...]
    score: tuple[torch.Tensor, ...]
    target: torch.Tensor
    inputs: int
    categories: tuple[int, ...]
    outputs: int
    classes: npt.NDArray[Any] | None
    centre: float
    spread: float


def tables_of(
    fit: Rows, score: pd.DataFrame, *, classes: bool, apart: bool, dataset: Dataset | None
) -> Tables:
    """Turn the rows of a fold into tensors.

    Parameters
    ----------
    classes
        Whether the target is a class label.
    apart
        Whether categories are handed over as numbers in a tensor of their own; else each is a column.
    dataset
        The user's own way of making tensors.

    Raises
    ------
    TrainerError
        If the user's function gives no tensors, or not one entry a row.
    """
    if dataset is None:
        inputs, sizes = _encoded(fit.features, [fit.features, score], apart=apart)
    else:
        inputs = [_tensors(dataset(rows, fit.features), len(rows)) for rows in (fit.features, score)]
        sizes = ()
    target, labels, centre, spread = _target(fit.target, classes=classes)
    return Tables(
        fit=inputs[0],
        score=inputs[1],
        target=target,
        inputs=int(inputs[0][0].shape[1]) if inputs[0][0].ndim > 1 else 1,
        categories=sizes,
        outputs=1 if labels is None else len(labels),
        classes=labels,
        centre=centre,
        spread=spread,
    )


def _target(
    target: npt.NDArray[Any], *, classes: bool
) -> tuple[torch.Tensor, npt.NDArray[Any] | None, float, float]:
    if classes:
        labels, codes = np.unique(target, return_inverse=True)
        return torch.from_numpy(codes.astype(np.int64)), labels, 0.0, 1.0
    centre, spread = float(np.mean(target)), float(np.std(target)) or 1.0
    return torch.from_numpy(((target - centre) / spread).astype(np.float32)), None, centre, spread


def _encoded(
    fit: pd.DataFrame, wanted: list[pd.DataFrame], *, apart: bool
) -> tuple[list[tuple[torch.Tensor, ...]], tuple[int, ...]]:
    named = [name for name in fit.columns if not _is_number(fit[name])]
    numbers = [name for name in fit.columns if name not in named]
    levels = {name: _levels(fit[name]) for name in named}
    means, spreads, gaps = _moments(_numbers(fit, numbers))
    encoded: list[tuple[torch.Tensor, ...]] = []
    for rows in wanted:
        plain = _standardised(_numbers(rows, numbers), means, spreads, gaps)
        codes = [_codes(rows[name], levels[name]) for name in named]
        if apart and named:
            encoded.append((_float(plain), torch.from_numpy(np.stack(codes, axis=1))))
        else:
            flags = [np.eye(len(levels[name]) + 1)[code] for name, code in zip(named, codes, strict=True)]
            encoded.append((_float(np.concatenate([plain, *flags], axis=1)),))
    sizes = tuple(len(levels[name]) + 1 for name in named) if apart else ()
    return encoded, sizes


def _is_number(column: Any) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return False
    return bool(
        is_bool_dtype(column.dtype) or is_numeric_dtype(column.dtype) or is_datetime64_any_dtype(column.dtype)
    )


def _numbers(rows: pd.DataFrame, names: list[str]) -> FloatArray:
    """Return numeric columns, shape (rows, columns); NaN where a number is missing or infinite."""
    columns = [_number(rows[name]) for name in names]
    table = np.stack(columns, axis=1) if columns else np.empty((len(rows), 0))
    return np.where(np.isfinite(table), table, np.nan)


def _number(column: Any) -> FloatArray:
    if is_datetime64_any_dtype(column.dtype):
        moments = column.to_numpy(dtype="datetime64[s]")
        return np.where(np.isnat(moments), np.nan, moments.astype(np.int64).astype(np.float64))
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _moments(table: FloatArray) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Return means, spreads (1 where there is none), and which columns have gaps."""
    known = np.isfinite(table)
    counts = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, table, 0.0).sum(axis=0) / counts
    spreads = np.sqrt(np.where(known, np.square(table - means), 0.0).sum(axis=0) / counts)
    return means, np.where(spreads > 0.0, spreads, 1.0), np.asarray(~known.all(axis=0))


def _standardised(
    table: FloatArray, means: FloatArray, spreads: FloatArray, gaps: npt.NDArray[np.bool_]
) -> FloatArray:
    missing = np.isnan(table)
    plain = np.where(missing, 0.0, (table - means) / spreads)
    return np.concatenate([plain, missing[:, gaps]], axis=1)


def _levels(column: Any) -> dict[str, int]:
    """Return the number of each category, counted from 1, in the order of their names."""
    frequent = column.dropna().astype(str).value_counts(sort=True).index[:MOST_CATEGORIES]
    return {name: number for number, name in enumerate(sorted(frequent), start=1)}


def _codes(column: Any, levels: dict[str, int]) -> IntArray:
    names = column.astype(object).where(column.notna(), None)
    return np.array([0 if name is None else levels.get(str(name), 0) for name in names], dtype=np.int64)


def _float(table: FloatArray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(table, dtype=np.float32))


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
