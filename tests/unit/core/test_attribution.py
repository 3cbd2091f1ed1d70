"""Sharing a gain out: the right settings are named, and the innocent are not."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.core.attribution import coalitions, shapley_weights, share_out
from auditor.core.variance import Replicate

FOUR, SIX = ("depth", "rate", "rounds", "shrink"), tuple("uvwxyz")
SEEDS = st.integers(0, 2**32 - 1)


def runs(surface, changed, *, seed=0, noise=0.3, replicates=4, rows=200):
    """Losses of every coalition: a baseline less the surface's gain, rows and trainings crossed."""
    rng = np.random.default_rng(seed)
    shared = 5.0 + rng.standard_normal(rows) + 0.5 * rng.standard_normal((replicates, 1))
    wanted = coalitions(changed)
    own = noise * rng.standard_normal((len(wanted), replicates, 1))
    rest = noise * rng.standard_normal((len(wanted), replicates, rows))
    return {
        names: [
            Replicate(np.arange(rows), shared[r] - surface(names) + own[place, r] + rest[place, r])
            for r in range(replicates)
        ]
        for place, names in enumerate(wanted)
    }


def share(surface, changed, *, margin=1.0, **kwargs):
    values = runs(surface, changed, **kwargs)
    return share_out(values, changed=changed, confidence=0.95, margin=margin)


def mean_loss(replicates):
    return np.mean([replicate.values for replicate in replicates])


def additive(**gains):
    return lambda names: sum(gain for name, gain in gains.items() if name in names)


def both(*pair, gain=4.0):
    return lambda names: gain if set(pair) <= names else 0.0


def any_of(*names_that_do, gain=4.0):
    return lambda names: gain if names & set(names_that_do) else 0.0


def effects_of(attribution):
    return {effect.name: effect.effect for effect in attribution.effects}


# ---------------------------------------------------------------- what is run


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_few_settings_are_run_in_all_combinations(count):
    assert len(set(coalitions(FOUR[:count]))) == 2**count


def test_many_settings_are_run_alone_and_left_out():
    wanted = coalitions(SIX)
    assert len(wanted) == len(set(wanted)) == 2 + 2 * 6
    assert {len(names) for names in wanted} == {0, 1, 5, 6}


@pytest.mark.parametrize("changed", [FOUR, SIX])
def test_production_is_run_first_and_the_challenger_last(changed):
    wanted = coalitions(changed)
    assert (wanted[0], wanted[-1]) == (frozenset(), frozenset(changed))


def test_a_coalition_that_was_not_run_is_refused():
    values = runs(additive(depth=1.0), FOUR)
    del values[frozenset({"rate"})]
    with pytest.raises(ValueError, match=r"\[\['rate'\]\] were not run"):
        share_out(values, changed=FOUR, confidence=0.95, margin=1.0)


# ---------------------------------------------------------------- laws of Shapley's value


@settings(max_examples=10)
@given(seed=SEEDS, count=st.integers(1, 4))
def test_the_effects_sum_to_the_whole_gain(seed, count):
    changed = FOUR[:count]
    values = runs(lambda names: 0.0, changed, seed=seed)
    gain = mean_loss(values[frozenset()]) - mean_loss(values[frozenset(changed)])
    shared = share_out(values, changed=changed, confidence=0.95, margin=1.0)
    assert sum(effect.effect.estimate for effect in shared.effects) == pytest.approx(gain, abs=1e-9)


@pytest.mark.parametrize("surface", [both("depth", "rate"), any_of("depth", "rate")])
def test_settings_that_do_the_same_have_the_same_effect(surface):
    effects = effects_of(share(surface, FOUR, noise=0.0))
    assert effects["depth"].estimate == pytest.approx(effects["rate"].estimate)
    assert effects["depth"].estimate == pytest.approx(2.0)


@pytest.mark.parametrize("surface", [both("depth", "rate"), additive(depth=1.0, rate=2.0)])
def test_a_setting_that_does_nothing_has_no_effect(surface):
    effects = effects_of(share(surface, FOUR, noise=0.0))
    assert effects["shrink"].estimate == pytest.approx(0.0, abs=1e-12)


