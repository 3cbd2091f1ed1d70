"""Finalists against production, on rows and seeds that the search never saw."""

from dataclasses import replace

import numpy as np
import pytest

from auditor.core.comparison import PASSES
from auditor.core.records import Call, DataSpec, Failure, FailureKind, Fold, Margin, Part, Policy
from auditor.errors import DeclarationError, TrainerError
from auditor.stages.confirm import confirm
from tests.planted import ROWS, Planted, a_plan, a_runner, a_world, bowl, the_replicates

PRODUCTION = {"rate": 1e-3, "share": 0.5}
BETTER = {"rate": 0.1, "share": 0.5}
GOOD = {"rate": 0.01, "share": 0.5}
WORSE = {"rate": 1e-4, "share": 0.5}
MOVED = Planted(truth=bowl(rate=0.1), noise=0.1)
BROKEN = Failure(FailureKind.DIVERGED, "the loss was nan after 3 steps")


def settle(work, *finalists, plan=None, executor=None):
    """Confirm finalists; return what was confirmed and the world it happened in."""
    plan = plan or a_plan()
    world = daily(a_world(work, PRODUCTION, executor=executor))
    replicates = the_replicates(a_runner(world, plan))
    found = confirm(
        [(config, 0.2) for config in finalists],
        production=PRODUCTION,
        policy=plan.policy,
        replicates=replicates,
    )
    return found, world


def daily(world):
    """Give the rows of a world a day each, in order."""
    days = np.datetime64("2025-01-01") + np.arange(ROWS)
    world.sources.columns = {**world.sources.columns, "day": days}
    return world


def failing_for(*configs, where=lambda fold: True):
    def failing(job):
        proposal = job.trial.proposal
        return BROKEN if proposal.config in configs and where(proposal.fold) else None

    return replace(MOVED, failing=failing)


def trained(world):
    return [job.trial.proposal.config["rate"] for job in world.executor.jobs]


def test_a_gain_that_is_there_is_confirmed_and_quoted_for_the_better_finalist():
    found, _ = settle(MOVED, GOOD, BETTER)

    gain = found.finalists[found.winner].looks[-1].gain
    assert found.call is Call.STALE
    assert found.finalists[found.winner].config == BETTER
    assert gain.low <= 0.1 <= gain.high
    assert gain.low > 0.0
    assert found.p_value <= 0.05


def test_finalists_that_gain_nothing_are_excluded_one_by_one():
    work = replace(MOVED, truth=bowl(rate=1e-3), noise=0.02)

    found, _ = settle(work, WORSE, GOOD)

    assert found.call is Call.FRESH
    assert all(finalist.excluded for finalist in found.finalists)


def counting_errors(job):
    """Half of the rows wrong, whatever is trained."""
    result = MOVED(job)
    losses = (np.arange(result.losses.size) % 2).astype(float)
    return replace(result, loss=float(losses.mean()), losses=losses)


@pytest.mark.parametrize(("share", "call"), [(0.005, Call.UNDECIDED), (0.2, Call.FRESH)])
def test_errors_that_are_alike_exclude_no_gain_of_a_row_or_two(share, call):
    world = daily(a_world(MOVED, PRODUCTION))
    world.executor = type(world.executor)(counting_errors)
    policy = Policy(metric="squared_error", margin=Margin(share, relative=False))
    replicates = the_replicates(a_runner(world, a_plan(policy=policy)))

    found = confirm([(GOOD, 0.1)], production=PRODUCTION, policy=policy, replicates=replicates)

    assert found.call is call
    rows = replicates.partition.confirm.size
    assert found.more_rows is None if call is Call.FRESH else found.more_rows > rows


def test_a_finalist_that_is_excluded_is_not_trained_any_more():
    work = replace(MOVED, truth=lambda config: 0.5 if config == WORSE else 0.0)

    found, world = settle(work, WORSE, GOOD)

    loser, rival = found.finalists
    assert loser.excluded
    assert len(loser.looks) < len(rival.looks)
    assert trained(world).count(WORSE["rate"]) < trained(world).count(GOOD["rate"])


def test_evidence_that_suffices_early_ends_it_early():
    _, sure = settle(replace(MOVED, noise=0.02), BETTER)
    _, unsure = settle(replace(MOVED, truth=bowl()), GOOD)

    assert len(sure.executor.jobs) == 2 * 2 * PASSES[0]
    assert len(unsure.executor.jobs) > len(sure.executor.jobs)


