"""What earlier audits leave to the next one: places to look at, and a seat."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from auditor.core.records import Call, DataSpec, DimensionSpec, Finalist
from auditor.core.space import build_space
from auditor.core.transfer import Known, admitted, carried_over, fitted, good_points, seated, weight_of
from tests.planted import RATE, SHARE, Planted, a_plan, a_world, bowl

OLD = {"rate": 1e-3, "share": 0.5}
SPACE = build_space(OLD, {"rate": RATE, "share": SHARE})


@pytest.fixture(scope="module")
def undecided():
    audit = a_world(Planted(truth=bowl(rate=0.1, share=0.5), noise=3.0), OLD).audit(seed=0).audit
    assert audit.call is Call.UNDECIDED
    return audit


def over(audit, *, production=OLD, capture=1, metric="squared_error", space=SPACE):
    return carried_over(audit, production=production, capture=capture, metric=metric, space=space)


def points(count, weight=1.0):
    return [Known({"rate": 0.1 + number / 100}, weight) for number in range(count)]


def test_a_fifth_of_the_draws_at_most_and_fewer_the_older():
    assert len(admitted(points(9), 18)) == 4
    assert len(admitted(points(9, weight_of(timedelta(days=180))), 18)) == 2
    assert len(admitted(points(9, weight_of(timedelta(days=900))), 18)) == 0
    assert len(admitted([*points(1), *points(1)], 18)) == 1


def test_old_points_only_fill_the_first_places():
    mixed = [*points(2), *(Known({"rate": 0.9 - number / 10}, 0.5) for number in range(3))]

    assert [config["rate"] for config in admitted(mixed, 18)] == [0.1, 0.11]


def test_the_confirmed_finalists_are_good_points_best_first(undecided):
    evidence = undecided.confirmation

    assert good_points(undecided)[0] == evidence.finalists[evidence.winner].config
    assert len(good_points(undecided)) == len(evidence.finalists)
    assert good_points(replace(undecided, confirmation=None)) == ()


def test_a_point_is_brought_into_the_present_range():
    narrow = build_space(OLD, {"rate": replace(RATE, high=0.05)})

    found = fitted({"rate": 0.5, "share": 0.9}, space=narrow, production=OLD)

    assert found == {"rate": 0.05, "share": 0.5}


def test_a_point_without_a_place_is_given_up():
    kinds = build_space({**OLD, "kind": "a"}, {"kind": DimensionSpec(choices=("a", "b"))})

    assert fitted({"rate": 0.1}, space=SPACE, production=OLD) is None
    assert fitted({"kind": "gone"}, space=kinds, production={**OLD, "kind": "a"}) is None
    assert fitted(OLD, space=SPACE, production=OLD) is None


def test_an_undecided_challenger_is_carried_over_as_it_is(undecided):
    evidence = undecided.confirmation

    assert over(undecided) == evidence.finalists[evidence.winner].config


def test_another_question_carries_nothing_over(undecided):
    held = build_space(OLD, {"share": SHARE})

    assert over(replace(undecided, call=Call.FRESH)) is None
    assert over(undecided, capture=2) is None
    assert over(undecided, metric="absolute_error") is None
    assert over(undecided, space=held) is None


def test_a_carried_challenger_takes_the_last_seat_unless_it_won_one():
    best = (({"rate": 0.1}, 0.3), ({"rate": 0.2}, 0.2))

    assert seated(best, None, seats=2) == best
    assert seated(best, {"rate": 0.2}, seats=2) == best
    assert seated(best, {"rate": 0.9}, seats=2) == (best[0], ({"rate": 0.9}, None))


DROWNED = Planted(truth=bowl(rate=0.1, share=0.5), noise=3.0)


def two_audits(*, newer, data):
    """Two audits of one model, the second on rows of which so many are newer than those of the first."""
    world, plan = a_world(DROWNED, OLD), a_plan(data=data)
    audits = []
    for seed, start in enumerate((0, newer)):
        numbers = start + np.arange(DROWNED.rows)
        world.sources.columns = {"at": numbers.astype("datetime64[m]"), "y": 0.5 * numbers}
        audits.append(world.audit(plan, seed=seed).audit)
    return audits


@pytest.mark.parametrize(
    ("newer", "data"),
    [
        (0, DataSpec(source="memory", target="y", time="at")),
        (DROWNED.rows // 4, DataSpec(source="memory", target="y", time="at")),
        (DROWNED.rows, DataSpec(source="memory", target="y")),
    ],
    ids=["same rows", "confirming rows that were looked at", "rows without a time"],
)
def test_nothing_is_taken_over_unless_all_confirming_rows_are_new(newer, data):
    _, second = two_audits(newer=newer, data=data)

    assert second.search.transferred == 0
    assert not any(finalist.carried for finalist in second.confirmation.finalists)


def test_the_next_audit_confirms_what_was_left_undecided_and_tries_good_points_again():
    first, second = two_audits(newer=DROWNED.rows, data=DataSpec(source="memory", target="y", time="at"))

    assert first.call is Call.UNDECIDED
    left = first.confirmation.finalists[first.confirmation.winner]
    carried = [finalist for finalist in second.confirmation.finalists if finalist.carried]
    assert [finalist.config for finalist in carried] == [left.config]
    assert second.search.transferred == 2
    assert first.search.transferred == 0
    assert isinstance(left, Finalist)


def test_another_production_ends_the_carrying():
    world = a_world(Planted(truth=bowl(rate=0.1, share=0.5), noise=3.0), OLD)
    world.audit(seed=0)
    world.sources.settings = {**OLD, "share": 0.6}

    second = world.audit(seed=1).audit

    assert not any(finalist.carried for finalist in second.confirmation.finalists)
