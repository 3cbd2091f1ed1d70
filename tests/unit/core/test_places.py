import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.defaults import known
from auditor.core.places import put_together, spread_all, without_place

NAMES = st.from_regex(r"[a-z_]{1,9}", fullmatch=True)
VALUES = st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.none()


@given(st.dictionaries(NAMES, VALUES | st.lists(VALUES, min_size=1, max_size=16).map(tuple)))
def test_what_is_taken_apart_is_put_together_again(settings):
    assert put_together(spread_all(settings)) == settings


@given(st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=16).map(tuple)), st.randoms())
def test_the_order_of_places_does_not_matter(settings, chance):
    apart = list(spread_all(settings).items())
    chance.shuffle(apart)

    assert put_together(dict(apart)) == settings


@pytest.mark.parametrize("names", [["a[1]"], ["a[0]", "a[2]"]])
def test_a_place_that_is_missing_is_told(names):
    with pytest.raises(ValueError, match="counted from 0 without a gap") as caught:
        put_together(dict.fromkeys(names, 1))

    assert str(caught.value).endswith(", ".join(names))


def test_a_layer_is_searched_as_layers_are_and_other_lists_are_left_alone():
    assert known("mlp__hidden_layer_sizes[1]", 50) == known("hidden_layer_sizes", 50)
    assert known("ngram_range[0]", 1) is None
    assert without_place("mlp__hidden_layer_sizes[1]") == "mlp__hidden_layer_sizes"
