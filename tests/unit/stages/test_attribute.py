"""Whose gain it is: by real re-runs between production and the challenger."""

from dataclasses import replace

import pytest

from auditor.core.records import Call, Estimate, Failure, FailureKind, Finalist, Look, Round
from auditor.stages.attribute import PASSES, attribute
from tests.examples import a_confirmation
from tests.planted import Planted, a_plan, a_runner, a_world, the_replicates

OLD = {"a": 0, "b": 0, "c": 0}
NEW = {"a": 1, "b": 1, "c": 1}
APART = (("a",), ("b",), ("c",))
GAIN = Estimate(0.1, 0.05, 0.15)


def settle(
    truth, *, production=OLD, challenger=NEW, units=APART, noise=0.05, margin=0.01, failing=lambda job: None
):
    """Attribute the gain of a challenger on a planted surface."""
    world = a_world(Planted(truth=truth, noise=noise, failing=failing), production)
    taken = Look(
        number=1,
        replicates=4,
        gain=GAIN,
        standard_error=0.01,
        degrees_of_freedom=3.0,
        z_stale=5.0,
        z_fresh=-5.0,
        boundary_stale=2.0,
        boundary_fresh=2.0,
    )
    winner = Finalist(config=challenger, search_gain=0.1, looks=(taken,), excluded=False)
    confirmation = a_confirmation(GAIN, call=Call.STALE, finalists=(winner,), winner=0, margin=margin)
    runner = a_runner(world)
    blame = attribute(
        confirmation,
        production=production,
        units=units,
        policy=a_plan().policy,
        replicates=the_replicates(runner),
    )
    return blame, world


def gains(**gain):
    """A surface on which each changed setting lowers the loss by so much, whatever the others do."""
    return lambda config: -sum(size for name, size in gain.items() if config.get(name) == NEW[name])


def effects(blame):
    return {effect.name: effect.effect for effect in blame.attribution.effects}


def test_a_single_changed_setting_owns_the_gain_without_another_training():
    blame, world = settle(gains(a=0.1), challenger={**OLD, "a": 1})

    assert world.executor.jobs == ()
    assert (blame.moved, blame.kept) == (("a",), 1.0)
    assert effects(blame) == {"a": GAIN}
    assert blame.attribution.method == "single"


def test_shares_are_those_that_were_planted_largest_first():
    blame, _ = settle(gains(a=0.02, b=0.1))

    assert list(effects(blame)) == ["b", "a", "c"]
    for name, planted in {"a": 0.02, "b": 0.1, "c": 0.0}.items():
        assert effects(blame)[name].low <= planted <= effects(blame)[name].high


def test_every_mixture_is_trained_in_four_replicates_on_confirming_rows():
    _, world = settle(gains(a=0.1), challenger={**NEW, "c": 0})

    assert len(world.executor.jobs) == 4 * 2 * len(PASSES)
    assert {job.trial.proposal.round for job in world.executor.jobs} == {Round.ATTRIBUTE}


@pytest.mark.parametrize(
    ("planted", "moved"),
    [
        ({"a": 0.1}, ("a",)),
        ({"a": 0.1, "b": 0.005}, ("a",)),
        ({"a": 0.1, "b": 0.04}, ("a", "b")),
        ({"a": 0.1, "b": 0.09, "c": 0.08}, ("a", "b", "c")),
    ],
)
def test_the_smallest_change_keeps_at_least_nine_tenths(planted, moved):
    blame, _ = settle(gains(**planted))

    assert blame.moved == moved
    assert 0.9 <= blame.kept <= 1.0


def test_nine_tenths_are_kept_though_no_part_of_the_rest_is_worth_the_margin():
    blame, _ = settle(gains(a=0.1, b=0.02, c=0.02), margin=0.05, noise=0.01)

    assert len(blame.moved) == 3
    assert blame.kept == 1.0


def test_of_changes_of_one_size_the_better_one_is_taken():
    def truth(config):
        return -0.1 - 0.005 * config["b"] if config["a"] or config["b"] else 0.0

    blame, _ = settle(truth, noise=0.001)

    assert blame.moved == ("b",)


def test_settings_that_only_help_together_are_named_as_a_group():
    blame, _ = settle(lambda config: -0.1 * (config["a"] and config["b"]), noise=0.02)

    assert blame.attribution.groups == (("a", "b"),)
    assert blame.moved == ("a", "b")
    assert blame.attribution.either_of == ()


