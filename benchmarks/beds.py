"""Test beds whose truth is known: a learner, a law of data, and a finite pool of configurations.

Every setting is a whole number, the rung of a ladder of values, so a search space holds finitely many
configurations, and the product's own search, free to go where it likes, can only land on one of them: above
the highest rung, a ladder stays what it is there. The true loss of each is measured once: trained on many
independent samples of as many rows as a confirming replicate is trained on, and scored on fresh rows. The
figures are kept in ``benchmarks/truths/``, so that nobody has to wait for them twice.

Run ``python -m benchmarks.beds [NAME ...]`` to measure truths that are missing.
"""

import argparse
import functools
import itertools
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from auditor.core.records import (
    Budget,
    Config,
    DataSpec,
    DimensionSpec,
    Margin,
    Plan,
    Policy,
    ProductionSpec,
    ScaleName,
    TrainerSpec,
    When,
    config_key,
)
from benchmarks.in_memory import train_once

ROWS = 2000
"""Rows of a fresh data set: what one audit sees."""

FITTED = ROWS * 6 // 10
"""Rows that a confirming replicate fits on: 0.8 of the search part and of half the confirm part."""

PRECISION = 0.07
"""Truths are measured until the standard error of each difference from the best is at most this share of the
margin, or of the difference itself where that is larger ..."""

NEAR = 4.0
"""... for every configuration within this many margins of the best; beyond, precision is of no use."""

TRUTHS = Path(__file__).parent / "truths"
SHARED = Path(os.environ.get("AUDITOR_BENCHMARK_DATA", "data"))
RESULTS = Path(__file__).parent / "results"

_FIRST, _MORE, _MOST, _SCORED = 40, 20, 600, 5000

Draw = Callable[[int, np.random.Generator], pd.DataFrame]


# ---------------------------------------------------------------- learners on ladders


class LadderSGD(SGDClassifier):
    """Logistic regression by stochastic gradient descent; ``alpha`` and ``eta0`` are rungs."""

    ladders: ClassVar = {"alpha": np.geomspace(1e-3, 1.0, 7), "eta0": np.geomspace(3e-4, 1.0, 12)}

    def __init__(
        self, *, alpha_rung: int = 0, eta0_rung: int = 0, max_iter: int = 9, random_state: int | None = None
    ) -> None:
        super().__init__(
            loss="log_loss",
            learning_rate="invscaling",
            power_t=0.25,
            tol=None,
            max_iter=max_iter,
            random_state=random_state,
        )
        self.alpha_rung, self.eta0_rung = alpha_rung, eta0_rung

    def fit(self, X: Any, y: Any) -> "LadderSGD":  # noqa: N803 - scikit-learn's own names
        """Fit with the values on the rungs."""
        _climb(self)
        return super().fit(X, y)

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> "LadderSGD":  # noqa: N803
        """Go through the rows once, with the values on the rungs."""
        _climb(self)
        return super().partial_fit(X, y, classes=classes)


class LadderLogistic(LogisticRegression):
    """Logistic regression; ``C`` is a rung."""

    ladders: ClassVar = {"C": np.geomspace(1e-3, 1.0, 31)}

    def __init__(self, *, C_rung: int = 0, random_state: int | None = None) -> None:  # noqa: N803
        super().__init__(random_state=random_state)
        self.C_rung = C_rung

    def fit(self, X: Any, y: Any) -> "LadderLogistic":  # noqa: N803
        """Fit with the values on the rungs."""
        _climb(self)
        return super().fit(X, y)


class LadderRidge(Ridge):
    """Ridge regression; ``alpha`` is a rung."""

    ladders: ClassVar = {"alpha": np.geomspace(10.0, 3000.0, 31)}

    def __init__(self, *, alpha_rung: int = 0, random_state: int | None = None) -> None:
        super().__init__(random_state=random_state)
        self.alpha_rung = alpha_rung

    def fit(self, X: Any, y: Any) -> "LadderRidge":  # noqa: N803
        """Fit with the values on the rungs."""
        _climb(self)
        return super().fit(X, y)


