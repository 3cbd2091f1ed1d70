"""Caviar: five phases that follow from the history alone."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from auditor.core.dimensions import Dimension
from auditor.core.records import (
    Config,
    Failure,
    FailureKind,
    Part,
    Proposal,
    Result,
    Round,
    Trial,
    config_key,
)
from auditor.core.scales import Log
from auditor.core.space import Space
from auditor.core.strategies.caviar import Caviar
from auditor.core.strategies.finalists import finalists, leading, screened
from auditor.core.strategies.halving import Ladder

SPACE = Space({"rate": Dimension(1e-4, 1.0, Log()), "leaves": Dimension(2, 256, Log(), integer=True)})
PRODUCTION: Config = {"rate": 0.5, "leaves": 200, "held": "as it is"}
RUNGS = (1 / 9, 1 / 3, 1.0)

Work = Callable[[Trial], Result]


def caviar(**changes: Any) -> Caviar:
    settings = {
        "space": SPACE,
        "production": PRODUCTION,
        "trials": 30,
        "ladder": Ladder(RUNGS),
        "seconds": 1e6,
    }
    return Caviar(**{**settings, **changes})


def badness(config: Config) -> float:
    """Return a bowl whose bottom is a rate of 0.01 and 32 leaves."""
    rate, leaves = float(config["rate"]), float(config["leaves"])
    return 0.1 + 0.05 * np.log10(rate / 0.01) ** 2 + 0.05 * np.log2(leaves / 32) ** 2 / 10


def noisy(trial: Trial, *, seconds: float = 1.0, noise: float = 0.3) -> Result:
    proposal = trial.proposal
    rows = np.random.default_rng([trial.seed, proposal.fold.index]).normal(0.0, 1.0, 300)
    own = np.random.default_rng([trial.id, trial.seed]).normal(0.0, noise, 300)
    losses = badness(proposal.config) + 0.1 * (1 - proposal.fidelity) + rows + own
    return Result(trial=trial, loss=float(losses.mean()), losses=losses, seconds=seconds * proposal.fidelity)


def quiet(trial: Trial) -> Result:
    return noisy(trial, noise=0.02)


def failing(trial: Trial, kind: FailureKind = FailureKind.ERROR) -> Result:
    if config_key(trial.proposal.config) == config_key(PRODUCTION):
        return noisy(trial)
    return Result(trial=trial, seconds=1.0, failure=Failure(kind, "no"))


def numbered(batch: tuple[Proposal, ...], start: int, seed: int) -> list[Trial]:
    return [Trial(id=start + place, proposal=proposal, seed=seed) for place, proposal in enumerate(batch)]


def chance(seed: int, history: list[Result]) -> np.random.Generator:
    return np.random.default_rng([seed, len(history)])


def audit(strategy: Caviar, work: Work = noisy, seed: int = 0) -> list[list[Result]]:
    """Return every batch of a search that is run to its end."""
    batches: list[list[Result]] = []
    history: list[Result] = []
    while batch := strategy.next_batch(history, chance(seed, history)):
        done = [work(trial) for trial in numbered(batch, len(history), seed=seed + len(history))]
        batches.append(done)
        history = history + done
        assert len(batches) < 30
    return batches


def flat(batches: list[list[Result]]) -> list[Result]:
    return [result for batch in batches for result in batch]


@pytest.fixture(scope="module")
def batches() -> list[list[Result]]:
    return audit(caviar(), work=quiet)


def rounds(batches: list[list[Result]]) -> list[Round]:
    return [batch[0].trial.proposal.round for batch in batches]


def is_production(result: Result) -> bool:
    return config_key(result.config) == config_key(PRODUCTION)


def test_production_is_trained_first_alone_and_in_full(batches):
    (only,) = batches[0]

    assert is_production(only)
    assert only.trial.proposal.round is Round.PRODUCTION
    assert only.trial.proposal.fidelity == 1.0


def test_the_rounds_come_in_their_order(batches):
    assert rounds(batches) == [
        Round.PRODUCTION,
        *[Round.COARSE] * 3,
        *[Round.FINE] * 3,
        *[Round.RESPLIT] * 3,
    ]


def test_the_draws_are_sixty_per_cent_coarse_and_forty_fine(batches):
    assert len(batches[1]) == 1 + 18
    assert len(batches[4]) == 1 + 12


def test_production_runs_once_in_every_batch_and_is_never_eliminated(batches):
    assert all(sum(map(is_production, batch)) == 1 for batch in batches)


def test_a_batch_shares_its_fold_and_its_fidelity(batches):
    for batch in batches:
        assert len({(r.trial.proposal.fold, r.trial.proposal.fidelity) for r in batch}) == 1
        assert batch[0].trial.proposal.fold.part is Part.SEARCH


def test_each_round_climbs_all_rungs_with_fewer_and_fewer(batches):
    for climb in (batches[1:4], batches[4:7]):
        assert [batch[0].trial.proposal.fidelity for batch in climb] == list(RUNGS)
        for lower, upper in pairwise(climb):
            assert {config_key(r.config) for r in upper} <= {config_key(r.config) for r in lower}
            assert len(upper) >= min(4, len(lower))


def test_a_rung_that_tells_too_little_apart_goes_to_a_full_training_at_once():
    batches = audit(caviar(), work=lambda trial: noisy(trial, noise=10.0))

    climb = [batch[0].trial.proposal.fidelity for batch in batches[1:3]]
    assert climb == [1 / 9, 1.0]
    assert rounds(batches)[3] is Round.FINE


def test_no_draw_leaves_its_range_repeats_another_or_touches_what_is_held(batches):
    drawn = [result.config for batch in (batches[1], batches[4]) for result in batch[1:]]

    assert len({config_key(config) for config in drawn}) == len(drawn) == 30
    assert all(1e-4 <= config["rate"] <= 1.0 and 2 <= config["leaves"] <= 256 for config in drawn)
    assert all(config["held"] == "as it is" for config in drawn)
    assert config_key(PRODUCTION) not in {config_key(config) for config in drawn}


def test_the_top_six_are_run_again_on_three_other_splits(batches):
    folds = [batch[0].trial.proposal.fold.index for batch in batches[7:]]

    assert folds == [1, 2, 3]
    assert all(len(batch) == 7 for batch in batches[7:])
    order = leading(flat(batches[:7]), production=PRODUCTION)
    assert [r.config for r in batches[7][1:]] == list(order[:6])


def test_without_a_learning_curve_there_is_one_rung():
    single = audit(caviar(ladder=Ladder()))

    assert rounds(single) == [Round.PRODUCTION, Round.COARSE, Round.FINE, *[Round.RESPLIT] * 3]
    assert len(flat(single)) == 1 + 19 + 13 + 21


def test_resuming_from_any_batch_equals_never_having_stopped(batches):
    for stop in range(len(batches) + 1):
        history = flat(batches[:stop])
        again = caviar().next_batch(history, chance(0, history))
        expected = batches[stop] if stop < len(batches) else []

        assert list(again) == [result.trial.proposal for result in expected]


def test_a_planted_optimum_is_found_in_most_seeds():
    promises = []
    for seed in range(12):
        history = flat(audit(caviar(), seed=100 * seed))
        config, _ = finalists(history, 2, production=PRODUCTION)[0]
        promises.append(badness(PRODUCTION) - badness(config))

    best = badness(PRODUCTION) - 0.1
    assert sum(gain > 0.8 * best for gain in promises) >= 10


def test_finalists_are_the_best_over_the_resplits_with_what_they_promise(batches):
    history = flat(batches)

    best = finalists(history, 2, production=PRODUCTION)

    assert len(best) == 2
    assert best[0][1] >= best[1][1]
    own = [result.loss for result in flat(batches[7:]) if result.config == best[0][0]]
    bars = [batch[0].loss for batch in batches[7:]]
    assert best[0][1] == pytest.approx(np.mean(bars) - np.mean(own))


def test_challengers_that_lost_are_finalists_all_the_same():
    optimum = {**PRODUCTION, "rate": 0.01, "leaves": 32}

    best = finalists(flat(audit(caviar(production=optimum))), 2, production=optimum)

    assert len(best) == 2
    assert best[0][1] < 0.05


def test_when_every_challenger_fails_there_is_no_finalist_and_the_search_ends():
    batches = audit(caviar(), work=failing)

    assert rounds(batches) == [Round.PRODUCTION, Round.COARSE, Round.FINE]
    assert finalists(flat(batches), 2, production=PRODUCTION) == ()


def test_when_all_wide_draws_fail_the_fine_draws_come_near_production():
    fine = audit(caviar(trials=60), work=failing)[-1][1:]

    assert all(result.config["rate"] > 0.2 and result.config["leaves"] > 80 for result in fine)


def test_nothing_follows_when_production_does_not_train():
    broken = [
        Result(trial=trial, failure=Failure(FailureKind.ERROR, "no"))
        for trial in numbered(caviar().next_batch([], chance(0, [])), 0, 0)
    ]

    assert caviar().next_batch(broken, chance(0, broken)) == ()


def test_one_in_three_trials_may_fail():
    def flaky(trial: Trial) -> Result:
        return failing(trial, FailureKind.CRASH) if trial.id % 3 == 2 else noisy(trial)

    history = flat(audit(caviar(), work=flaky))

    resplits = [result for result in history if result.trial.proposal.round is Round.RESPLIT]
    best = finalists(history, 2, production=PRODUCTION)
    assert len(best) >= 1
    assert all(
        sum(result.config == config and result.failure is None for result in resplits) == 3
        for config, _ in best
    )


def test_a_slow_production_means_fewer_challengers_but_six_at_least():
    slow = [noisy(trial, seconds=100.0) for trial in numbered(caviar().next_batch([], chance(0, [])), 0, 0)]

    assert caviar(seconds=1e6).challengers(slow) == 30
    assert caviar(seconds=1000.0).challengers(slow) == 11
    assert caviar(seconds=1.0).challengers(slow) == 6
    assert caviar(seconds=1.0, trials=4).challengers(slow) == 4


def test_when_the_time_is_used_up_what_was_found_goes_to_fewer_resplits():
    def slow(trial: Trial) -> Result:
        return noisy(trial, seconds=10.0)

    batches = audit(caviar(seconds=30.0), work=slow)

    assert Round.FINE not in rounds(batches)
    assert 3 <= len(flat([b for b in batches if b[0].trial.proposal.round is Round.RESPLIT])) <= 6
    assert len(finalists(flat(batches), 2, production=PRODUCTION)) == 2


def test_two_workers_have_twice_the_time():
    spent = [sum(r.seconds for r in flat(audit(caviar(seconds=8.0, workers=n)))) for n in (1, 2)]

    assert spent[1] > 1.3 * spent[0]


def test_a_small_space_is_searched_once_and_no_more():
    space = Space({"leaves": Dimension(1, 4, Log(), integer=True)})
    history = flat(audit(caviar(space=space, production={"rate": 0.01, "leaves": 2})))

    tried = {result.config["leaves"] for result in history}
    assert tried == {1, 2, 3, 4}


def test_screening_counts_the_coarse_draws_that_were_answered(batches):
    assert screened(flat(batches)) == pytest.approx(1 - 0.05 ** (1 / 18))
    assert screened(flat(audit(caviar(), work=failing))) == 0.0
    diverging = flat(audit(caviar(), work=lambda trial: failing(trial, FailureKind.DIVERGED)))
    assert screened(diverging) == pytest.approx(1 - 0.05 ** (1 / 18))
    assert screened([]) == 0.0


def test_a_draw_that_so_few_rows_refused_counts_where_all_of_them_answered():
    def on_all_rows(trial: Trial) -> Result:
        return noisy(trial) if trial.proposal.fidelity == 1.0 else failing(trial)

    history = flat(audit(caviar(ladder=Ladder((1 / 9, 1.0), thinned=True, close=True)), work=on_all_rows))

    assert screened(history) == pytest.approx(1 - 0.05 ** (1 / 18))


def test_the_plan_comes_true(batches):
    plans = [caviar().planned(flat(batches[:stop])) for stop in range(len(batches) + 1)]

    assert plans[-1] == len(flat(batches))
    assert all(0.6 < plan / plans[-1] < 1.6 for plan in plans)


@pytest.mark.parametrize("rungs", [(), (0.5,), (1.0, 0.5), (0.0, 1.0), (0.5, 0.5, 1.0)])
def test_rungs_must_lead_up_to_a_full_training(rungs):
    with pytest.raises(ValueError, match="rungs must ascend"):
        Ladder(rungs)


def test_a_search_of_nothing_is_our_own_mistake():
    with pytest.raises(ValueError, match="needs a trial"):
        caviar(trials=0)