def test_settings_that_help_in_each_other_s_place_are_named_as_either_of():
    blame, _ = settle(lambda config: -0.1 * (config["a"] or config["b"]), noise=0.02)

    assert blame.attribution.either_of == (("a", "b"),)
    assert len(blame.moved) == 1
    assert blame.attribution.groups == ()


def test_a_group_is_never_left_out_of_the_smallest_change_however_much_the_others_gain():
    blame, _ = settle(
        lambda config: -0.5 * config["a"] - 0.03 * (config["b"] and config["c"]), noise=0.005, margin=0.02
    )

    assert blame.attribution.groups == (("b", "c"),)
    assert blame.moved == ("a", "b", "c")


def test_of_settings_of_which_any_one_would_do_the_smallest_change_holds_one():
    blame, _ = settle(
        lambda config: -0.5 * config["a"] - 0.03 * (config["b"] or config["c"]), noise=0.005, margin=0.02
    )

    assert blame.attribution.either_of == (("b", "c"),)
    assert len(blame.moved) == 2
    assert "a" in blame.moved


def test_a_setting_that_exists_only_because_of_another_moves_with_it():
    production = {"kernel": "linear", "b": 0}
    challenger = {"kernel": "rbf", "gamma": 0.1, "b": 1}

    blame, world = settle(
        lambda config: -0.1 * (config.get("gamma") == 0.1),
        production=production,
        challenger=challenger,
        units=(("kernel", "gamma"), ("b",)),
    )

    trained = [dict(job.trial.proposal.config) for job in world.executor.jobs]
    assert all(("gamma" in config) == (config["kernel"] == "rbf") for config in trained)
    assert blame.bundles == {"kernel": ("gamma",)}
    assert blame.moved == ("kernel",)
    assert blame.recommended == {"kernel", "gamma"}


def test_a_setting_that_the_challenger_lost_goes_with_the_one_it_depended_on():
    blame, world = settle(
        lambda config: -0.1 * (config["kernel"] == "linear"),
        production={"kernel": "rbf", "gamma": 0.1, "b": 0},
        challenger={"kernel": "linear", "b": 1},
        units=(("kernel", "gamma"), ("b",)),
    )

    trained = [dict(job.trial.proposal.config) for job in world.executor.jobs]
    assert all(("gamma" in config) == (config["kernel"] == "rbf") for config in trained)
    assert blame.moved == ("kernel",)


def test_with_five_changed_settings_each_is_moved_alone_and_left_out_alone():
    names = "abcde"
    old, new = dict.fromkeys(names, 0), dict.fromkeys(names, 1)

    blame, world = settle(
        lambda config: -0.1 * config["d"],
        production=old,
        challenger=new,
        units=tuple((name,) for name in names),
    )

    assert len(world.executor.jobs) == 12 * 4
    assert blame.attribution.method == "one-at-a-time"
    assert blame.moved == ("d",)


def test_mixtures_that_do_not_train_leave_the_owner_unknown():
    def failing(job):
        mixed = job.trial.proposal.config not in (OLD, NEW)
        return Failure(FailureKind.REJECTED, "a and b must agree") if mixed else None

    blame, _ = settle(gains(a=0.1), failing=failing)

    assert blame.attribution.method == "none"
    assert (blame.moved, blame.kept) == (("a", "b", "c"), 1.0)


def test_a_replicate_in_which_one_mixture_failed_counts_for_none():
    def failing(job):
        proposal = job.trial.proposal
        lost = proposal.fold.index == 0 and proposal.config == {**OLD, "a": 1}
        return Failure(FailureKind.CRASH, "gone") if lost else None

    blame, _ = settle(gains(a=0.1), failing=failing)

    assert blame.moved == ("a",)
    assert effects(blame)["a"].low <= 0.1 <= effects(blame)["a"].high


def test_attributing_again_trains_nothing_again():
    world = a_world(Planted(truth=gains(a=0.1), noise=0.05), OLD)
    replicates = the_replicates(a_runner(world))
    winner = Finalist(config=NEW, search_gain=0.1, looks=(), excluded=False)
    confirmation = a_confirmation(GAIN, finalists=(winner,), winner=0)
    ask = {"production": OLD, "units": APART, "policy": a_plan().policy, "replicates": replicates}

    first = attribute(confirmation, **ask)
    before = len(world.executor.jobs)

    assert attribute(replace(confirmation), **ask) == first
    assert len(world.executor.jobs) == before
