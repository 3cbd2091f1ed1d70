"""The ranges that common settings are searched in when a schedule does not say.

A table of settings by name, as scikit-learn, XGBoost, LightGBM and torch training loops spell them,
alone or as the last part of ``step__setting``. Each is searched *around production's value*, because an
audit asks whether production has gone stale and not what is best in all the world; yet widely, because a
setting can only be called fresh as far as the search has looked.

How far: a factor of 10 each way where an order of magnitude off is common (learning rates), 30 for strengths
of regularisation, which are felt only over decades, 3 to 5 for sizes and counts. The directions and orders
follow the ranges that van Rijn and Hutter (2018, "Hyperparameter importance across datasets") and
Probst, Boulesteix and Bischl (2019, "Tunability", JMLR 20) tuned in, and Bengio (2012, "Practical
recommendations for gradient-based training of deep architectures"); the exact factors are our choice, wide
enough that a wall of the range is seldom the answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from auditor.core.places import without_place
from auditor.core.records import DimensionSpec, ScaleName, Value
from auditor.core.scales import scale_named
from auditor.errors import ScaleError

_LINEAR, _LOG, _ONE_MINUS_LOG = ScaleName.LINEAR, ScaleName.LOG, ScaleName.ONE_MINUS_LOG

WIDE_RATIO = 100.0
"""Two decades: from here on, an undeclared scale is logarithmic, and a linear one is warned of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """How one common setting is searched.

    Attributes
    ----------
    scale
        ``CHOICE`` for a setting that is no number.
    reach
        How far each way from production's value: a factor of the value (log) or of the averaging window
        (one-minus-log), or a difference (linear).
    low, high
        What the setting can hold at all, both ends included.
    ladder
        Values to try beside production's when production's has no place on the scale: 0 for none at all,
        None for no limit, ``"sqrt"``.
    choices
        All the values of a setting that is no number.
    """

    scale: ScaleName
    reach: float = 1.0
    low: float = -math.inf
    high: float = math.inf
    integer: bool = False
    ladder: tuple[Value, ...] = ()
    choices: tuple[Value, ...] = ()

    def fits(self, value: Value) -> bool:
        """Return whether a value has a place among what the setting can hold."""
        if self.scale is ScaleName.CHOICE:
            return any(same(value, choice) for choice in self.choices)
        if not is_number(value) or not self.low <= value <= self.high:
            return False
        if self.integer and value != math.floor(value):
            return False
        return self.scale is not _LOG or value > 0

    def around(self, value: float) -> tuple[float, float]:
        """Return the ends of the range around a value that fits; the value lies between them."""
        axis = scale_named(self.scale)
        step = self.reach if self.scale is _LINEAR else math.log(self.reach)
        ends = [axis.decode(axis.encode(value) + sign * step) for sign in (-1.0, 1.0)]
        low, high = (axis.tidy(min(max(end, self.low), self.high)) for end in ends)
        if self.integer:
            low, high = math.floor(low), math.ceil(high)
        return float(min(low, value)), float(max(high, value))


def _log(reach: float, *ladder: Value) -> Default:
    return Default(scale=_LOG, reach=reach, ladder=ladder)


def _whole(reach: float, *ladder: Value, low: float = 1.0) -> Default:
    return Default(scale=_LOG, reach=reach, ladder=ladder, low=low, integer=True)


def _share(reach: float, *ladder: Value, low: float = 0.0, high: float = 1.0) -> Default:
    return Default(scale=_LINEAR, reach=reach, ladder=ladder, low=low, high=high)


def _average(reach: float, high: float) -> Default:
    return Default(scale=_ONE_MINUS_LOG, reach=reach, low=0.0, high=high)


def _one_of(*choices: Value) -> Default:
    return Default(scale=ScaleName.CHOICE, choices=choices)


_LEARNING_RATE = _log(10.0)
_MOMENTUM = _average(10.0, 0.9999)
_SLOW_AVERAGE = _average(10.0, 0.99999)
_STRENGTH = _log(30.0, 1e-4, 1e-3, 1e-2, 1e-1)  # beside a penalty of 0
_TREE_STRENGTH = _log(30.0, 0.1, 1.0, 10.0)  # of gradient-boosted trees, felt from about 0.1 on
_ROUNDS = _whole(3.0)
_LEAVES = _whole(5.0, 15, 31, 63, 127, low=2.0)
_DEPTH = _whole(3.0, 4, 8, 16)
_LEAF_ROWS = _whole(10.0)
_COLUMNS = _share(0.4, 0.3, 0.5, 0.8, 1.0, low=0.05)
_ROWS = _share(0.4, low=0.05)
_UNITS = _whole(4.0)
_BATCH = _whole(8.0)

