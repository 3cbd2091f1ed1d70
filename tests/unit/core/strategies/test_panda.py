"""Babysitting one model: what is nudged, kept and dropped follows from the turns so far."""

from dataclasses import replace

import numpy as np
import pytest

from auditor.core.dimensions import Choice, Dimension
from auditor.core.records import Kept, Move
from auditor.core.scales import Linear, Log
from auditor.core.space import Space
from auditor.core.strategies.panda import (
    FIRST_STEP,
    LONGEST_STEP,
    SHORTEST_STEP,
    Nudge,
    Panda,
    has_become_worse,
    setback_of,
)
from tests.unit.core.test_challenges import a_challenge, a_turn

PRODUCTION = {"rate": 0.5, "loss": "log"}
SPACE = Space({"rate": Dimension(0.0, 1.0, Linear()), "loss": Choice(("log", "hinge"))})
PANDA = Panda(space=SPACE, production=PRODUCTION, names=SPACE.names)


def rng():
    return np.random.default_rng(3)


def test_the_same_turns_and_the_same_chance_give_the_same_nudge():
    turns = a_challenge()

    assert PANDA.next_nudge(turns, turns[-1].config, rng()) == PANDA.next_nudge(
        turns, turns[-1].config, rng()
    )


def test_every_setting_has_its_turn():
    first = PANDA.next_nudge([], PRODUCTION, rng())
    turn = a_turn(1, 0.5, first.tried, -1.0, kept=False)

    second = PANDA.next_nudge([turn], PRODUCTION, rng())

    assert (first.setting, second.setting) == ("rate", "loss")
    assert second == Nudge(Move.NUDGE, "loss", "log", "hinge", 0.0)


def test_a_nudge_walks_the_settings_own_scale():
    panda = Panda(
        space=Space({"rate": Dimension(0.01, 1.0, Log())}), production={"rate": 0.1}, names=("rate",)
    )

    nudge = panda.next_nudge([], {"rate": 0.1}, rng())

    assert nudge.tried == pytest.approx(0.1 * 100 ** (nudge.step), rel=0.01)
    assert abs(nudge.step) == FIRST_STEP


def test_a_nudge_that_was_kept_goes_on_and_one_that_was_not_turns_round():
    panda = replace(PANDA, names=("rate",))
    lost = a_turn(1, 0.5, 0.7, -1.0, kept=False)

    assert panda.next_nudge([lost], PRODUCTION, rng()).step == -FIRST_STEP

    won = [*a_challenge([3.0, 3.0]), a_turn(4, 0.7, 0.5, -3.0, kept=False)]
    settled = [turn for turn in won if turn.move is Move.NUDGE]
    assert panda.step("rate", settled) > FIRST_STEP


MANY = Space({name: Dimension(0.0, 1.0, Linear()) for name in ("a", "b", "c")})
AT_HOME = dict.fromkeys(MANY.names, 0.5)
OF_MANY = Panda(space=MANY, production=AT_HOME, names=MANY.names)


def a_failure(number, setting, gain, *, tried=0.7, value=0.5):
    lost = a_turn(number, value, tried, gain, kept=False)
    return replace(lost, setting=setting, config={**AT_HOME, setting: value}, error=0.5)


def test_a_setting_whose_nudge_was_much_worse_is_turned_round_at_once():
    much, little = a_failure(1, "a", -4.0), a_failure(1, "a", -1.0)

    nudge = OF_MANY.next_nudge([much], AT_HOME, rng())

    assert (nudge.setting, nudge.tried) == ("a", pytest.approx(0.3))
    assert OF_MANY.next_nudge([little], AT_HOME, rng()).setting == "b"


def test_of_both_directions_only_the_second_comes_early():
    both = [a_failure(1, "a", -4.0), a_failure(2, "a", -4.0, tried=0.3)]

    assert OF_MANY.next_nudge(both, AT_HOME, rng()).setting == "b"


def test_when_all_were_nudged_the_one_that_was_worst_comes_first():
    turns = [a_failure(1, "a", -0.1), a_failure(2, "b", -1.5), a_failure(3, "c", 0.1)]

    assert OF_MANY.next_nudge(turns, AT_HOME, rng()).setting == "b"


def test_what_cannot_be_turned_round_waits_for_its_turn():
    edge = {**AT_HOME, "a": 1.0}
    panda = replace(OF_MANY, production=edge)
    turn = replace(a_failure(1, "a", -4.0, tried=0.8, value=1.0), config=edge, step=-0.2)

    assert panda.next_nudge([turn], edge, rng()).setting == "b"