def test_what_noise_drowns_stays_undecided_and_says_what_it_would_take():
    found, _ = settle(replace(MOVED, noise=3.0), BETTER)

    assert found.call is Call.UNDECIDED
    assert found.more_replicates or found.more_rows > 200


def test_the_promise_of_the_search_is_kept_beside_what_came_of_it():
    found, _ = settle(MOVED, BETTER)

    assert found.finalists[0].search_gain == 0.2


def test_a_relative_margin_is_a_share_of_the_loss_on_the_confirming_rows():
    found, _ = settle(MOVED, BETTER)

    assert found.margin == pytest.approx(0.01 * found.production_loss)
    assert found.production_loss == pytest.approx(1.1, abs=0.2)


def test_an_absolute_margin_is_what_it_says():
    absolute = a_plan(policy=Policy(metric="squared_error", margin=Margin(0.03, relative=False)))

    assert settle(MOVED, BETTER, plan=absolute)[0].margin == 0.03


def test_a_share_of_no_loss_at_all_is_refused_as_a_margin():
    def perfect(job):
        result = MOVED(job)
        return replace(result, loss=0.0, losses=np.zeros_like(result.losses))

    world = a_world(MOVED, PRODUCTION)
    world.executor = type(world.executor)(perfect)
    replicates = the_replicates(a_runner(world))

    with pytest.raises(DeclarationError, match=r"^policy\.margin  1% of production's loss .* is 0,"):
        confirm([(BETTER, 0.1)], production=PRODUCTION, policy=a_plan().policy, replicates=replicates)


# ---------------------------------------------------------------- failures


def test_a_finalist_that_fails_to_train_drops_out():
    found, _ = settle(failing_for(BETTER), BETTER, GOOD)

    assert [finalist.config for finalist in found.finalists] == [GOOD]
    assert found.call is Call.STALE


def test_a_finalist_that_fails_at_a_later_look_drops_out_with_all_its_looks():
    late = failing_for(BETTER, where=lambda fold: fold.index == PASSES[0])
    noisy = replace(late, noise=0.25)

    found, world = settle(noisy, BETTER, GOOD)

    assert BETTER["rate"] in trained(world)
    assert [finalist.config for finalist in found.finalists] == [GOOD]


def test_when_every_finalist_fails_there_is_nothing_to_say():
    with pytest.raises(TrainerError, match=r"every challenger fails to train .*; the first failure: "):
        settle(failing_for(BETTER, GOOD), BETTER, GOOD)


def test_production_that_fails_throughout_ends_it():
    with pytest.raises(TrainerError, match="production itself fails to train on the rows set aside"):
        settle(failing_for(PRODUCTION), BETTER)


def test_a_replicate_in_which_production_failed_counts_for_nobody():
    once = failing_for(PRODUCTION, where=lambda fold: fold == Fold(Part.CONFIRM, 0, 0))

    found, _ = settle(once, BETTER)

    assert found.call is Call.STALE
    looks = found.finalists[0].looks
    assert [look.replicates for look in looks] == [2 * passes - 1 for passes in PASSES[: len(looks)]]


# ---------------------------------------------------------------- rows in time order


def test_rows_that_resemble_their_neighbours_for_too_long_decide_nothing():
    slow = np.cumsum(np.random.default_rng(3).standard_normal(400))

    def trending(job):
        result = MOVED(job)
        if job.trial.proposal.config == PRODUCTION:
            return result
        return replace(result, losses=result.losses + slow[-result.losses.size :])

    plan = a_plan(data=DataSpec(source="memory", target="y", time="day"))
    world = daily(a_world(MOVED, PRODUCTION))
    world.executor = type(world.executor)(trending)
    replicates = the_replicates(a_runner(world, plan))

    found = confirm([(BETTER, 0.1)], production=PRODUCTION, policy=plan.policy, replicates=replicates)

    assert found.call is Call.UNDECIDED
    assert "neighbouring rows are so alike" in found.reason
    assert "confirming rows would do" in found.reason


def test_rows_in_time_order_that_are_independent_are_clustered_in_blocks_and_decide():
    plan = a_plan(data=DataSpec(source="memory", target="y", time="day"))

    found, world = settle(MOVED, BETTER, plan=plan)

    assert found.call is Call.STALE
    assert {job.trial.proposal.fold.part for job in world.executor.jobs} == {Part.CONFIRM}
