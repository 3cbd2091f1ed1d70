"""Sentences, word for word."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import Call, Estimate, Finding, SmallestChange
from auditor.core.wording import Ruler, headline, listed, sentence, shown
from tests.examples import a_confirmation, a_snapshot

RULER = Ruler(production_loss=0.4, unit="log-loss", confidence=0.95)
GAIN = Estimate(0.0116, 0.0092, 0.014)
SNAPSHOT = replace(a_snapshot(), first=None, last=None)
AGAINST = "against production's values retrained on the same rows (1,000 rows)"

FINITE = st.floats(-1e6, 1e6)


def finding(name, *, call=Call.STALE, to=0.1, effect=GAIN):
    return Finding(name=name, production=1.0, recommended=to, call=call, sentence="", effect=effect)


def kept(name, *, call=Call.FRESH, effect=None):
    return finding(name, call=call, to=1.0, effect=effect)


def say(confirmation, *findings, ruler=RULER, margin="1 % of log-loss", snapshot=SNAPSHOT, share=1.0):
    return sentence(confirmation, findings, ruler=ruler, margin=margin, snapshot=snapshot, kept=share)


# ---------------------------------------------------------------- sentences


def test_stale_says_what_to_change_by_how_much_against_what_on_which_rows_and_by_which_margin():
    assert say(a_confirmation(GAIN), finding("rate"), kept("depth")) == (
        f"Changing rate from 1 to 0.1 lowers log-loss by 2.9 % (95 % interval 2.3 % to 3.5 %), {AGAINST}. "
        "The margin is 1 % of log-loss."
    )


def test_stale_with_several_settings_lists_them():
    said = say(a_confirmation(GAIN), finding("rate"), finding("depth"), finding("width"))

    assert said.startswith("Changing rate from 1 to 0.1, depth from 1 to 0.1 and width from 1 to 0.1 lowers")


def test_what_no_sentence_holds_is_left_to_the_change_below_it():
    many = say(a_confirmation(GAIN), *(finding(name) for name in ("rate", "depth", "width", "seed")))
    long = say(a_confirmation(GAIN), finding("layers", to="100-50-25-12-6-3-100-50"))

    assert many.startswith("Changing rate, depth, width and seed lowers log-loss by 2.9 %")
    assert long.startswith("Changing layers lowers log-loss by 2.9 %")


def test_a_smaller_change_is_told_apart_from_the_one_that_was_measured():
    said = say(a_confirmation(GAIN), finding("rate"), kept("depth", effect=GAIN), kept("width"), share=0.934)

    assert said == (
        "Changing rate and depth lowers log-loss by 2.9 % (95 % interval 2.3 % to 3.5 %), "
        f"{AGAINST}; changing only rate from 1 to 0.1 keeps about 93 % of that. "
        "The margin is 1 % of log-loss."
    )


def test_the_share_of_a_smaller_change_has_its_interval_unless_the_rows_bound_none():
    def keeping(*share):
        change = SmallestChange(settings=("rate",), kept=Estimate(*share), shown=False)
        found = [finding("rate"), kept("depth", effect=GAIN)]
        audit = a_confirmation(GAIN)
        said = sentence(audit, found, ruler=RULER, margin="1 %", snapshot=SNAPSHOT, kept=0.95, change=change)
        return said.partition(" keeps ")[2].partition(". ")[0]

    assert keeping(0.95, 0.85, 1.03) == "about 95 % (85 % to 103 %) of that"
    assert keeping(0.95, -1.05, 2.95) == (
        "about 95 % of that by estimate, but these rows do not bound how much"
    )


def test_a_smaller_change_that_loses_nothing_keeps_all():
    said = say(a_confirmation(GAIN), finding("rate"), kept("depth", effect=GAIN))

    assert "Changing rate and depth lowers" in said
    assert "; changing only rate from 1 to 0.1 keeps all of that." in said


def test_fresh_is_a_claim_about_this_search_and_this_margin():
    confirmation = a_confirmation(Estimate(-0.0008, -0.0031, 0.0017), call=Call.FRESH)

    assert say(confirmation, kept("rate"), margin="0.01 in log-loss") == (
        "No change that this search could find is worth the margin of 0.01 in log-loss: "
        "the best challenger's gain in log-loss is −0.2 % (95 % interval −0.8 % to 0.4 %), "
        f"{AGAINST}."
    )


def test_undecided_ends_with_the_reason():
    confirmation = a_confirmation(
        Estimate(0.02, -0.06, 0.1), call=Call.UNDECIDED, reason="the planned runs are used up"
    )

    assert say(confirmation, kept("rate", call=Call.UNDECIDED)) == (
        "The best challenger's gain in log-loss is 5 % (95 % interval −15 % to 25 %), "
        f"{AGAINST}. The margin is 1 % of log-loss. The planned runs are used up."
    )


def test_rows_of_known_times_say_from_when_to_when():
    dated = replace(
        SNAPSHOT, rows=1, first=datetime(2025, 11, 1, tzinfo=UTC), last=datetime(2026, 1, 31, tzinfo=UTC)
    )

    said = say(a_confirmation(GAIN), finding("rate"), snapshot=replace(dated, rows=12_345))
    assert "retrained on the same rows (12,345 rows, 2025-11-01 to 2026-01-31)" in said


def test_a_loss_that_is_no_base_for_a_share_is_said_in_its_own_unit():
    ruler = replace(RULER, production_loss=-0.3, unit="-score")

    said = say(a_confirmation(GAIN), finding("rate"), ruler=ruler, margin="0.01 in -score")

    assert "lowers -score by 0.0116 (95 % interval 0.0092 to 0.0140), against" in said


# ---------------------------------------------------------------- headlines


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ((finding("a"),), "The audited setting has gone stale"),
        ((finding("a"), kept("b")), "1 of 2 settings has gone stale"),
        ((finding("a"), finding("b"), kept("c")), "2 of 3 settings have gone stale"),
    ],
)
def test_a_stale_headline_counts_what_is_stale(findings, words):
    assert headline(a_confirmation(GAIN), findings, rows=1_000) == words


@pytest.mark.parametrize(
    ("findings", "words"),
    [((kept("a"),), "The audited setting holds"), ((kept("a"), kept("b")), "All 2 settings hold")],
)
def test_a_fresh_headline_counts_all(findings, words):
    assert headline(a_confirmation(GAIN, call=Call.FRESH), findings, rows=1_000) == words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"more_replicates": 9}, "Cannot tell: about 18 more trainings would decide"),
        ({"more_rows": 57_087}, "Cannot tell: about 57,000 confirming rows would be needed"),
        ({"more_rows": 1_000_000}, "Cannot tell: more than 100 times as many rows would be needed"),
        ({}, "Cannot tell: these rows do not decide it"),
    ],
)
def test_an_undecided_headline_says_what_it_takes(more, words):
    confirmation = a_confirmation(GAIN, call=Call.UNDECIDED, **more)

    assert headline(confirmation, [kept("a")], rows=1_000) == words


# ---------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (0.3, "12.35"),
        (1.2, "12.3"),
        (9.9, "12.3"),
        (12.0, "12"),
        (4000.0, "12"),
        (0.0, "12.35"),
        (1e-12, "12.34567890"),
    ],
)
def test_an_amount_has_two_digits_of_its_interval_s_width(width, words):
    assert replace(RULER, production_loss=0.0).amount(12.3456789, width=width) == words


def test_an_amount_is_a_share_of_production_s_loss_where_there_is_one():
    assert RULER.amount(0.004, width=0.004) == "1.0 %"
    assert replace(RULER, production_loss=0.0).amount(0.004, width=0.004) == "0.0040"


def test_minus_is_a_minus_sign_and_zero_has_none():
    assert RULER.amount(-0.004, width=0.004) == "\N{MINUS SIGN}1.0 %"
    assert RULER.amount(-0.00001, width=0.004) == "0.0 %"


def test_an_interval_without_an_end_says_so():
    words = RULER.interval(Estimate(0.02, -float("inf"), float("inf")))

    assert words == "5.00 % (95 % interval unbounded to unbounded)"


def test_a_confidence_keeps_the_digits_that_tell_it_apart():
    assert "(98.8 % interval" in replace(RULER, confidence=0.9875).interval(GAIN)


@given(FINITE, FINITE, FINITE, st.floats(0.01, 1e3))
def test_ends_of_an_interval_are_said_with_as_many_digits_as_its_estimate(a, b, c, loss):
    low, middle, high = sorted((a, b, c))

    words = replace(RULER, production_loss=loss).interval(Estimate(middle, low, high))

    numbers = re.findall(r"[\d.]+(?= %(?! interval))", words)
    assert len(numbers) == 3
    assert len({len(number.partition(".")[2]) for number in numbers}) == 1


def test_values_are_shown_as_a_person_would_type_them():
    values = (0.1, 1e-5, 31, "uniform", None, True, 0.1 + 0.2)

    assert [shown(value) for value in values] == ["0.1", "1e-05", "31", "uniform", "none", "True", "0.3"]


def test_names_are_listed_with_a_last_word():
    assert listed([]) == ""
    assert listed(["a", "b"], last="or") == "a or b"