_KNOWN = {
    # Steps of a gradient method, and of boosting: the first setting to tune (Bengio 2012).
    **dict.fromkeys(("learning_rate", "learning_rate_init", "eta", "eta0", "lr"), _LEARNING_RATE),
    # Averages of gradients: what counts is the window, 1 / (1 - value).
    **dict.fromkeys(("momentum", "beta1", "beta_1"), _MOMENTUM),
    **dict.fromkeys(("beta2", "beta_2", "ema_decay"), _SLOW_AVERAGE),
    "dampening": _share(0.5),
    **dict.fromkeys(("decay_rate", "lr_decay"), _log(10.0, 0.01, 0.1, 1.0)),  # of the learning rate, an epoch
    "eps": _log(100.0),
    "epsilon": _log(10.0),
    # Strengths of a penalty, and the inverse (C).
    **dict.fromkeys(("alpha", "weight_decay", "ccp_alpha"), _STRENGTH),
    **dict.fromkeys(("l2_regularization", "reg_lambda", "lambda_l2", "lambda"), _TREE_STRENGTH),
    **dict.fromkeys(("reg_alpha", "lambda_l1", "min_child_weight"), _TREE_STRENGTH),
    **dict.fromkeys(("min_split_gain", "min_gain_to_split", "min_sum_hessian_in_leaf"), _TREE_STRENGTH),
    "c": _log(30.0),
    "gamma": _log(30.0, 0.01, 0.1, 1.0),  # of a kernel ("scale"), and of XGBoost (0)
    "l1_ratio": _share(0.5),
    "var_smoothing": _log(100.0),
    "power_t": Default(scale=_LINEAR, reach=0.25, low=0.0, high=2.0),
    # Sizes of trees.
    **dict.fromkeys(("max_leaf_nodes", "num_leaves", "max_leaves"), _LEAVES),
    "max_depth": _DEPTH,  # None, and -1 in LightGBM, for no limit
    **dict.fromkeys(("min_samples_leaf", "min_child_samples", "min_data_in_leaf"), _LEAF_ROWS),
    "min_samples_split": _whole(10.0, low=2.0),
    # How many rounds: more is seldom worse, so not far.
    **dict.fromkeys(("n_estimators", "num_boost_round", "num_iterations", "max_iter", "epochs"), _ROUNDS),
    # Shares of rows and columns.
    **dict.fromkeys(("subsample", "bagging_fraction", "max_samples"), _ROWS),
    **dict.fromkeys(("colsample_bytree", "colsample_bylevel", "colsample_bynode"), _COLUMNS),
    **dict.fromkeys(("feature_fraction", "max_features"), _COLUMNS),
    # Networks. Above 0.8 too little is left to learn from.
    **dict.fromkeys(("dropout", "dropout_rate"), _share(0.3, high=0.8)),
    **dict.fromkeys(("hidden_units", "hidden_size", "hidden_dim", "hidden", "n_hidden", "units"), _UNITS),
    **dict.fromkeys(("layers", "n_layers", "num_layers", "hidden_layers"), _whole(3.0)),
    "hidden_layer_sizes": _UNITS,  # scikit-learn takes one layer's width as a number
    "batch_size": _BATCH,
    "nesterov": _one_of(True, False),
    "nesterovs_momentum": _one_of(True, False),
    **dict.fromkeys(("amsgrad", "centered"), _one_of(True, False)),
    # Neighbours.
    "n_neighbors": _whole(5.0),
    "weights": _one_of("uniform", "distance"),
    "p": _one_of(1, 2),
    "n_components": _whole(3.0),
    "criterion": _one_of("gini", "entropy"),
}

# max_features and max_samples count columns and rows when they are whole: 5 is not the share 5.0.
_COUNT_WHEN_WHOLE = frozenset({"max_features", "max_samples"})

# torch's RMSprop calls the weight of its average alpha, everybody else a strength of a penalty; an average
# shorter than ten steps is as rare as a strength that is just below one.
_AVERAGE_WHEN_NEAR_ONE = {"alpha": (0.9, _SLOW_AVERAGE)}

_GENERIC = {
    _LOG: _log(10.0),
    _ONE_MINUS_LOG: _MOMENTUM,
}


