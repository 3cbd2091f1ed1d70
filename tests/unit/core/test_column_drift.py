import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.cells import Cells, categorical, cells_of, numeric
from auditor.core.column_drift import compare, same_kind
from auditor.core.column_numbers import BINS
from auditor.core.drift import corrected
from auditor.core.records import ColumnDrift, ColumnKind

ROWS = 1500
RNG = np.random.default_rng(7)
NORMAL, OTHER = RNG.standard_normal(ROWS), RNG.standard_normal(ROWS)
WORDS = np.array(["web", "app", "shop"], dtype=object)[RNG.integers(0, 3, ROWS)]
FEW = RNG.integers(0, 4, ROWS)
DAYS = np.datetime64("2026-01-01") + RNG.integers(0, 90, ROWS)
GAPPY = np.where(RNG.random(ROWS) < 0.3, np.nan, NORMAL)
IDS = np.array([f"id-{number}" for number in range(ROWS)], dtype=object)

COLUMNS = {
    "numbers": NORMAL,
    "whole": RNG.poisson(40, ROWS),
    "few": FEW,
    "one value": np.ones(ROWS),
    "gaps": GAPPY,
    "nothing": np.full(ROWS, np.nan),
    "infinite": np.where(RNG.random(ROWS) < 0.1, -np.inf, NORMAL),
    "huge": NORMAL * 1e307,
    "largest": np.finfo(np.float64).max * np.tanh(NORMAL),
    "smallest": NORMAL * 1e-310,
    "words": WORDS,
    "truth": NORMAL > 0.5,
    "ids": IDS,
    "no words": np.full(ROWS, None, dtype=object),
    "days": DAYS,
}

