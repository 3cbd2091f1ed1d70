"""What the turns of a panda say of each setting."""

from dataclasses import replace

import pytest

from auditor.core.challenges import (
    FRESH_FOR,
    calls_of,
    challenges_of,
    lead_of,
    needed,
    sides_of,
)
from auditor.core.dimensions import Choice, Dimension
from auditor.core.records import Call, Kept, Move, Turn
from auditor.core.scales import Linear
from auditor.core.space import Space
from tests.fakes import NOON

PRODUCTION = {"rate": 0.5, "loss": "log"}
SPACE = Space({"rate": Dimension(0.0, 1.0, Linear()), "loss": Choice(("log", "hinge"))})
GAINS = (3.1, 2.2, 3.6, 2.8, 3.3, 2.9, 2.5)


def a_turn(number, value, tried, gain, *, kept, setting="rate", lead=0.0, config=None):
    chosen = tried if kept else value
    return Turn(
        number=number,
        audit_id=number,
        at=NOON,
        parent=number - 1,
        rows_fitted=500,
        rows_scored=500,
        move=Move.BACK if tried == PRODUCTION[setting] else Move.NUDGE,
        setting=setting,
        value=value,
        tried=tried,
        step=0.2,
        loss=100.0,
        tried_loss=100.0 - gain,
        production_loss=100.0 + lead,
        gain=gain,
        error=0.7,
        margin=1.0,
        kept=Kept.NUDGED if kept else Kept.UNCHANGED,
        config=config or {**PRODUCTION, setting: chosen},
        checkpoint="",
        production_checkpoint="",
        seconds=0.0,
    )


def a_challenge(gains=GAINS, *, lead=3.0):
    """A nudge that was kept, and turns that put it back."""
    begun = a_turn(1, 0.5, 0.7, 2.5, kept=True)
    return [
        begun,
        *(a_turn(n, 0.7, 0.5, -gain, kept=False, lead=lead) for n, gain in enumerate(gains, start=2)),
    ]


def calls(turns):
    return calls_of(turns, space=SPACE, production=PRODUCTION, names=SPACE.names, confidence=0.95)


def sides(turns, name="rate"):
    return sides_of(name, turns, space=SPACE, production=PRODUCTION, confidence=0.95)


def test_nothing_is_known_before_the_first_turn():
    assert calls([]) == {"rate": Call.UNDECIDED, "loss": Call.UNDECIDED}


def test_a_nudge_that_was_kept_and_holds_when_put_back_makes_a_setting_stale():
    assert calls(a_challenge()) == {"rate": Call.STALE, "loss": Call.UNDECIDED}


def test_the_turn_that_chose_a_nudge_is_no_evidence():
    won = a_challenge()
    dearer = [replace(won[0], gain=1000.0), *won[1:]]

    assert challenges_of(dearer, PRODUCTION, SPACE.names) == challenges_of(won, PRODUCTION, SPACE.names)
    assert calls(won[:2])["rate"] is Call.UNDECIDED


def test_a_gain_for_a_turn_that_is_none_in_the_long_run_is_not_stale():
    assert calls(a_challenge(lead=-1.0))["rate"] is Call.UNDECIDED


SMALL = [gain / 5 for gain in GAINS]
"""Certain gains below the margin."""


def test_a_certain_gain_below_the_margin_is_not_stale():
    small = a_challenge(SMALL, lead=0.6)

    assert challenges_of(small, PRODUCTION, SPACE.names)[0].is_won(0.95) is not None
    assert calls(small)["rate"] is not Call.STALE


def test_unless_it_alone_makes_the_live_model_lead_by_the_margin_in_the_long_run():
    alone = a_challenge(SMALL, lead=3.0)
    beside = [replace(turn, config={**turn.config, "loss": "hinge"}) for turn in alone]

    assert calls(alone)["rate"] is Call.STALE
    assert calls(beside)["rate"] is not Call.STALE, "the lead may be the other setting's"


def test_a_challenge_ends_when_the_setting_is_back():
    back = [*a_challenge(), a_turn(9, 0.7, 0.5, 4.0, kept=True)]

    (challenge,) = challenges_of(back, PRODUCTION, SPACE.names)

    assert challenge.ended == 9
    assert challenge.turns == tuple(range(2, 10))
    assert calls(back)["rate"] is not Call.STALE


def test_every_further_challenge_has_to_reach_more():
    again = [*a_challenge(), a_turn(9, 0.7, 0.5, 4.0, kept=True), a_turn(10, 0.5, 0.3, 1.0, kept=True)]

    first, second = challenges_of(again, PRODUCTION, SPACE.names)

    assert (first.place, second.place) == (1, 2)
    assert second.needed(0.95) > first.needed(0.95)


def test_all_levels_together_are_the_promised_one():
    assert sum(1.0 / needed(place, 0.95) for place in range(1, 200_000)) == pytest.approx(0.05, rel=2e-3)


def test_a_twin_that_failed_is_no_evidence():
    failed = [replace(turn, gain=None, error=None, tried_loss=None) for turn in a_challenge()[1:]]

    assert challenges_of([a_challenge()[0], *failed], PRODUCTION, SPACE.names)[0].contrasts == ()


def test_a_setting_is_fresh_when_no_direction_gains_the_margin():
    both = [a_turn(n, 0.5, 0.7 if n % 2 else 0.3, -1.0 - 0.1 * (n % 3), kept=False) for n in range(1, 17)]

    assert calls(both)["rate"] is Call.FRESH
    assert calls([turn for turn in both if turn.tried > 0.5])["rate"] is Call.UNDECIDED


def test_what_lies_near_production_says_nothing_of_fresh():
    near = [a_turn(n, 0.5, 0.55 if n % 2 else 0.45, -1.0 - 0.1 * (n % 3), kept=False) for n in range(1, 17)]

    assert [side.turns for side in sides(near)] == [0, 0]


def test_an_exclusion_does_not_hold_for_ever():
    both = [a_turn(n, 0.5, 0.7 if n % 2 else 0.3, -1.0 - 0.1 * (n % 3), kept=False) for n in range(1, 17)]
    later = [
        a_turn(n, "log", "hinge", 0.5 * (-1) ** n, kept=False, setting="loss")
        for n in range(17, 17 + FRESH_FOR)
    ]

    assert calls([*both, *later])["rate"] is Call.UNDECIDED


def test_a_choice_is_fresh_when_its_other_values_gain_less_than_the_margin():
    tried = [a_turn(n, "log", "hinge", -1.0 - 0.1 * (n % 3), kept=False, setting="loss") for n in range(1, 9)]

    (side,) = sides(tried, "loss")

    assert (side.towards, side.farthest) == ("hinge", "hinge")
    assert calls(tried)["loss"] is Call.FRESH


def test_an_end_of_the_range_is_no_direction():
    at_the_end = {"rate": 1.0, "loss": "log"}

    found = sides_of("rate", [], space=SPACE, production=at_the_end, confidence=0.95)

    assert [side.towards for side in found] == ["down"]


def test_the_lead_begins_when_the_live_model_parts_from_production():
    turns = [a_turn(1, 0.5, 0.7, -1.0, kept=False, lead=9.0), *a_challenge([2.0, 2.0], lead=3.0)]
    numbered = [replace(turn, number=n) for n, turn in enumerate(turns, start=1)]
    home = a_turn(5, 0.7, 0.5, 1.0, kept=True, lead=3.0)

    assert [each.value for each in lead_of(numbered, PRODUCTION, SPACE.names)] == [3.0, 3.0]
    assert lead_of([*numbered, home], PRODUCTION, SPACE.names) == ()