def known(name: str, value: Value) -> Default | None:
    """Return how a setting is searched by default, or None when nothing is known of it.

    A setting whose value has no place on its scale becomes a choice between that value and a ladder.

    Examples
    --------
    >>> known("clf__learning_rate", 0.1).around(0.1)
    (0.01, 1.0)
    >>> known("max_depth", None).choices
    (None, 4, 8, 16)
    >>> known("n_jobs", 4) is None
    True
    """
    short = short_name(name)
    default = _KNOWN.get(short)
    if default is None:
        return None
    least, average = _AVERAGE_WHEN_NEAR_ONE.get(short, (math.inf, default))
    if is_number(value) and least <= value < 1.0:
        return average
    counts = short in _COUNT_WHEN_WHOLE and isinstance(value, int)
    if default.fits(value) and not counts:
        return default
    if not default.ladder:
        return None
    rungs = [rung for rung in default.ladder if not same(rung, value)]
    return Default(scale=ScaleName.CHOICE, choices=(value, *rungs))


def short_name(name: str) -> str:
    """Return the last part of a setting's name, lower case, without a place: ``model__C[0]`` is ``c``."""
    return without_place(name).replace(".", "__").rsplit("__", 1)[-1].replace("-", "_").lower()


def limits(name: str, value: Value) -> tuple[float, float]:
    """Return the smallest and the largest number that a setting can hold, as far as it is known."""
    default = known(name, value)
    return (-math.inf, math.inf) if default is None else (default.low, default.high)


def completed(name: str, value: Value, declared: DimensionSpec) -> DimensionSpec:
    """Fill in what a declared table leaves out, from what is known and from production's value.

    What cannot be filled in stays None.
    """
    if declared.choices is not None:
        # TOML has no word for None, so a schedule cannot name it.
        absent = value is None and None not in declared.choices
        choices = (None, *declared.choices) if absent else declared.choices
        return replace(declared, scale=declared.scale or ScaleName.CHOICE, choices=choices)
    default = known(name, value)
    numeric = declared.scale not in (None, ScaleName.CHOICE) or (declared.low, declared.high) != (None, None)
    if default is not None and default.scale is ScaleName.CHOICE and not numeric:
        return replace(declared, scale=ScaleName.CHOICE, choices=default.choices)
    return declared if declared.scale is ScaleName.CHOICE else _numeric(value, declared, default)


def _numeric(value: Value, declared: DimensionSpec, default: Default | None) -> DimensionSpec:
    """Fill in the scale, the ends and the kind of number."""
    if default is None or default.scale is ScaleName.CHOICE:
        default = _generic(value, declared)
    scale = declared.scale or _scale(declared, default)
    low, high = default.around(value) if is_number(value) and default.fits(value) else (None, None)
    return replace(
        declared,
        scale=scale,
        low=low if declared.low is None else declared.low,
        high=high if declared.high is None else declared.high,
        integer=default.integer if declared.integer is None else declared.integer,
    )


def _scale(declared: DimensionSpec, default: Default) -> ScaleName:
    """Return the scale that suits a setting, or a line where the declared ends have no place on it."""
    axis = scale_named(default.scale)
    try:
        for end in (declared.low, declared.high):
            if end is not None:
                axis.encode(end)
    except ScaleError:
        return _LINEAR
    return default.scale


def _generic(value: Value, declared: DimensionSpec) -> Default:
    """Return how a setting is searched of which nothing is known but its declaration and its value."""
    ends = [end for end in (declared.low, declared.high) if end is not None]
    whole = isinstance(value, int) and all(end.is_integer() for end in map(float, ends))
    scale = declared.scale or _generic_scale(value, ends)
    if scale is _LINEAR:
        reach = abs(value) if is_number(value) and value != 0 else 1.0
        return Default(scale=_LINEAR, reach=reach, integer=whole)
    return replace(_GENERIC[scale], integer=whole and scale is _LOG)


def _generic_scale(value: Value, ends: Sequence[float]) -> ScaleName:
    """Return a log scale for a positive value without ends or with ends decades apart, else a line."""
    if not ends:
        return _LOG if is_number(value) and value > 0 else _LINEAR
    return _LOG if min(ends) > 0 and max(ends) >= WIDE_RATIO * min(ends) else _LINEAR


def is_number(value: Value) -> TypeGuard[float]:
    """Return whether a value is a number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(one: Value, other: Value) -> bool:
    """Return whether two values are the same setting: 1 is 1.0 but is not True."""
    return isinstance(one, bool) is isinstance(other, bool) and one == other