class LadderNeighbors(KNeighborsClassifier):
    """Nearest neighbours; ``n_neighbors`` is a rung."""

    ladders: ClassVar = {"n_neighbors": tuple(np.geomspace(4, 400, 25).astype(int).tolist())}

    def __init__(self, *, n_neighbors_rung: int = 0) -> None:
        super().__init__(algorithm="brute")
        self.n_neighbors_rung = n_neighbors_rung

    def fit(self, X: Any, y: Any) -> "LadderNeighbors":  # noqa: N803
        """Fit with the values on the rungs."""
        _climb(self)
        return super().fit(X, y)


class LadderTree(DecisionTreeClassifier):
    """A decision tree that splits on random features; ``max_depth`` and ``max_features`` are rungs."""

    ladders: ClassVar = {"max_depth": tuple(range(2, 9)), "max_features": tuple(range(1, 8))}

    def __init__(
        self, *, max_depth_rung: int = 0, max_features_rung: int = 0, random_state: int | None = None
    ) -> None:
        super().__init__(random_state=random_state)
        self.max_depth_rung, self.max_features_rung = max_depth_rung, max_features_rung

    def fit(self, X: Any, y: Any) -> "LadderTree":  # noqa: N803
        """Fit with the values on the rungs."""
        _climb(self)
        return super().fit(X, y)


class LadderBoosting(HistGradientBoostingClassifier):
    """Gradient boosting; ``learning_rate`` and ``max_leaf_nodes`` are rungs."""

    ladders: ClassVar = {
        "learning_rate": np.array([0.01, 0.03, 0.06, 0.1, 0.2, 0.4]),
        "max_leaf_nodes": (2, 3, 4, 6, 10, 18),
    }

    def __init__(
        self,
        *,
        learning_rate_rung: int = 0,
        max_leaf_nodes_rung: int = 0,
        max_iter: int = 30,
        random_state: int | None = None,
    ) -> None:
        super().__init__(max_iter=max_iter, random_state=random_state)
        self.learning_rate_rung, self.max_leaf_nodes_rung = learning_rate_rung, max_leaf_nodes_rung

    def fit(self, X: Any, y: Any) -> "LadderBoosting":  # noqa: N803
        """Fit with the values on the rungs."""
        _climb(self)
        return super().fit(X, y)


def _climb(estimator: Any) -> None:
    """Set every laddered parameter to the value on its rung."""
    for name, values in estimator.ladders.items():
        value = values[min(getattr(estimator, f"{name}_rung"), len(values) - 1)]
        setattr(estimator, name, int(value) if isinstance(values, tuple) else float(value))


# ---------------------------------------------------------------- laws of data