def test_weights_of_a_setting_sum_to_nothing_and_reach_one_step_in_all():
    weights = shapley_weights("rate", FOUR)
    assert sum(weights.values()) == pytest.approx(0.0)
    assert sum(weight for names, weight in weights.items() if "rate" not in names) == pytest.approx(1.0)


# ---------------------------------------------------------------- who is named


@pytest.mark.parametrize(("changed", "culprit"), [(FOUR, "rate"), (SIX, "w")])
def test_the_one_setting_that_matters_comes_first_with_its_gain_in_its_interval(changed, culprit):
    shared = share(additive(**{culprit: 3.0}), changed)
    first = shared.effects[0]
    assert first.name == culprit
    assert 0.0 < first.effect.low <= 3.0 <= first.effect.high
    assert (shared.groups, shared.either_of) == ((), ())


@pytest.mark.parametrize("changed", [FOUR, SIX])
def test_a_change_that_hurts_has_an_effect_below_0(changed):
    shared = share(additive(**{changed[0]: 4.0, changed[1]: -2.0}), changed)
    assert shared.effects[-1].name == changed[1]
    assert shared.effects[-1].effect.high < 0.0


@pytest.mark.parametrize(("changed", "pair"), [(FOUR, ("depth", "rounds")), (SIX, ("v", "y"))])
def test_settings_that_work_only_together_are_named_as_a_group(changed, pair):
    shared = share(both(*pair), changed)
    assert shared.groups == (pair,)
    assert shared.either_of == ()
    assert {effect.name for effect in shared.effects[:2]} == set(pair)


def test_three_settings_that_work_only_together_are_one_group():
    assert share(both("depth", "rate", "shrink"), FOUR, noise=0.1).groups == (("depth", "rate", "shrink"),)


def test_small_gains_that_are_worth_the_margin_only_in_sum_are_a_group():
    shared = share(additive(depth=0.7, rate=0.7), FOUR, noise=0.03)
    assert shared.groups == (("depth", "rate"),)


@pytest.mark.parametrize(("changed", "pair"), [(FOUR, ("rate", "rounds")), (SIX, ("u", "z"))])
def test_settings_any_one_of_which_would_do_are_named_as_alternatives(changed, pair):
    shared = share(any_of(*pair), changed)
    assert shared.either_of == (pair,)
    assert shared.groups == ()


def test_three_alternatives_are_named_once_and_not_in_pairs():
    assert share(any_of("depth", "rate", "shrink"), FOUR, noise=0.1).either_of == (
        ("depth", "rate", "shrink"),
    )


def test_two_settings_with_gains_of_their_own_are_neither_a_group_nor_alternatives():
    for changed in (FOUR, SIX):
        shared = share(additive(**{changed[0]: 3.0, changed[1]: 2.5}), changed)
        assert [effect.name for effect in shared.effects[:2]] == list(changed[:2])
        assert (shared.groups, shared.either_of) == ((), ())


@pytest.mark.parametrize(("method", "changed"), [("shapley", FOUR), ("one-at-a-time", SIX)])
def test_the_method_follows_from_the_number_of_settings(method, changed):
    assert share(additive(), changed).method == method


def test_noise_convicts_no_one_more_often_than_promised():
    convicted = [
        any(effect.effect.low > 0.0 for effect in shared.effects) or shared.groups or shared.either_of
        for shared in (share(additive(), FOUR[:3], seed=seed, noise=2.0, rows=30) for seed in range(60))
    ]
    assert np.mean(list(map(bool, convicted))) <= 0.10  # nominal 2.5 %; 60 draws


def test_the_names_keep_the_order_of_the_challenger():
    for pair in itertools.permutations(("depth", "shrink")):
        shared = share(both("depth", "shrink"), pair)
        assert shared.groups == (pair,)


def test_nothing_changed_leaves_nothing_to_share_out():
    shared = share(additive(), ())
    assert (shared.effects, shared.groups, shared.either_of) == ((), (), ())
