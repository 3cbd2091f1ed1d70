"""Whether a stored training still comes out as it did."""

import numpy as np
import pytest

from auditor.core.canary import (
    REPLAYS,
    ROUNDING,
    compare,
    is_deterministic,
    registered,
    replays_in_doubt,
    replays_missing,
)
from auditor.core.records import (
    CanaryCall,
    Failure,
    FailureKind,
    Fold,
    Part,
    Proposal,
    Result,
    Round,
    Trial,
)

LOSSES = np.array([0.5, 0.25, 1.0, 0.125])
TRIAL = Trial(
    id=0, proposal=Proposal(config={"rate": 0.1}, round=Round.CANARY, fold=Fold(Part.CANARY, 0)), seed=7
)


def run(losses=LOSSES, *, failure=None):
    if failure is not None:
        return Result(trial=TRIAL, failure=failure)
    return Result(trial=TRIAL, loss=float(np.mean(losses)), losses=np.asarray(losses))


def lucky(rng, *, runs=REPLAYS, shift=0.0, spread=0.01):
    """Runs of a nondeterministic training."""
    return [run(LOSSES + shift + spread * rng.standard_normal()) for _ in range(runs)]


def test_equal_losses_are_the_same_to_the_bit() -> None:
    found = compare([run()], [run(LOSSES.copy())], audit_id=3)

    assert found.call is CanaryCall.SAME
    assert found.expected == found.found == LOSSES.mean()
    assert found.reason == (
        "The training of production that audit 3 stored, run again with its seed on its rows, "
        "gives the same losses."
    )


@pytest.mark.parametrize(("factor", "call"), [(0.5, CanaryCall.SAME), (2.0, CanaryCall.CHANGED)])
def test_rounding_is_forgiven_and_more_is_not(factor, call) -> None:
    moved = LOSSES + np.array([0.0, 0.0, factor * ROUNDING, 0.0])

    assert compare([run(), run()], [run(moved)], audit_id=1).call is call


def test_rows_that_change_places_are_a_change_though_the_mean_stays() -> None:
    assert compare([run()], [run(LOSSES[::-1])], audit_id=1).call is CanaryCall.CHANGED


def test_another_number_of_rows_is_a_change() -> None:
    assert compare([run()], [run(LOSSES[:2])], audit_id=1).call is CanaryCall.CHANGED


def test_without_losses_of_rows_the_mean_is_compared() -> None:
    kept = Result(trial=TRIAL, loss=0.5)

    assert compare([kept], [Result(trial=TRIAL, loss=0.5)], audit_id=1).call is CanaryCall.SAME
    assert compare([kept], [Result(trial=TRIAL, loss=0.6)], audit_id=1).call is CanaryCall.CHANGED


def test_a_second_run_tells_whether_a_training_is_deterministic_and_only_then_more_are_needed() -> None:
    other = run(LOSSES + 0.01)

    assert [is_deterministic(runs) for runs in ([run()], [run(), run()], [run(), other])] == [
        None,
        True,
        False,
    ]
    assert [replays_missing(runs) for runs in ([run()], [run(), run()], [run(), other])] == [
        1,
        0,
        REPLAYS - 2,
    ]
    assert replays_missing([run(), *[other] * (REPLAYS - 1)]) == 0


def test_luck_of_a_nondeterministic_training_is_no_change_and_ten_spreads_are() -> None:
    rng = np.random.default_rng(0)
    false = sum(
        compare(lucky(rng), lucky(rng, runs=1), audit_id=1).call is CanaryCall.CHANGED for _ in range(1000)
    )
    found = sum(
        compare(lucky(rng), lucky(rng, runs=1, shift=0.1), audit_id=1).call is CanaryCall.CHANGED
        for _ in range(200)
    )

    assert false <= 4  # nominal 1 in 1000
    assert found >= 190  # statistics, section 5: .99


def test_what_is_allowed_follows_from_the_spread_of_the_stored_runs() -> None:
    stored = lucky(np.random.default_rng(1))
    losses = [result.loss for result in stored]

    found = compare(stored, [run()], audit_id=1)

    assert found.deterministic is False
    assert found.replays == REPLAYS
    assert found.expected == pytest.approx(np.mean(losses))
    assert found.tolerance == pytest.approx(5.408 * np.std(losses, ddof=1) * np.sqrt(1 + 1 / 8), rel=1e-3)


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (FailureKind.REJECTED, CanaryCall.CHANGED),
        (FailureKind.CRASH, CanaryCall.CHANGED),
        (FailureKind.TIMEOUT, CanaryCall.UNKNOWN),
        (FailureKind.MEMORY, CanaryCall.UNKNOWN),
    ],
)
def test_a_failure_is_another_outcome_unless_it_tells_of_the_machine_s_load(kind, call) -> None:
    found = compare([run()], [run(failure=Failure(kind, "no such setting"))], audit_id=1)

    assert found.call is call
    assert f"fails now ({kind}: no such setting)" in found.reason


def test_the_first_audit_says_what_it_kept() -> None:
    assert registered([run(), run()]).reason.endswith("for later ones; it comes out the same to the bit.")
    assert "8 runs of it were kept" in registered(lucky(np.random.default_rng(2))).reason
    broken = registered([run(), run(failure=Failure(FailureKind.CRASH, "gone"))])
    assert broken.reason.endswith("it failed when it was run again.")
    assert broken.call is CanaryCall.UNKNOWN


def test_stored_runs_that_agreed_by_luck_are_found_out_by_those_of_today() -> None:
    stored = [run(), run()]
    today = [run(LOSSES + shift) for shift in (0.01, 0.0, 0.02, 0.01, 0.0, 0.02, 0.01, 0.0)]

    asked = [replays_in_doubt(stored, today[:count]) for count in (1, 2, REPLAYS)]
    found = compare(stored, today, audit_id=1)

    assert asked == [1, REPLAYS - 2, 0]
    assert (found.call, found.deterministic) == (CanaryCall.SAME, False)
    assert found.reason.endswith("gives a loss within the luck of 8 runs.")


def test_a_change_that_repeats_itself_is_a_change() -> None:
    stored, today = [run(), run()], [run(LOSSES + 0.01)] * 2

    assert [replays_in_doubt(stored, today[:count]) for count in (1, 2)] == [1, 0]
    found = compare(stored, today, audit_id=1)
    assert (found.call, found.deterministic) == (CanaryCall.CHANGED, True)


def test_nothing_is_in_doubt_where_nothing_differs_or_luck_is_known() -> None:
    lucky_runs = lucky(np.random.default_rng(3))

    assert replays_in_doubt([run(), run()], [run()]) == 0
    assert replays_in_doubt(lucky_runs, [run(LOSSES + 5.0)]) == 0
    assert replays_in_doubt([run()], [run(failure=Failure(FailureKind.CRASH, "gone"))]) == 0
