"""From shares of a gain to a finding per setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import Attribution, Call, Effect, Estimate, Finalist, Margin
from auditor.core.verdict import Blame, idle, judge_settings, margin_in_words
from auditor.core.wording import Ruler
from tests.examples import a_confirmation

MARGIN = 0.01
LARGE = Estimate(0.05, 0.04, 0.06)
SMALL = Estimate(0.002, -0.001, 0.005)
UNSURE = Estimate(0.02, -0.01, 0.05)
HARMFUL = Estimate(-0.02, -0.03, -0.012)

PRODUCTION = {"a": 1, "b": 1, "c": 1, "kernel": "linear"}
CHALLENGER = {"a": 2, "b": 2, "c": 2, "kernel": "rbf", "gamma": 0.1}
RULER = Ruler(production_loss=1.0, unit="log-loss", confidence=0.95)

ESTIMATES = st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(
    lambda ends: Estimate(sorted(ends)[1], sorted(ends)[0], sorted(ends)[2])
)


def blame(*, moved=(), kept=1.0, bundles=None, groups=(), either_of=(), **effects):
    shared = Attribution(
        method="shapley",
        effects=tuple(Effect(name=name, effect=effect) for name, effect in effects.items()),
        groups=groups,
        either_of=either_of,
    )
    return Blame(attribution=shared, moved=moved, kept=kept, bundles=bundles or {})


def judge(names, given_blame, *, call=Call.STALE, edges=None, margin=MARGIN):
    winner = Finalist(config=CHALLENGER, search_gain=0.1, looks=(), excluded=False)
    loser = Finalist(config={**PRODUCTION, "a": 99}, search_gain=0.0, looks=(), excluded=True)
    found = judge_settings(
        names,
        production=PRODUCTION,
        confirmation=a_confirmation(LARGE, call=call, margin=margin, finalists=(loser, winner), winner=1),
        blame=given_blame,
        edges=edges or {},
        ruler=RULER,
    )
    return {each.name: each for each in found}


@pytest.mark.parametrize(
    ("effect", "call", "words"),
    [
        (LARGE, Call.STALE, "carries 5.0 % (95 % interval 4.0 % to 6.0 %)"),
        (SMALL, Call.FRESH, "its share, 0.20 % (95 % interval −0.10 % to 0.50 %), is below"),
        (HARMFUL, Call.FRESH, "its share, −2.0 % (95 % interval −3.0 % to −1.2 %), is below"),
        (
            UNSURE,
            Call.UNDECIDED,
            "its share, 2.0 % (95 % interval −1.0 % to 5.0 %), cannot be told",
        ),
    ],
)
def test_a_setting_is_called_by_its_own_share_of_the_gain(effect, call, words):
    endings = {Call.STALE: "", Call.FRESH: " the margin", Call.UNDECIDED: " from less than the margin"}

    found = judge(["a", "b"], blame(moved=("b",), a=effect, b=LARGE))

    assert (found["a"].call, found["a"].sentence) == (call, words + endings[call])
    assert found["a"].effect == effect


def test_a_share_that_is_sure_but_not_worth_the_margin_is_no_fault_of_the_setting():
    found = judge(["a", "b"], blame(moved=("b",), a=Estimate(0.009, 0.001, 0.017), b=LARGE))

    assert found["a"].call is Call.UNDECIDED


@pytest.mark.parametrize(
    ("effect", "call"),
    [(Estimate(0.004, 0.001, 0.007), Call.STALE), (SMALL, Call.UNDECIDED), (HARMFUL, Call.UNDECIDED)],
)
def test_a_setting_that_is_to_be_changed_is_never_called_fresh(effect, call):
    found = judge(["a", "b"], blame(moved=("a", "b"), a=effect, b=LARGE))["a"]

    assert (found.call, found.recommended) == (call, 2)
    assert "is below the margin; without it the change keeps less of the gain" in found.sentence


def test_what_nothing_speaks_for_is_idle_unless_it_counts_with_others():
    shared = blame(a=SMALL, b=LARGE, c=HARMFUL, groups=(("c", "b"),)).attribution

    assert idle(shared, margin=MARGIN) == {"a"}


def test_a_setting_that_the_challenger_left_alone_is_fresh():
    found = judge(["a", "c"], blame(moved=("a",), a=LARGE))

    assert (found["c"].call, found["c"].sentence) == (
        Call.FRESH,
        "the confirmed change keeps it; no other value of it was confirmed by itself",
    )
    assert found["c"].recommended == PRODUCTION["c"]


def test_only_the_smallest_change_is_recommended_from_the_winning_challenger():
    found = judge(["a", "b"], blame(moved=("a",), kept=0.95, a=LARGE, b=SMALL))

    assert (found["a"].recommended, found["b"].recommended) == (2, 1)


def test_settings_that_are_worth_it_only_together_are_stale_together():
    found = judge(["a", "b", "c"], blame(moved=("a", "b"), groups=(("a", "b"),), a=UNSURE, b=UNSURE, c=SMALL))

    assert [found[name].call for name in "abc"] == [Call.STALE, Call.STALE, Call.FRESH]
    assert found["a"].sentence == "worth changing only together with b"
    assert found["b"].sentence == "worth changing only together with a"


def test_of_settings_that_would_each_do_one_is_recommended_and_both_are_stale():
    found = judge(["a", "b"], blame(moved=("b",), either_of=(("a", "b"),), a=UNSURE, b=UNSURE))

    assert {each.call for each in found.values()} == {Call.STALE}
    assert found["a"].sentence == "either this or b recovers the gain"
    assert (found["a"].recommended, found["b"].recommended) == (1, 2)


def test_a_gain_whose_owner_stays_unknown_is_put_down_to_the_smallest_change_as_a_whole():
    found = judge(["a", "b", "c"], blame(moved=("a", "b"), a=UNSURE, b=UNSURE, c=UNSURE))

    assert [found[name].call for name in "abc"] == [Call.STALE, Call.STALE, Call.UNDECIDED]
    assert found["a"].sentence == (
        "part of the smallest change that keeps the gain; its own share cannot be told apart"
    )


def test_a_gain_that_could_not_be_shared_out_does_not_deny_that_settings_change():
    found = judge(["a", "b"], blame(moved=("a", "b")))

    assert {each.call for each in found.values()} == {Call.STALE}
    assert found["a"].sentence == "part of the confirmed change; its own share could not be measured"


def test_a_setting_that_exists_only_because_of_another_goes_with_it():
    found = judge(["kernel", "gamma"], blame(moved=("kernel",), bundles={"kernel": ("gamma",)}, kernel=LARGE))

    assert {each.call for each in found.values()} == {Call.STALE}
    assert (found["gamma"].production, found["gamma"].recommended) == (None, 0.1)
    assert found["gamma"].sentence == "exists only because of kernel, and goes with it"


@pytest.mark.parametrize("call", [Call.FRESH, Call.UNDECIDED])
def test_without_a_stale_verdict_every_setting_shares_it_and_keeps_its_value(call):
    found = judge(["a", "kernel"], None, call=call)

    assert {each.call for each in found.values()} == {call}
    assert all(each.recommended == each.production for each in found.values())


def test_fresh_settings_are_said_to_hold_at_their_values():
    found = judge(["kernel"], None, call=Call.FRESH)["kernel"]

    assert found.sentence == "holds at linear: no change within the search's reach is worth the margin"


def test_edges_are_passed_on():
    assert judge(["a"], None, call=Call.FRESH, edges={"a": "high"})["a"].at_edge == "high"
    assert judge(["a"], blame(moved=("a",), a=LARGE), edges={"a": "low"})["a"].at_edge == "low"


@given(effect=ESTIMATES, margin=st.floats(1e-6, 1), wider=st.floats(1, 100))
def test_a_wider_margin_never_makes_a_setting_staler(effect, margin, wider):
    order = [Call.FRESH, Call.UNDECIDED, Call.STALE]
    sharing = blame(moved=("b",), a=effect, b=Estimate(1e6, 1e6, 1e6))

    before, after = (judge(["a"], sharing, margin=size)["a"].call for size in (margin, margin * wider))

    # A share that is sure to be below the margin is called fresh even where it was not sure to be above 0.
    assert order.index(after) <= order.index(before)


def test_a_margin_is_said_as_it_was_declared():
    assert margin_in_words(Margin(0.07, relative=True), unit="log-loss") == "7 % of log-loss"
    assert margin_in_words(Margin(0.004, relative=False), unit="1 - AUC") == "0.004 in 1 - AUC"