def _linear_classes(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """20 correlated features, a smooth linear boundary, one label in ten at random."""
    features = rng.standard_normal((rows, 20))
    features[:, 10:] = 0.6 * features[:, :10] + 0.8 * features[:, 10:]
    slopes = np.linspace(1.0, 0.0, 20)
    noisy = rng.random(rows) < 0.1
    chance = 1.0 / (1.0 + np.exp(-1.2 * features @ slopes / np.sqrt(slopes @ slopes)))
    target = np.where(noisy, rng.random(rows) < 0.5, rng.random(rows) < chance)
    return _frame(features, target.astype(int))


def _many_classes_features(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """60 features of which 15 matter a little."""
    features = rng.standard_normal((rows, 60))
    chance = 1.0 / (1.0 + np.exp(-0.35 * features[:, :15].sum(axis=1)))
    return _frame(features, (rng.random(rows) < chance).astype(int))


def _steps(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """12 features, a boundary of steps and products, one label in ten wrong."""
    features = rng.standard_normal((rows, 12))
    score = (features[:, 0] > 0).astype(float) + (features[:, 1] * features[:, 2] > 0)
    score += (features[:, 3] > 0.5) * (features[:, 4] > -0.5) + 0.4 * features[:, 5]
    target = (score > 1.4) ^ (rng.random(rows) < 0.1)
    return _frame(features, target.astype(int))


def _rings(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """6 features, a curved boundary, uncertain everywhere."""
    features = rng.standard_normal((rows, 6))
    chance = 1.0 / (1.0 + np.exp(-1.5 * (np.sin(2.0 * features[:, 0]) + features[:, 1] ** 2 - 1.0)))
    return _frame(features, (rng.random(rows) < chance).astype(int))


def _weak_slopes(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """100 features with small slopes; heavy-tailed noise (Student's t, 5 degrees of freedom)."""
    features = rng.standard_normal((rows, 100))
    slopes = 0.12 * np.cos(np.arange(100.0))
    return _frame(features, features @ slopes + rng.standard_t(5, rows))


def _tides(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """60 features and noise that all remember their past, in time order; nothing drifts."""
    features = _remembering(rows, 60, rng, memory=0.8)
    slopes = 0.15 * np.cos(np.arange(60.0))
    noise = _remembering(rows, 1, rng, memory=0.6)[:, 0]
    return _frame(features, features @ slopes + noise).assign(t=np.arange(rows))


def _remembering(rows: int, columns: int, rng: np.random.Generator, *, memory: float) -> np.ndarray:
    """Return stationary AR(1) series of unit variance, shape (rows, columns)."""
    from scipy.signal import lfilter

    steps = rng.standard_normal((rows, columns))
    steps[1:] *= np.sqrt(1.0 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], steps, axis=0))


def _acs(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of the American Community Survey, drawn from 277,677."""
    census = _census()
    return census.iloc[rng.choice(len(census), rows, replace=False)].reset_index(drop=True)


@functools.cache
def _census() -> pd.DataFrame:
    card = json.loads((SHARED / "acs_employment_ma.card.json").read_text())
    frame = pd.read_parquet(SHARED / card["file"], columns=[*card["features"], card["target"]])
    numbers = {
        name: frame[name] if pd.api.types.is_numeric_dtype(frame[name]) else pd.factorize(frame[name])[0]
        for name in frame.columns
    }
    return pd.DataFrame(numbers).astype(float).astype({"y": int})


def _frame(features: np.ndarray, target: np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame(features, columns=[f"x{number}" for number in range(features.shape[1])])
    return frame.assign(y=target)


# ---------------------------------------------------------------- beds


@dataclass(frozen=True, kw_only=True)
class Bed:
    """A learner on a law of data, with a finite pool of configurations.

    Attributes
    ----------
    margin
        Smallest gain worth having, in units of loss. Chosen once, after some seventy audits, to be about two
        standard errors of a confirmed gain of twice as much: with 2,000 rows a smaller one mostly stays open.
    settings
        The highest rung of every setting.
    draw
        Makes so many fresh rows.
    ordered
        Whether the rows are in time order, by a column ``t``.
    """

    name: str
    estimator: str
    metric: str
    margin: float
    settings: Mapping[str, int]
    draw: Draw
    ordered: bool = False

    @property
    def pool(self) -> tuple[dict[str, int], ...]:
        """Every configuration there is."""
        values = [range(highest + 1) for highest in self.settings.values()]
        return tuple(dict(zip(self.settings, point, strict=True)) for point in itertools.product(*values))

    @property
    def trainer(self) -> TrainerSpec:
        """How a configuration is trained."""
        return TrainerSpec(kind="sklearn", entry=self.estimator)

    def within(self, config: Config) -> dict[str, int]:
        """Return a configuration as the member of the pool that it is."""
        return {name: min(int(config[name] or 0), highest) for name, highest in self.settings.items()}

    def plan(self, production: Config, *, trials: int = 30) -> Plan:
        """Return the schedule of an audit with these settings in production; all else as by default."""
        search = {
            name: DimensionSpec(scale=ScaleName.LINEAR, low=0, high=highest, integer=True)
            for name, highest in self.settings.items()
        }
        return Plan(
            name=self.name,
            model=self.name,
            production=ProductionSpec(inline=production),
            data=DataSpec(source="memory", target="y", time="t" if self.ordered else None),
            trainer=self.trainer,
            search=search,
            policy=Policy(metric=self.metric, margin=Margin(self.margin, relative=False)),
            budget=Budget(trials=trials, time=timedelta(hours=5)),
            when=When(),
            path=f"{self.name}.toml",
            text="",
            digest=self.name,
        )

    def losses(
        self, config: Config, fit: pd.DataFrame, score: pd.DataFrame, *, seed: int
    ) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Train once and return the loss of every scored row."""
        return train_once(self.plan(config), config, fit=fit, score=score, seed=seed)


BEDS: Mapping[str, Bed] = {
    bed.name: bed
    for bed in (
        Bed(
            name="sgd",
            estimator="benchmarks.beds:LadderSGD",
            metric="log_loss",
            margin=0.008,
            settings={"alpha_rung": 6, "eta0_rung": 11},
            draw=_linear_classes,
        ),
        Bed(
            name="tree",
            estimator="benchmarks.beds:LadderTree",
            metric="zero_one",
            margin=0.03,
            settings={"max_depth_rung": 6, "max_features_rung": 6},
            draw=_steps,
        ),
        Bed(
            name="logistic",
            estimator="benchmarks.beds:LadderLogistic",
            metric="log_loss",
            margin=0.008,
            settings={"C_rung": 30},
            draw=_many_classes_features,
        ),
        Bed(
            name="ridge",
            estimator="benchmarks.beds:LadderRidge",
            metric="squared_error",
            margin=0.03,
            settings={"alpha_rung": 30},
            draw=_weak_slopes,
        ),
        Bed(
            name="knn",
            estimator="benchmarks.beds:LadderNeighbors",
            metric="log_loss",
            margin=0.015,
            settings={"n_neighbors_rung": 24},
            draw=_rings,
        ),
        Bed(
            name="census",
            estimator="benchmarks.beds:LadderBoosting",
            metric="log_loss",
            margin=0.01,
            settings={"learning_rate_rung": 5, "max_leaf_nodes_rung": 5},
            draw=_acs,
        ),
        Bed(
            name="tides",
            estimator="benchmarks.beds:LadderRidge",
            metric="squared_error",
            margin=0.03,
            settings={"alpha_rung": 30},
            draw=_tides,
            ordered=True,
        ),
    )
}


# ---------------------------------------------------------------- truths


@dataclass(frozen=True)
class Truth:
    """The true losses of a bed's pool.

    Attributes
    ----------
    losses
        By configuration key.
    errors
        Standard error of each one's difference from the best.
    """

    bed: Bed
    losses: Mapping[str, float]
    errors: Mapping[str, float]

    @property
    def best(self) -> str:
        """Return the key of the configuration with the smallest loss."""
        return min(self.losses, key=lambda key: self.losses[key])

    def gain(self, production: Config, challenger: Config) -> float:
        """Return the true gain of a challenger."""
        return self.loss(production) - self.loss(challenger)

    def loss(self, config: Config) -> float:
        """Return the true loss of a configuration."""
        return self.losses[config_key(self.bed.within(config))]

    def incumbent(self, margins: float, *, margin: float) -> Config:
        """Return the configuration on which the best one gains as nearly this many margins as there is."""
        least = self.losses[self.best]
        key = min(self.losses, key=lambda key: abs(self.losses[key] - least - margins * margin))
        found: Config = json.loads(key)
        return found


def truth_of(bed: Bed) -> Truth:
    """Return the true losses of a bed, measured now if they never were."""
    path = TRUTHS / f"{bed.name}.json"
    if not path.exists():
        measure(bed, path)
    found = json.loads(path.read_text())
    return Truth(bed, losses=found["losses"], errors=found["errors"])


def measure(bed: Bed, path: Path) -> None:
    """Measure the true losses of a bed and write them down.

    All configurations are trained on the same samples and scored on the same rows, so that their
    differences are far better known than their losses.
    """
    pool = list(bed.pool)
    seen = np.full((_MOST, len(pool)), np.nan)
    active, done = np.arange(len(pool)), 0
    while active.size > 1 and done < _MOST:
        for number in range(done, min(_MOST, done + (_MORE if done else _FIRST))):
            seen[number, active] = _one_sample(bed, [pool[place] for place in active], number)
            done = number + 1
        active = _still_open(seen[:done], active, bed.margin)
        print(f"{bed.name}: {done} samples, {active.size} configurations still open", file=sys.stderr)
    best = int(np.nanargmin(_means(seen[:done])))
    path.parent.mkdir(exist_ok=True)
    document = {
        "rows_fitted": FITTED,
        "samples": done,
        "losses": dict(zip(map(config_key, pool), _means(seen[:done]).tolist(), strict=True)),
        "errors": dict(zip(map(config_key, pool), _errors(seen[:done], best).tolist(), strict=True)),
    }
    path.write_text(json.dumps(document, indent=1) + "\n")


def _one_sample(bed: Bed, configs: Sequence[Config], number: int) -> list[float]:
    rng = np.random.default_rng([2026, number])
    fit, score = _ordered_sample(bed, rng) if bed.ordered else _sample(bed, rng)
    return [float(bed.losses(config, fit, score, seed=number).mean()) for config in configs]


def _sample(bed: Bed, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = bed.draw(FITTED + _SCORED, rng)
    return rows.iloc[:FITTED], rows.iloc[FITTED:]


def _ordered_sample(bed: Bed, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return four fifths of as many older rows as an audit searches on, by blocks, and later ones."""
    older = ROWS // 2 - ROWS // 100
    rows = bed.draw(older + _SCORED, rng)
    blocks = np.arange(older) * 10 // older
    kept = ~np.isin(blocks, rng.choice(10, 2, replace=False))
    return rows.iloc[:older][kept], rows.iloc[older:]


def _means(seen: np.ndarray) -> np.ndarray:
    """Return each configuration's loss: the best one's, plus the paired difference from it."""
    anchor = seen[:, int(np.argmax(np.isfinite(seen).sum(axis=0) - np.nanmean(seen, axis=0)))]
    return np.nanmean(seen - anchor[:, np.newaxis], axis=0) + anchor.mean()


def _errors(seen: np.ndarray, best: int) -> np.ndarray:
    differences = seen - seen[:, [best]]
    return np.nanstd(differences, axis=0, ddof=1) / np.sqrt(np.isfinite(differences).sum(axis=0))


def _still_open(seen: np.ndarray, active: np.ndarray, margin: float) -> np.ndarray:
    """Return the configurations to measure further: those near the best, while any is not well known."""
    means = _means(seen)
    best = int(np.nanargmin(means))
    errors = _errors(seen, best)
    gaps = means - means[best]
    near = active[gaps[active] < NEAR * margin]
    return near if np.any(errors[near] > PRECISION * np.maximum(margin, gaps[near])) else near[:0]


def main() -> None:
    """Measure missing truths and print what the beds are like."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=list(BEDS), metavar="NAME")
    for name in parser.parse_args().names:
        bed = BEDS[name]
        truth = truth_of(bed)
        least = truth.losses[truth.best]
        print(f"{name}: best {truth.best} with {least:.4f}, margin {bed.margin:g}")
        for margins in (1, 2, 3):
            config = truth.incumbent(margins, margin=bed.margin)
            gap, error = truth.losses[config_key(config)] - least, truth.errors[config_key(config)]
            known = f"{gap / bed.margin:.2f} margins, give or take {error / bed.margin:.2f}"
            print(f"  {config_key(config)}: {known}")


if __name__ == "__main__":
    main()
