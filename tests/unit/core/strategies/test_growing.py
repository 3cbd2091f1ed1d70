"""A box that grows when its optimum lies outside, on draws alone that nothing had placed."""

from dataclasses import replace

import numpy as np
import pytest

from auditor.core.dimensions import Dimension
from auditor.core.records import Failure, FailureKind, Fold, Part, Proposal, Result, Round, Trial, config_key
from auditor.core.scales import Linear, Log
from auditor.core.space import Space
from auditor.core.strategies.caviar import Caviar
from auditor.core.strategies.finalists import screened
from auditor.core.strategies.growing import spread_of
from auditor.core.strategies.halving import Ladder
from auditor.core.transfer import Known

SPACE = Space({"rate": Dimension(1e-3, 1e-1, Log()), "share": Dimension(0.0, 1.0, Linear())})
PRODUCTION = {"rate": 1e-2, "share": 0.5}


def caviar(**changes):
    return Caviar(**{"space": SPACE, "production": PRODUCTION, "trials": 30, "seconds": 1e9, **changes})


def trained(trial, *, best, failing=lambda config: False, noise=0.002):
    """Train on a bowl around a rate, in decades, and a share of 0.5."""
    config = trial.proposal.config
    if failing(config):
        return Result(trial=trial, seconds=0.1, failure=Failure(FailureKind.DIVERGED, "nan"))
    decades = np.log10(config["rate"]) - best
    luck = np.random.default_rng([trial.seed, trial.id]).normal(0.0, noise)
    loss = 1.0 + 0.1 * decades**2 + 0.02 * (config["share"] - 0.5) ** 2 + luck
    return Result(trial=trial, loss=float(loss), seconds=0.1)


def searched(strategy, *, seed=0, stop=None, history=(), **truth):
    """Run a search to its end, or until it has run so many batches more."""
    history, batches = list(history), 0
    while stop is None or batches < stop:
        batch = strategy.next_batch(history, np.random.default_rng([seed, len(history)]))
        if not batch:
            break
        history += [
            trained(Trial(id=len(history) + place, proposal=proposal, seed=seed + len(history)), **truth)
            for place, proposal in enumerate(batch)
        ]
        batches += 1
    return history


def strips(history):
    return [result.config["rate"] for result in history if result.trial.proposal.round is Round.GROW]


def test_an_optimum_beyond_the_box_is_followed_on_the_setting_s_own_scale():
    history = searched(caviar(), best=0.0)

    box = caviar().box(history)
    record = box.records()[0]
    assert (record.declared_low, record.declared_high) == (1e-3, 1e-1)
    assert record.low == 1e-3
    assert record.high == pytest.approx(31.6 if "twice" in record.grown else 1.0, rel=0.01)
    assert "the loss fell all the way to its high end" in record.grown
    assert box.dimensions["share"] == SPACE.dimensions["share"]
    assert {rate for rate in strips(history) if rate != PRODUCTION["rate"]} > set()


@pytest.mark.parametrize("before", [Ladder((1 / 9, 1 / 3, 1.0)), Ladder()])
def test_a_search_that_began_on_other_rungs_still_knows_where_it_drew(before):
    world = {"best": 8.0, "noise": 0.0, "seed": 1}
    begun = searched(caviar(ladder=before, trials=150), stop=6 if before.rungs[0] < 1.0 else 3, **world)
    assert strips(begun)
    strategy = caviar(ladder=Ladder((1 / 6, 1.0), close=True), trials=150)

    history = searched(strategy, history=begun, stop=20, **world)

    rate = strategy.box(history).records()[0]
    assert "twice" in rate.grown
    assert max(strips(history)) <= rate.high


def test_a_range_that_must_not_grow_stays_and_its_edge_is_told():
    hard = replace(SPACE.dimensions["rate"], bounds=(1e-3, 1e-1))
    strategy = replace(caviar(), space=Space({**SPACE.dimensions, "rate": hard}))

    history = searched(strategy, best=0.0)

    assert strips(history) == []
    assert max(result.config["rate"] for result in history) <= 1e-1
    assert strategy.edges(history) == {"rate": "high"}
    assert all(rate >= 0.1 for rate in strips(history) if rate != PRODUCTION["rate"])


def test_the_fine_round_goes_where_the_box_grew():
    history = searched(caviar(), best=-0.4)

    fine = [r.config["rate"] for r in history if r.trial.proposal.round is Round.FINE]
    assert max(fine) > 0.1


