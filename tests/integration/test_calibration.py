"""The promises of a verdict, kept: error rates and coverage of the whole sequential procedure.

Audits are simulated on the crossed model of statistics, section 0, D[r, i] = G + a_r + b_i + e_ri,
and judged by `plan_looks`, `look` and `standing` exactly as the product does: after 2, 3, 4 and 6 passes
of two replicates, two finalists, dead ones no longer looked at. The finalists' luck is independent,
which is the least favourable case: in the product they share production's luck, and err together.

What was measured with 12 000 audits each on seeds of their own, Monte-Carlo standard error .002, nominal
.05 (one number: 6 000 audits, .003; in brackets with Satterthwaite's degrees of freedom as they come, 20 000
audits):

===============  =============  =============  ======================
luck of          false stale    false fresh    interval holds the truth
===============  =============  =============  ======================
the trainings    .046 (.058)    .050 (.056)    .953
the rows         .027 (.049)    .034 (.047)    .973
the rest         .022 (.030)    .030 (.035)    .978
rows in blocks   .050 (.053)    .047 (.051)    .950
one number       .050           .048           .950
===============  =============  =============  ======================

A gain of twice the margin is found in .99 of audits, after 8 to 9 replicates. All this with at most as many
degrees of freedom as replicates. Now they are counted by the share that the luck of the trainings can have;
8 000 audits each, on seeds of their own, power at a gain of twice the margin and a standard error of 0.7
margins (in brackets with at most as many as replicates, and with Satterthwaite's as they come):

===================  ===================  ===================  ======================
luck of              false stale          power                interval holds the truth
===================  ===================  ===================  ======================
the trainings        .048 (.047, .056)    .749 (.742, .756)    .952
both, .5 and .4      .043 (.034, .053)    .782 (.749, .794)    .956
the rows             .047 (.030, .044)    .812 (.749, .806)    .952
===================  ===================  ===================  ======================

The tests below allow for their own Monte-Carlo error: they keep the rates from getting worse.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from auditor.core.comparison import PASSES, look, plan_looks
from auditor.core.race import race
from auditor.core.records import Call, Estimate
from auditor.core.variance import Replicate

PLAN = plan_looks(0.95, finalists=2)
ROWS, BLOCKS, REPLICATES = 240, 12, 2 * PASSES[-1]
AUDITS = 1500
NOISE = 3.0 * np.sqrt(0.05 * 0.95 / AUDITS)  # three Monte-Carlo standard errors of a rate of 5 %


@dataclass(frozen=True)
class Luck:
    """Shares of the variance of the mean after all passes: of trainings, rows and the rest.

    With ``memory`` the rows are in time order: their luck is an AR(1) series with that coefficient, every
    replicate scores all of them, and blocks are the clusters. With ``units`` a replicate is one number, of
    rows that no other one scores. Otherwise each pass scores each row once.
    """

    trainings: float
    rows: float
    rest: float
    memory: float | None = None
    units: bool = False


LUCK = {
    "training": Luck(trainings=0.8, rows=0.1, rest=0.1),
    "rows": Luck(trainings=0.1, rows=0.8, rest=0.1),
    "rest": Luck(trainings=0.1, rows=0.1, rest=0.8),
    "blocks": Luck(trainings=0.3, rows=0.6, rest=0.1, memory=0.5),
    "units": Luck(trainings=0.5, rows=0.5, rest=0.0, units=True),
}


@dataclass(frozen=True)
class Ending:
    """How one audit ended."""

    call: Call
    gain: Estimate
    truth: float
    replicates: int


def differences(luck, rng, *, gain, error):
    """All replicates of one finalist; the mean of them has about this standard error."""
    if luck.units:
        values = gain + error * np.sqrt(REPLICATES) * rng.standard_normal(REPLICATES)
        return [Replicate(np.array([unit]), np.array([value])) for unit, value in enumerate(values)]
    trainings = error * np.sqrt(luck.trainings * REPLICATES) * rng.standard_normal(REPLICATES)
    if luck.memory is not None:
        rows = error * np.sqrt(luck.rows * ROWS) * autoregression(rng, luck.memory)
        rest = error * np.sqrt(luck.rest * ROWS * REPLICATES) * rng.standard_normal((REPLICATES, ROWS))
        blocks = np.arange(ROWS) * BLOCKS // ROWS
        values = gain + trainings[:, None] + rows + rest
        return [Replicate(blocks, replicate) for replicate in values]
    rows = error * np.sqrt(luck.rows * ROWS) * rng.standard_normal(ROWS)
    halves = rng.random((PASSES[-1], ROWS)).argsort(axis=1).reshape(REPLICATES, ROWS // 2)
    rest = error * np.sqrt(luck.rest * ROWS * PASSES[-1]) * rng.standard_normal(halves.shape)
    values = gain + trainings[:, None] + rows[halves] + rest
    return [Replicate(*replicate) for replicate in zip(halves, values, strict=True)]


def autoregression(rng, memory):
    """A stationary series of which the mean has the variance of as many independent unit normals."""
    kernel = memory ** np.arange(40) * (1.0 - memory)
    return np.convolve(rng.standard_normal(ROWS + 39), kernel, mode="valid")


def audit(luck, rng, *, gains, margin, error):
    """Confirm two finalists with these true gains, from the first look to the call."""
    series = [differences(luck, rng, gain=gain, error=error) for gain in gains]
    looks = [(), ()]
    live = (True, True)
    for number, passes in enumerate(PASSES, start=1):
        for j, replicates in enumerate(series):
            if live[j]:
                taken = look(replicates[: 2 * passes], number=number, plan=PLAN, margin=margin)
                looks[j] = (*looks[j], taken)
        clusters = BLOCKS if luck.memory is not None else ROWS
        judged = race(looks, plan=PLAN, margin=margin, clusters=clusters)
        live = judged.live
        if judged.call is not None:
            winner = judged.winner
            return Ending(judged.call, looks[winner][-1].gain, gains[winner], 2 * passes)
    raise AssertionError("the last look makes a call")


def audits(name, *, gains, margin, error, seed=1):
    rng = np.random.default_rng([seed, sorted(LUCK).index(name)])
    return [audit(LUCK[name], rng, gains=gains, margin=margin, error=error) for _ in range(AUDITS)]


def rate(endings, call):
    return float(np.mean([ending.call is call for ending in endings]))


def coverage(endings):
    return float(np.mean([ending.gain.low <= ending.truth <= ending.gain.high for ending in endings]))


def null(name):
    """Nobody is better, and the margin is so small that any estimate above 0 is worth it."""
    return audits(name, gains=(0.0, 0.0), margin=0.05, error=1.0)


def worthwhile(name):
    """One finalist gains just the margin; the other is far worse, so that only the first one counts."""
    return audits(name, gains=(1.0, -4.0), margin=1.0, error=0.4)


def twice(name):
    """One finalist gains twice the margin, the other nothing."""
    return audits(name, gains=(2.0, 0.0), margin=1.0, error=0.4)


def fresh(name):
    """Neither gains anything."""
    return audits(name, gains=(0.0, 0.0), margin=1.0, error=0.4)


@pytest.mark.slow
@pytest.mark.parametrize("name", LUCK)
def test_an_audit_calls_stale_about_as_rarely_as_promised_when_nothing_is_better(name):
    endings = null(name)
    assert rate(endings, Call.STALE) <= 0.05 + NOISE
    assert coverage(endings) >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize("name", LUCK)
def test_an_audit_calls_fresh_about_as_rarely_as_promised_when_a_finalist_gains_the_margin(name):
    endings = worthwhile(name)
    assert rate(endings, Call.FRESH) <= 0.05 + NOISE
    assert coverage(endings) >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize("name", LUCK)
def test_a_gain_of_twice_the_margin_is_found_and_its_interval_holds_it(name):
    endings = twice(name)
    assert rate(endings, Call.STALE) >= 0.9
    assert coverage(endings) >= 0.90


@pytest.mark.slow
@pytest.mark.parametrize("name", LUCK)
def test_production_that_is_as_good_as_any_is_mostly_called_fresh(name):
    endings = fresh(name)
    assert rate(endings, Call.FRESH) >= 0.5
    assert rate(endings, Call.STALE) <= 0.05