MOVES = {
    "shifted": (NORMAL, OTHER + 0.5),
    "wider": (NORMAL, OTHER * 2.0),
    "other numbers": (FEW, RNG.integers(0, 6, ROWS)),
    "gone missing": (NORMAL, np.where(RNG.random(ROWS) < 0.2, np.nan, OTHER)),
    "infinite now": (NORMAL, np.where(RNG.random(ROWS) < 0.2, np.inf, OTHER)),
    "another constant": (np.ones(ROWS), np.full(ROWS, 2.0)),
    "fewer zeros": (NORMAL * (RNG.random(ROWS) < 0.3), OTHER * (RNG.random(ROWS) < 0.8)),
    "a new word": (WORDS, np.where(RNG.random(ROWS) < 0.1, "kiosk", WORDS)),
    "a word gone": (WORDS, np.where(WORDS == "app", "web", WORDS)),
    "other odds": (NORMAL > 0.0, OTHER > 0.6),
    "ids that come again": (IDS, np.repeat(IDS[: ROWS // 10], 10)),
    "many new rare words": (
        IDS[RNG.integers(0, 150, ROWS)],
        IDS[RNG.integers(0, 150, ROWS) + 100 * (RNG.random(ROWS) < 0.5)],
    ),
    "later": (DAYS, DAYS + 60),
}


def compared(then, now, *, ordered=False, name="x") -> ColumnDrift:
    sides = [side if isinstance(side, Cells) else cells_of(np.asarray(side)) for side in (then, now)]
    (found,) = corrected([compare(name, *sides, ordered=ordered)])
    return found


# ---------------------------------------------------------------- laws


@pytest.mark.parametrize("values", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("ordered", [False, True])
def test_a_column_lies_at_no_distance_from_itself(values, ordered):
    found = compared(values, values, ordered=ordered)

    assert found.distance == pytest.approx(0.0, abs=1e-12)
    assert (found.shift, found.p_value, found.moved) == (0.0, 1.0, False)
    assert found.sentence == "no difference"


@pytest.mark.parametrize(("then", "now"), MOVES.values(), ids=MOVES)
def test_what_was_planted_is_found(then, now):
    found = compared(then, now)

    assert found.moved
    assert found.distance > 0.1
    assert found.p_value < 0.001
    assert 0.0 < found.shift <= 1.0 or found.new_share or found.gone_share


@pytest.mark.parametrize(("then", "now"), MOVES.values(), ids=MOVES)
def test_exchanging_then_and_now_changes_no_distance(then, now):
    there, back = compared(then, now), compared(now, then)

    assert there.distance == pytest.approx(back.distance)
    assert there.p_value == pytest.approx(back.p_value)
    assert there.shift == pytest.approx(back.shift)
    assert there.new_categories == back.gone_categories
    assert there.overlay.then == back.overlay.now


@pytest.mark.parametrize(("then", "now"), MOVES.values(), ids=MOVES)
def test_the_order_of_rows_changes_nothing(then, now):
    shuffled = [np.random.default_rng(1).permutation(np.asarray(side)) for side in (then, now)]

    assert compared(*shuffled) == compared(then, now)


@given(st.integers(1, 4), st.floats(0.2, 5.0), st.floats(-3.0, 3.0))
def test_the_unit_of_a_number_changes_nothing(power, factor, offset):
    then, now = NORMAL[:300], OTHER[:300] + 0.4

    plain, scaled = compared(then, now), compared(*[factor * side + offset for side in (then, now)])

    assert scaled.distance == pytest.approx(plain.distance)
    assert scaled.p_value == pytest.approx(plain.p_value)


def test_equal_shares_of_gaps_shrink_the_distance_by_their_share():
    now = OTHER + 0.5
    gaps = np.full(ROWS, np.nan)

    full, gappy = compared(NORMAL, now), compared(np.append(NORMAL, gaps), np.append(now, gaps))

    assert gappy.distance == pytest.approx(full.distance / 2.0, rel=0.02)
    assert gappy.missing_then == gappy.missing_now == 0.5


def test_words_and_their_codes_may_be_listed_in_any_order():
    codes, shifted = RNG.integers(0, 3, ROWS), RNG.integers(0, 2, ROWS)
    words = ["a", "b", "c"]

    one = compared(categorical(codes, words), categorical(shifted, words))
    other = compared(categorical(codes, words), categorical(2 - shifted, words[::-1]))

    assert other == one


# ---------------------------------------------------------------- both must speak


def test_a_million_rows_do_not_make_a_hair_s_breadth_matter():
    rng = np.random.default_rng(0)

    found = compared(rng.standard_normal(200_000), rng.standard_normal(200_000) + 0.03)

    assert found.p_value < 0.001
    assert not found.moved


def test_a_large_distance_between_a_few_rows_may_be_chance():
    found = compared(NORMAL[:30], OTHER[:30] + 0.4)

    assert found.distance > 0.1
    assert not found.moved


def test_neighbours_that_are_alike_are_not_taken_for_drift():
    walks = [np.repeat(np.random.default_rng(seed).standard_normal(60), 50) for seed in (1, 2)]

    taken_as_independent, in_order = compared(*walks), compared(*walks, ordered=True)

    assert taken_as_independent.p_value < 1e-6
    assert in_order.p_value > 0.05
    assert in_order.chance > 10 * taken_as_independent.chance


def test_a_shift_is_found_in_rows_in_time_order():
    assert compared(NORMAL, OTHER + 0.5, ordered=True).moved


def test_rare_words_that_come_in_runs_are_not_taken_for_news():
    runs = [np.repeat(np.random.default_rng(seed).permutation(2000)[:100], 15) for seed in (1, 2)]
    words = [np.array([f"shop {number}" for number in run], dtype=object) for run in runs]

    assert compared(*words).moved
    assert not compared(*words, ordered=True).moved


def test_many_new_rare_words_are_found_in_rows_in_time_order():
    assert compared(*MOVES["many new rare words"], ordered=True).moved


def test_ids_that_nobody_has_seen_before_have_not_moved():
    others = np.array([f"other-{number}" for number in range(ROWS)], dtype=object)

    found = compared(IDS, others)

    assert not found.moved
    assert (found.new_count, found.new_share) == (ROWS, 1.0)
    assert len(found.new_categories) == 10


def test_a_hundred_thousand_words_are_compared():
    rng = np.random.default_rng(0)
    words = [f"word-{number}" for number in range(100_000)]
    same = [categorical(rng.integers(0, 100_000, 50_000), words) for _ in range(2)]
    heavier = categorical(np.where(rng.random(50_000) < 0.1, 7, rng.integers(0, 100_000, 50_000)), words)

    assert not compared(*same).moved
    moved = compared(same[0], heavier)
    assert moved.moved
    assert moved.sentence.startswith("word-7: ")
    assert len(moved.overlay.categories) <= 21


# ---------------------------------------------------------------- kinds


def test_a_column_of_gaps_is_compared_as_what_the_other_is():
    gaps = cells_of(np.full(ROWS, None, dtype=object))

    then, now = same_kind(numeric(NORMAL), gaps)
    back = same_kind(gaps, numeric(NORMAL))

    assert compared(then, now).sentence == "missing: 0 % then, 100 % now"
    assert compared(*back).missing_then == 1.0


def test_numbers_and_words_are_not_the_same_kind():
    assert same_kind(numeric(NORMAL), cells_of(WORDS)) is None
    with pytest.raises(ValueError, match="cannot compare numeric with categorical"):
        compare("x", numeric(NORMAL), cells_of(WORDS), ordered=False)


def test_integers_that_became_floats_are_numbers_all_along():
    assert compared(FEW, FEW.astype(np.float32)).distance == 0.0


# ---------------------------------------------------------------- what is said and drawn


def test_the_sentence_says_where_the_two_differ_most():
    assert compared(FEW * 0, np.repeat([0, 5], ROWS // 2)).sentence == "0: 100 % then, 50 % now"
    assert compared(NORMAL, np.where(NORMAL > 1.0, np.nan, NORMAL)).sentence.startswith("missing: 0 % then")
    assert " later: " in compared(DAYS, DAYS + 60).sentence
    assert compared(*MOVES["many new rare words"]).sentence.startswith("values only now: ")
    assert compared(*MOVES["ids that come again"]).sentence == (
        "values only then: 90 % of the rows, 0 % were to be expected"
    )
    assert compared(["a"] * 50, ["a"] * 25 + ["b"] * 25).sentence == "a: 100 % then, 50 % now"


def test_numbers_are_drawn_over_equal_bins_and_tails_are_in_the_last():
    overlay = compared(NORMAL, np.append(OTHER, [1e9, np.inf])).overlay

    assert len(overlay.edges) == len(overlay.then) + 1 > BINS
    assert np.diff(overlay.edges) == pytest.approx(np.diff(overlay.edges)[0], rel=1e-2)
    assert max(overlay.edges) < 10.0
    assert sum(overlay.then) == pytest.approx(1.0, abs=1e-4)
    assert sum(overlay.now) == pytest.approx(1.0, abs=1e-4)


def test_whole_numbers_are_drawn_in_whole_widths():
    overlay = compared(RNG.poisson(40, ROWS), RNG.poisson(40, ROWS)).overlay

    assert all(edge % 1.0 == 0.5 for edge in overlay.edges)


def test_few_numbers_are_drawn_one_by_one():
    overlay = compared([0, 1] * 50, [0, 1, 1, 1] * 25).overlay

    assert overlay.categories == ("0", "1")
    assert overlay.now == (0.25, 0.75)


def test_rare_words_are_drawn_together():
    overlay = compared(np.append(WORDS, IDS), np.append(WORDS, IDS)).overlay

    assert overlay.categories[-1] == "all others"
    assert overlay.then[-1] == 0.5


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("<script>", "<script>"),
        ("", "''"),
        ("\n", r"'\n'"),
        ("x" * 300, "x" * 79 + "…"),
        ("\u202eabc", "\u202eabc"),
    ],
)
def test_hostile_words_are_shown_short_and_as_they_are(word, shown):
    found = compared(np.full(50, "a", dtype=object), np.full(50, word, dtype=object))

    assert found.new_categories == (shown,)
    assert shown in found.overlay.categories


def test_every_kind_has_a_column_here():
    assert {cells_of(np.asarray(values)).kind for values in COLUMNS.values()} == set(ColumnKind)
