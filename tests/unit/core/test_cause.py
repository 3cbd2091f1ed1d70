"""The rules that tell causes apart (how often they err: tests/integration/test_cause_rates.py)."""

from dataclasses import replace

import pytest

from auditor.core.canary import unknown
from auditor.core.cause import Square, apart, blame_environment, find_cause, undetermined
from auditor.core.records import CanaryCall, CauseCall, Reference
from auditor.core.variance import TwoWay
from auditor.core.wording import Ruler

OLDER = Reference(digest="e" * 64, rows=500, audit_id=2)
RULER = Ruler(production_loss=100.0, unit="squared error", confidence=0.95)


def gain(estimate, error=0.1, degrees=50.0):
    return TwoWay(
        estimate=estimate,
        standard_error=error,
        degrees_of_freedom=degrees,
        clusters=240,
        replicates=6,
        example_variance=error**2 / 2,
        replicate_variance=error**2 / 2,
    )


def cause(then, now, *, whole=None, grown=True, error=0.1, overstated=False):
    square = Square(
        then=gain(then, error),
        now=gain(now, error),
        rows=300,
        whole=None if whole is None else gain(whole, error),
        whole_rows=None if whole is None else 900,
        grown=grown,
        overstated=overstated,
    )
    return find_cause(square, margin=1.0, reference=OLDER, ruler=RULER)


@pytest.mark.parametrize(
    ("then", "now", "call"),
    [
        (-0.5, 1.3, CauseCall.DATA),
        (0.0, 2.0, CauseCall.DATA),
        (2.0, 2.0, CauseCall.NEVER_TUNED),
        (2.0, 1.5, CauseCall.NEVER_TUNED),
        (1.5, 4.0, CauseCall.BOTH),
        (0.1, 0.1, CauseCall.UNDETERMINED),
        (0.3, 0.4, CauseCall.UNDETERMINED),  # there, but never worth having
        (0.3, 2.0, CauseCall.DATA),
    ],
)
def test_the_gains_then_and_now_tell_the_cause(then, now, call) -> None:
    assert cause(then, now).call is call


@pytest.mark.parametrize(
    ("then", "now", "call", "certain"),
    [
        (-0.5, 1.3, CauseCall.DATA, True),
        (1.5, 4.0, CauseCall.DATA, False),
        (2.0, 2.0, CauseCall.UNDETERMINED, False),
    ],
)
def test_an_overstated_gain_then_excuses_production_and_accuses_nobody(then, now, call, certain) -> None:
    found = cause(then, now, overstated=True)

    assert (found.call, found.certain) == (call, certain)


def test_an_overstated_gain_is_no_excuse_where_the_intervals_are_too_wide_anyway() -> None:
    found = cause(0.1, 0.1, overstated=True)

    assert "chosen on" not in found.sentence
    assert found.next_step == "give it more rows, then and now: the intervals are too wide"


def test_data_is_only_likely_while_a_gain_of_the_margin_then_is_not_excluded() -> None:
    found = cause(0.0, 4.0, error=0.6)

    assert (found.call, found.certain) == (CauseCall.DATA, False)
    assert found.gain_then.high > 1.0
    assert found.sentence.startswith("The data probably moved.")


@pytest.mark.parametrize(("then", "now", "grown"), [(0.0, 0.0, True), (2.0, 2.0, False)])
def test_a_gain_that_comes_and_goes_with_the_size_is_due_to_it(then, now, grown) -> None:
    found = cause(then, now, whole=2.0 if grown else 0.0, grown=grown)

    assert found.call is CauseCall.SIZE
    assert ("more data" if grown else "less data") in found.sentence
    assert (found.fitted_rows, found.fitted_rows_full) == (300, 900)


def test_a_gain_that_stays_at_the_older_size_is_not_due_to_size() -> None:
    assert cause(2.0, 2.0, whole=2.2).call is CauseCall.NEVER_TUNED
    assert cause(0.0, 2.0, whole=2.2).call is CauseCall.DATA


def test_what_cannot_be_told_has_a_next_step() -> None:
    found = cause(0.1, 0.1)

    assert found.certain is False
    assert found.sentence.startswith("Why it went stale cannot be told.")
    assert found.next_step == "give it more rows, then and now: the intervals are too wide"


def test_the_intervals_are_at_the_verdict_s_confidence() -> None:
    found = cause(0.0, 2.0)

    assert found.difference.estimate == pytest.approx(2.0)
    half = 1.984 * 0.1 * 2**0.5  # t with 100 degrees of freedom
    assert found.difference.low == pytest.approx(2.0 - half, abs=1e-3)
    assert found.difference.high == pytest.approx(2.0 + half, abs=1e-3)


def test_the_difference_of_means_that_share_nothing_adds_their_variances() -> None:
    found = apart(gain(3.0, 0.3, 5.0), gain(1.0, 0.4, 11.0))

    assert found.estimate == 2.0
    assert found.standard_error == pytest.approx(0.5)
    assert found.degrees_of_freedom == pytest.approx(0.25**2 / (0.09**2 / 5 + 0.16**2 / 11))


def test_means_without_any_spread_differ_by_a_point() -> None:
    found = apart(gain(3.0, 0.0), gain(1.0, 0.0)).interval(1.96)

    assert (found.low, found.estimate, found.high) == (2.0, 2.0, 2.0)


def test_a_canary_overrules_only_when_it_changed() -> None:
    found, calm = cause(0.0, 2.0), unknown("nothing to compare with")
    changed = replace(calm, call=CanaryCall.CHANGED, reason="It gives other losses.")

    assert blame_environment(found, calm, changes=("numpy",)) == found
    blamed = blame_environment(found, changed, changes=("numpy", "BLAS"))
    assert blamed.call is CauseCall.ENVIRONMENT
    assert blamed.difference == found.difference
    assert blamed.sentence.endswith("Since the capture these changed: numpy and BLAS.")
    assert "Nothing that is recorded" in blame_environment(found, changed, changes=()).sentence


def test_a_reason_is_a_sentence() -> None:
    found = undetermined("there are no older rows", next_step="file them")

    assert found.sentence == "Why it went stale cannot be told: there are no older rows."
    assert (found.call, found.certain, found.next_step) == (CauseCall.UNDETERMINED, False, "file them")
