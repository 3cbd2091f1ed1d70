"""Whether losses fall all the way to an end of the box."""

import numpy as np
import pytest

from auditor.core.edges import falls_outwards


def ranks(losses):
    return np.argsort(np.argsort(losses)).astype(float)


def spread(draws, axes, seed=0):
    rng = np.random.default_rng(seed)
    return np.column_stack([(rng.permutation(draws) + rng.random(draws)) / draws for _ in range(axes)])


@pytest.mark.parametrize("high", [True, False])
def test_a_loss_that_falls_to_an_end_is_told_from_one_that_turns(high):
    places = spread(18, 2)
    along = places[:, 0] if high else 1.0 - places[:, 0]

    assert falls_outwards(places, ranks(-along), 0, high=high, tests=4)
    assert not falls_outwards(places, ranks(-along), 0, high=not high, tests=4)
    assert not falls_outwards(places, ranks(np.abs(along - 0.75)), 0, high=high, tests=4)


def test_what_other_settings_do_is_cleared_away():
    places = spread(24, 2, seed=5)
    losses = -places[:, 0] + 0.6 * (places[:, 1] - 0.5) ** 2

    assert falls_outwards(places, ranks(losses), 0, high=True, tests=4)


@pytest.mark.parametrize("draws", [0, 1, 4])
def test_few_draws_tell_nothing(draws):
    places = np.linspace(0.7, 1.0, draws).reshape(draws, 1)

    assert not falls_outwards(places, ranks(-places[:, 0]), 0, high=True, tests=2)


def test_draws_without_the_setting_are_left_out():
    places = spread(36, 1)
    places[::2] = np.nan

    assert falls_outwards(places, ranks(np.nan_to_num(-places[:, 0], nan=5.0)), 0, high=True, tests=1)


def test_draws_that_do_not_depend_on_the_setting_seldom_alarm():
    alarms = 0
    for seed in range(200):
        places = spread(18, 2, seed)
        losses = ranks(np.random.default_rng(seed).random(18))
        alarms += any(
            falls_outwards(places, losses, axis, high=high, tests=4)
            for axis in (0, 1)
            for high in (True, False)
        )

    assert alarms <= 8
