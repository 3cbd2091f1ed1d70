"""Whether a stored training, run again with its seed on its rows, still comes out as it did.

If it does not, the code or the environment changed what the settings mean, and neither the data nor
the settings can be blamed alone. Where replays agree to the bit, one stored training suffices, and only
rounding is forgiven. Where they do not (threads, a GPU, a trainer that draws its own chance), the new
one is held against the spread of several (statistics, section 5).
"""

from collections.abc import Sequence

import numpy as np

from auditor.core.records import Canary, CanaryCall, FailureKind, Result

REPLAYS = 8
"""Runs of the stored training where they do not agree to the bit, the first included: a shift of 10
standard deviations is then found 99 times in 100 (with 5: 65, with 3: 8; statistics, section 5)."""

LEVEL = 0.0005
"""Chance, on either side, that luck alone is taken for a change (statistics, section 5)."""

ROUNDING = 1e-6
"""What a loss may differ by, as a share of it (of 1 when it is smaller), before it is called changed: another
version of a numerical library adds in another order, which moves float64 losses by 1e-12 and float32 ones
by 1e-7."""

_LIMITS = (FailureKind.TIMEOUT, FailureKind.MEMORY)
"""Failures that tell of the machine's load, not of the outcome."""


def is_deterministic(replays: Sequence[Result]) -> bool | None:
    """Return whether runs of one training agree to the bit, or None when there are not two to compare."""
    kept = _kept(replays)
    if len(kept) < 2:
        return None
    return all(_same_bits(kept[0], other) for other in kept[1:])


def replays_missing(replays: Sequence[Result]) -> int:
    """Return how many more runs of a training it takes to recognise it later.

    A second one tells whether it is deterministic; only if it is not, more are needed.
    """
    if len(replays) < 2:
        return 2 - len(replays)
    return 0 if is_deterministic(replays) is not False else max(0, REPLAYS - len(replays))


def replays_in_doubt(stored: Sequence[Result], found: Sequence[Result]) -> int:
    """Return how many more runs it takes now, before a difference is called a change.

    Luck of few values may have let the stored runs agree; if so, runs of today disagree among each other.
    """
    if found[0].failure is not None or is_deterministic(_kept(stored)) is False:
        return 0
    return 0 if _farthest(_kept(stored)[0], found[0]) <= _rounding(stored) else replays_missing(found)


def compare(stored: Sequence[Result], found: Sequence[Result], *, audit_id: int) -> Canary:
    """Say whether a training came out as its stored runs did.

    Parameters
    ----------
    stored
        At least one run without a failure; failed ones are left out.
    found
        The same training, run now: at least once, and more often where `replays_in_doubt` asks for it.

    Notes
    -----
    With K runs of a nondeterministic training, of mean loss ``mean`` and standard deviation ``sd``, one
    more of loss s is flagged when ``|s - mean| > max(atol, t(K - 1, 1 - .0005) sd sqrt(1 + 1 / K))``. The K
    runs are the stored ones; today's, where only these disagree among each other. A deterministic training
    is flagged when any row's loss differs by more than ``atol``, which is `ROUNDING`.
    """
    runs, first = _kept(stored), found[0]
    if first.failure is not None or first.loss is None:
        return _failed(first, expected=_mean(runs), replays=len(runs), audit_id=audit_id)
    spread = next((many for many in (runs, _kept(found)) if is_deterministic(many) is False), None)
    if spread is None:
        apart, allowed = _farthest(runs[0], first), _rounding(runs)
    else:
        lone = first if spread is runs else runs[0]
        apart, allowed = abs(_mean([lone]) - _mean(spread)), max(_rounding(runs), _reach(spread))
    same = apart <= allowed
    return Canary(
        call=CanaryCall.SAME if same else CanaryCall.CHANGED,
        reason=_reason(same=same, luck=0 if spread is None else len(spread), audit_id=audit_id),
        audit_id=audit_id,
        expected=_mean(runs),
        found=first.loss,
        tolerance=allowed,
        replays=len(runs),
        deterministic=is_deterministic(runs) if spread is None else False,
    )


def registered(replays: Sequence[Result]) -> Canary:
    """Return what the first audit on a capture says: there was nothing to compare with, and now there is."""
    exact = is_deterministic(replays)
    kept = {
        True: "it comes out the same to the bit",
        False: f"its loss differs from run to run, so {len(replays)} runs of it were kept",
        None: "it failed when it was run again",
    }[exact]
    return Canary(
        call=CanaryCall.UNKNOWN,
        reason=(
            "This is the first audit of these production settings: a training of them is kept for later "
            f"ones; {kept}."
        ),
        replays=len(replays),
        deterministic=exact,
    )


def unknown(reason: str, *, audit_id: int | None = None) -> Canary:
    """Return that nothing can be told, and why."""
    return Canary(call=CanaryCall.UNKNOWN, reason=reason, audit_id=audit_id)


def _failed(found: Result, *, expected: float, replays: int, audit_id: int) -> Canary:
    failure = found.failure
    said = f"{failure.kind}: {failure.message}" if failure else "no loss"
    limits = failure is not None and failure.kind in _LIMITS
    verdict = "which tells nothing of its outcome" if limits else "where it once succeeded"
    return Canary(
        call=CanaryCall.UNKNOWN if limits else CanaryCall.CHANGED,
        reason=f"The training of production that audit {audit_id} stored fails now ({said}), {verdict}.",
        audit_id=audit_id,
        expected=expected,
        replays=replays,
    )


def _reason(*, same: bool, luck: int, audit_id: int) -> str:
    what = f"The training of production that audit {audit_id} stored, run again with its seed on its rows,"
    if same:
        how = f"gives a loss within the luck of {luck} runs" if luck else "gives the same losses"
        return f"{what} {how}."
    how = f"gives a loss beyond the luck of {luck} runs" if luck else "gives other losses"
    return f"{what} {how}: code or environment changed the outcome."


def _kept(runs: Sequence[Result]) -> list[Result]:
    return [run for run in runs if run.failure is None and run.loss is not None]


def _mean(runs: Sequence[Result]) -> float:
    return float(np.mean([run.loss for run in runs if run.loss is not None]))


def _rounding(runs: Sequence[Result]) -> float:
    return ROUNDING * max(1.0, abs(_mean(_kept(runs))))


def _same_bits(one: Result, other: Result) -> bool:
    if one.losses is None or other.losses is None:
        return one.loss == other.loss
    return np.array_equal(one.losses, other.losses)


def _farthest(stored: Result, found: Result) -> float:
    """Return how far apart the losses of any row are."""
    if stored.losses is None or found.losses is None:
        return abs((stored.loss or 0.0) - (found.loss or 0.0))
    if stored.losses.shape != found.losses.shape:
        return float("inf")
    return float(np.max(np.abs(stored.losses - found.losses), initial=0.0))


def _reach(runs: Sequence[Result]) -> float:
    """Return how far luck may move one more run from the mean of these."""
    from scipy.special import stdtrit

    losses = np.array([run.loss for run in runs], dtype=np.float64)
    reach = float(stdtrit(losses.size - 1, 1.0 - LEVEL)) * float(losses.std(ddof=1))
    return reach * float(np.sqrt(1.0 + 1.0 / losses.size))
