"""How often to audit: the auditor's own cadence beside calendars, and beside one who knows the truth.

Settings go stale at a constant rate that nobody is told, and cost money every month until an audit
finds out; then they are re-tuned. Some audits stay undecided, and find nothing. The cadence is the
auditor's own code: the hazard from the history so far, the interval that costs least. The oracle
is told the rate.

Reproduces the table of statistics, section 7: cost per month, in audits.

Run: ``nice python -m benchmarks.cadence [--histories 300] [--undecided 0.0] [--json PATH]``
"""

import argparse
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from auditor.core.cadence import (
    DAYS_PER_MONTH,
    LONGEST_DAYS,
    SHORTEST_DAYS,
    Past,
    best_interval,
    hazard_of,
)
from auditor.core.records import Call

MONTHS = 36.0
STALE_COST = 2.0
"""What a month with stale settings costs, in audits: the default of ``[when] stale_cost``."""

HAZARDS = (0.01, 0.05, 0.2, 0.5)
START = datetime(2026, 1, 1, tzinfo=UTC)

Wait = Callable[[list[Past]], float]
"""Months until the next audit, from the audits so far."""


def after(months: float) -> datetime:
    """Return the moment so many months after the start."""
    return START + timedelta(days=months * DAYS_PER_MONTH)


def adaptive(past: list[Past]) -> float:
    """Return what the auditor would wait."""
    return best_interval(hazard_of(past), stale_cost=STALE_COST).days / DAYS_PER_MONTH


def every(days: float) -> Wait:
    """Return a calendar."""
    return lambda _past: days / DAYS_PER_MONTH


def oracle(hazard: float) -> Wait:
    """Return the calendar of one who knows the hazard."""
    days = DAYS_PER_MONTH * math.sqrt(2.0 / (hazard * STALE_COST))
    return every(min(LONGEST_DAYS, max(SHORTEST_DAYS, days)))


def cost(wait: Wait, *, hazard: float, undecided: float, seed: int) -> float:
    """Return the cost per month of one history, audits and staleness together."""
    rng = np.random.default_rng(seed)
    past: list[Past] = []
    tuned = now = spent = 0.0
    gone = rng.exponential(1.0 / hazard)
    while (audit_at := now + wait(past)) < MONTHS:
        spent += 1.0
        stale, told = gone < audit_at, rng.random() >= undecided
        call = (Call.STALE if stale else Call.FRESH) if told else Call.UNDECIDED
        past.append(Past(at=after(audit_at), call=call, settings=repr(tuned), since=after(tuned)))
        if call is Call.STALE:
            spent += STALE_COST * (audit_at - gone)
            tuned = audit_at
            gone = audit_at + rng.exponential(1.0 / hazard)
        now = audit_at
    return (spent + STALE_COST * max(0.0, MONTHS - gone)) / MONTHS


def table(*, histories: int, undecided: float = 0.0) -> dict[float, dict[str, float]]:
    """Return the mean cost per month of every cadence at every hazard."""
    found: dict[float, dict[str, float]] = {}
    for hazard in HAZARDS:
        cadences = {
            "weekly": every(7.0),
            "monthly": every(DAYS_PER_MONTH),
            "quarterly": every(3.0 * DAYS_PER_MONTH),
            "adaptive": adaptive,
            "oracle": oracle(hazard),
        }
        found[hazard] = {
            name: float(
                np.mean(
                    [cost(wait, hazard=hazard, undecided=undecided, seed=seed) for seed in range(histories)]
                )
            )
            for name, wait in cadences.items()
        }
    return found


def main() -> None:
    """Simulate, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=300)
    parser.add_argument("--undecided", type=float, default=0.0, help="share of audits that decide nothing")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = table(histories=options.histories, undecided=options.undecided)
    print(f"cost per month in audits; {options.undecided:.0%} of audits undecided")
    names = list(found[HAZARDS[0]])
    print(f"{'hazard':>8}" + "".join(f"{name:>11}" for name in names))
    for hazard, row in found.items():
        print(f"{hazard:8g}" + "".join(f"{row[name]:11.2f}" for name in names))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