def test_the_draws_of_a_strip_are_taken_from_the_fine_ones():
    grown, plain = searched(caviar(), best=0.0), searched(caviar(), best=-2.0)

    for history in (grown, plain):
        rounds = (Round.COARSE, Round.GROW, Round.FINE)
        tried = {config_key(r.config) for r in history if r.trial.proposal.round in rounds}
        assert len(tried) == 31
    assert strips(plain) == []


@pytest.mark.parametrize("best", [-2.0, -2.6, -1.4])
def test_a_box_that_holds_its_optimum_seldom_grows(best):
    grown = sum(bool(strips(searched(caviar(), seed=seed, stop=4, best=best))) for seed in range(40))

    assert grown <= 4


def test_a_box_whose_optimum_lies_outside_often_grows():
    grown = sum(bool(strips(searched(caviar(), seed=seed, stop=4, best=-0.3))) for seed in range(20))

    assert grown >= 10


def test_a_box_grows_twice_at_most():
    for seed in range(10):
        record = caviar().box(searched(caviar(), seed=seed, best=6.0)).records()[0]

        assert record.high <= 31.7


def test_an_edge_near_which_trainings_fail_is_one_of_stability():
    def diverging(config):
        return config["rate"] > 0.06

    strategy = caviar()
    edges = []
    for seed in range(12):
        history = searched(strategy, seed=seed, best=-0.3, failing=diverging)
        assert strips(history) == []
        edges.append(strategy.edges(history).get("rate"))

    assert set(edges) <= {"stability", None}
    assert edges.count("stability") >= 4


def test_nothing_grows_past_a_limit_of_the_setting():
    walled = replace(SPACE.dimensions["rate"], bounds=(1e-3, 0.2))
    space = Space({**SPACE.dimensions, "rate": walled})

    history = searched(caviar(space=space), best=0.0)

    assert caviar(space=space).box(history).records()[0].high == 0.2
    assert max(strips(history)) <= 0.2


def test_the_box_follows_from_the_history_alone_wherever_it_was_cut():
    whole = searched(caviar(), best=0.0)
    assert strips(whole)

    for batches in range(1, 8):
        begun = searched(caviar(), stop=batches, best=0.0)
        again = searched(caviar(), history=begun, best=0.0)
        assert [(r.trial, r.loss) for r in again] == [(r.trial, r.loss) for r in whole]


def test_a_box_grows_through_the_rungs_as_well():
    rungs = (1 / 9, 1 / 3, 1.0)

    history = searched(caviar(ladder=Ladder(rungs)), best=0.0)

    grown = [r for r in history if r.trial.proposal.round is Round.GROW]
    assert {r.trial.proposal.fidelity for r in grown} >= {1 / 9, 1.0}
    assert {r.trial.proposal.fold.part for r in grown} == {Part.SEARCH}


def test_points_of_earlier_audits_are_tried_and_screen_nothing():
    known = tuple(Known({"rate": rate, "share": 0.25}, 1.0) for rate in (0.02, 0.03, 0.04, 0.05, 0.06))
    strategy = caviar(known=known)

    history = searched(strategy, best=-2.0)

    coarse = [r for r in history if r.trial.proposal.round is Round.COARSE]
    assert len(coarse) == 1 + 18
    assert strategy.transferred(history) == 4
    keys = {config_key(point.config) for point in known}
    assert screened(history, known=keys) == pytest.approx(1.0 - 0.05 ** (1 / 14))


@pytest.mark.parametrize("failed_at", [1 / 9, 1.0])
def test_what_few_rows_refuse_and_all_of_them_train_has_not_failed(failed_at):
    config = {"rate": 0.05, "share": 0.5}

    def at(fidelity):
        proposal = Proposal(config=config, round=Round.COARSE, fold=Fold(Part.SEARCH, 0), fidelity=fidelity)
        trial = Trial(id=round(9 * fidelity), proposal=proposal, seed=1)
        if fidelity == failed_at:
            return Result(trial=trial, failure=Failure(FailureKind.REJECTED, "too few rows"))
        return Result(trial=trial, loss=0.5)

    spread = spread_of([at(1 / 9), at(1.0)], production=PRODUCTION, known=frozenset())

    trained, failed = ((config,), ()) if failed_at < 1.0 else ((), (config,))
    assert spread.best_first == trained
    assert spread.failed == failed