def test_a_nudge_that_was_worse_without_any_error_or_margin_is_turned_round():
    turn = replace(a_failure(1, "a", -0.1), error=0.0, margin=0.0)

    assert OF_MANY.next_nudge([turn], AT_HOME, rng()).setting == "a"


def test_steps_grow_and_shrink_within_bounds():
    lost = [a_turn(n, 0.5, 0.7, -1.0, kept=False) for n in range(1, 30)]
    won = [a_turn(n, 0.5, 0.7, 1.0, kept=True) for n in range(1, 30)]

    assert PANDA.step("rate", lost[:1]) == FIRST_STEP  # the other direction gets the same step
    assert PANDA.step("rate", lost) == SHORTEST_STEP
    assert PANDA.step("rate", won) == LONGEST_STEP


def test_an_open_challenge_is_put_back_in_four_turns_of_five():
    turns = a_challenge([])
    kinds = []
    for number in range(2, 8):
        nudge = PANDA.next_nudge(turns, turns[-1].config, rng())
        kinds.append(nudge.move)
        turns.append(
            a_turn(
                number,
                nudge.value,
                nudge.tried,
                -0.3 + 0.2 * (number % 2),
                kept=False,
                setting=nudge.setting,
                config=turns[-1].config,
            )
        )

    assert kinds == [*[Move.BACK] * 4, Move.NUDGE, Move.BACK]


def test_a_nudge_is_kept_when_it_is_better_beyond_its_error():
    nudge = Nudge(Move.NUDGE, "rate", 0.5, 0.7, 0.2)

    assert PANDA.keeps(nudge, [], 1.1, 1.0, 500, margin=1.0) is Kept.NUDGED
    assert PANDA.keeps(nudge, [], 0.9, 1.0, 500, margin=1.0) is Kept.UNCHANGED


def test_a_nudge_that_gains_next_to_nothing_is_not_kept_however_small_its_error():
    nudge = Nudge(Move.NUDGE, "rate", 0.5, 0.7, 0.2)

    assert PANDA.keeps(nudge, [], 0.24, 0.001, 500, margin=1.0) is Kept.UNCHANGED
    assert PANDA.keeps(nudge, [], 0.26, 0.001, 500, margin=1.0) is Kept.NUDGED


def test_a_setting_goes_back_when_over_its_turns_it_was_not_better():
    back = Nudge(Move.BACK, "rate", 0.7, 0.5, -0.2)

    assert PANDA.keeps(back, a_challenge([3.0, 3.0]), 1.0, 1.0, 500, margin=1.0) is Kept.UNCHANGED
    assert PANDA.keeps(back, a_challenge([3.0, 3.0]), 7.0, 1.0, 500, margin=1.0) is Kept.NUDGED
    assert PANDA.keeps(back, a_challenge([]), 0.1, 1.0, 500, margin=1.0) is Kept.NUDGED


def test_a_setting_whose_nudges_change_nothing_is_left_alone():
    same = [replace(a_turn(n, 0.5, 0.7, 0.0, kept=False), error=0.0) for n in (1, 2)]

    assert PANDA.inert(same) == ("rate",)
    assert PANDA.next_nudge(same, PRODUCTION, rng()).setting == "loss"
    assert replace(PANDA, names=("rate",)).next_nudge(same, PRODUCTION, rng()) is None


def test_at_the_end_of_its_range_a_setting_is_nudged_inwards():
    panda = replace(PANDA, production={"rate": 1.0, "loss": "log"}, names=("rate",))

    nudge = panda.next_nudge([], {"rate": 1.0, "loss": "log"}, rng())

    assert nudge.tried == pytest.approx(0.8)


def test_a_value_near_productions_is_productions():
    live = {"rate": 0.7, "loss": "log"}
    nearly = [*a_challenge([3.0] * 8), a_turn(10, 0.7, 0.9, -1.0, kept=False, config=live)]
    panda = replace(PANDA, names=("rate",))

    assert panda.next_nudge(nearly, live, rng()).tried == 0.5


@pytest.mark.parametrize(
    ("worse_by", "error", "dropped"),
    [(2.0, 0.5, True), (2.0, 0.7, False), (0.9, 0.1, False), (-5.0, 0.1, False)],
)
def test_a_model_is_dropped_when_it_is_worse_beyond_noise_and_by_the_margin(worse_by, error, dropped):
    assert has_become_worse(setback_of(worse_by, error), 1.0) is dropped
