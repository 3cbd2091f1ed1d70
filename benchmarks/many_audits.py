"""What reading many audits together does to false alarms: forty models, two years, an audit a month.

Models go stale at random and stay so until an alarm; then they are re-tuned. Every audit is a path of
evidence through the planned looks, judged by the auditor's own code: the looks, the stopping rules, the
p-values, the detector, Benjamini and Hochberg. Only the trainings are left out.

Reproduces the table of statistics, section 6: FDR is the share of alarms that were false, recall the share
of models gone stale that raised one in time, delay how many months that took.

Run: ``nice python -m benchmarks.many_audits [--worlds 6] [--json PATH]``
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditor.core.comparison import LookPlan, plan_looks
from auditor.core.detector import detected, e_value_of, named_together, p_value_of
from auditor.core.race import race
from auditor.core.records import ALARM, Call, Estimate, Look

MODELS, AUDITS = 40, 24
FINALISTS = 2
CONFIDENCE = 0.95

NULL = -0.5
"""Mean of a challenger that is no better, in standard errors of the last look."""

MARGIN = 2.5
"""Smallest gain worth having, in the same unit: what an audit with enough rows can decide."""

SHARED = 0.5
"""Share of the last look's variance that is luck of the rows: the same at every look."""

SINGLE = plan_looks(CONFIDENCE, FINALISTS)
TO_THE_END = plan_looks(CONFIDENCE, FINALISTS, to_the_end=True)

POLICIES = ("alone", "evidence, cut short", "evidence", "fleet")


@dataclass(frozen=True, slots=True)
class Heard:
    """What one audit says: its call by itself, and the p-values of both ways of confirming."""

    call: Call
    cut_short: float
    to_the_end: float


@dataclass(slots=True)
class Tally:
    """What a policy did in a world."""

    false: int = 0
    true: int = 0
    gone_stale: int = 0
    months: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            self.false + other.false,
            self.true + other.true,
            self.gone_stale + other.gone_stale,
            self.months + other.months,
        )

    def figures(self, model_years: float) -> dict[str, float]:
        """Return the figures of the table."""
        return {
            "false_discovery_rate": self.false / max(1, self.false + self.true),
            "false_alarms_per_model_year": self.false / model_years,
            "recall": self.true / max(1, self.gone_stale),
            "delay_months": self.months / max(1, self.true),
        }


def an_audit(means: tuple[float, ...], rng: np.random.Generator) -> Heard:
    """Return what one audit hears of challengers with these true gains, in errors of the last look."""
    paths = [_path(mean, rng) for mean in means]
    call, _, cut_short = _judged(paths, SINGLE)
    _, deviates, _ = _judged(paths, TO_THE_END)
    return Heard(call, cut_short, p_value_of(deviates, tried=len(means)))


def _path(mean: float, rng: np.random.Generator) -> tuple[Look, ...]:
    fractions = np.array(SINGLE.fractions)
    steps = rng.standard_normal(fractions.size) * np.sqrt(np.diff(fractions, prepend=0.0))
    luck = np.sqrt(SHARED) * rng.standard_normal() + np.sqrt(1.0 - SHARED) * np.cumsum(steps) / fractions
    errors = np.sqrt(SHARED + (1.0 - SHARED) / fractions)
    return tuple(
        _look(number, mean + float(noise), float(error))
        for number, (noise, error) in enumerate(zip(luck, errors, strict=True))
    )


def _look(index: int, estimate: float, error: float) -> Look:
    return Look(
        number=index + 1,
        replicates=2 * SINGLE.passes[index],
        gain=Estimate(estimate, estimate - 2.0 * error, estimate + 2.0 * error),
        standard_error=error,
        degrees_of_freedom=1e6,
        z_stale=estimate / error,
        z_fresh=(MARGIN - estimate) / error,
        boundary_stale=SINGLE.stale[index],
        boundary_fresh=SINGLE.fresh[index],
        example_variance=SHARED,
        replicate_variance=error**2 - SHARED,
    )


def _judged(paths: list[tuple[Look, ...]], plan: LookPlan) -> tuple[Call, list[float], float]:
    """Return the call, the last look's deviates where it was reached, and the sequential p-value."""
    seen: list[tuple[Look, ...]] = [()] * len(paths)
    live = (True,) * len(paths)
    for number in range(1, len(plan.passes) + 1):
        seen = [path[:number] if on else old for path, on, old in zip(paths, live, seen, strict=True)]
        found = race(seen, plan=plan, margin=MARGIN, clusters=1000)
        live = found.live
        if found.call is not None:
            last = number == len(plan.passes)
            ends = [looks[-1].z_stale for looks, on in zip(seen, live, strict=True) if on and last]
            return found.call, ends, found.p_value
    raise ValueError("the last planned look makes a call")


def world(policy: str, *, hazard: float, effect: float, seed: int) -> Tally:
    """Return what a policy did to forty models in two years.

    Parameters
    ----------
    hazard
        Chance per month that fresh settings go stale.
    effect
        What the best challenger then gains, in standard errors of the last look.
    """
    rng = np.random.default_rng(seed)
    tally, evidence = Tally(), np.ones(MODELS)
    since = np.full(MODELS, -1)
    for month in range(AUDITS):
        for model in np.flatnonzero((since < 0) & (rng.random(MODELS) < hazard)):
            since[model] = month
            tally.gone_stale += 1
        heard = [an_audit((effect if stale >= 0 else NULL, NULL), rng) for stale in since]
        for model in _alarms(policy, heard, evidence):
            stale = since[model] >= 0
            tally.true += stale
            tally.false += not stale
            tally.months += month - since[model] if stale else 0
            since[model], evidence[model] = -1, 1.0  # re-tuned
    return tally


def _alarms(policy: str, heard: list[Heard], evidence: np.ndarray) -> list[int]:
    if policy == "alone":
        return [model for model, each in enumerate(heard) if each.call is Call.STALE]
    if policy == "fleet":
        return [
            int(name) for name in named_together({str(j): each.to_the_end for j, each in enumerate(heard)})
        ]
    for model, each in enumerate(heard):
        p_value = each.to_the_end if policy == "evidence" else each.cut_short
        evidence[model] = detected(float(evidence[model]), e_value_of(p_value))
    return np.flatnonzero(evidence >= ALARM).tolist()


def table(*, hazard: float, effect: float, worlds: int) -> Mapping[str, dict[str, float]]:
    """Return the figures of every policy over so many worlds."""
    model_years = MODELS * AUDITS * worlds / 12.0
    return {
        policy: sum(
            (world(policy, hazard=hazard, effect=effect, seed=seed) for seed in range(worlds)), Tally()
        ).figures(model_years)
        for policy in POLICIES
    }


def main() -> None:
    """Simulate, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=6)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = {}
    for hazard, effect in ((0.04, 3.0), (0.01, 3.0), (0.04, 2.0), (0.0, 3.0)):
        print(f"\nhazard {hazard:.0%} a month, effect {effect:g} standard errors")
        print(f"{'policy':22}{'FDR':>8}{'false a year':>14}{'recall':>8}{'delay':>8}")
        found[f"{hazard} {effect}"] = rows = table(hazard=hazard, effect=effect, worlds=options.worlds)
        for policy, row in rows.items():
            fdr, yearly, recall, delay = row.values()
            print(f"{policy:22}{fdr:8.3f}{yearly:14.3f}{recall:8.2f}{delay:8.2f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
