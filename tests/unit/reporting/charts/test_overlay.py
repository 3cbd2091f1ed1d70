import re

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import Overlay
from auditor.reporting.charts.axes import linear_axis
from auditor.reporting.charts.overlay import dumbbells, histogram
from auditor.reporting.charts.svg import Words

WORDS = Words(key="d", title="then and now", description="moved")

TWO = Overlay(edges=(0.0, 1.0, 2.0), then=(0.75, 0.25), now=(0.25, 0.75))


def drawn(overlay: Overlay) -> str:
    axis = linear_axis(overlay.edges[0], overlay.edges[-1])
    return histogram(overlay, axis=axis, x_title="x", words=WORDS).text


def test_both_distributions_stand_on_one_axis() -> None:
    text = drawn(TWO)

    assert len(re.findall(r'class="now" d="M(\d+) (\d+)', text)) == 1
    assert re.findall(r'class="(?:now|then)" d="(M\d+ \d+)', text)[0] in text.split('class="then"')[1]


def test_then_and_now_are_told_apart_by_more_than_colour() -> None:
    shape = drawn(TWO)

    assert 'class="now" d="' in shape
    assert re.search(r'class="now" d="[^"]*z"', shape)
    assert not re.search(r'class="then" d="[^"]*z"', shape)


def test_the_taller_distribution_sets_the_height() -> None:
    assert ">75<" not in drawn(Overlay(edges=(0.0, 1.0, 2.0), then=(0.1, 0.1), now=(0.2, 0.1)))
    assert ">20<" in drawn(Overlay(edges=(0.0, 1.0, 2.0), then=(0.1, 0.1), now=(0.2, 0.1)))


def test_a_category_has_a_row_with_a_ring_then_and_a_disc_now() -> None:
    text = dumbbells(Overlay(categories=("a", "b"), then=(0.9, 0.1), now=(0.4, 0.6)), words=WORDS).text

    assert text.count("then-ring") == text.count("now-disc") == 2
    assert text.count('class="shift"') == 2


def test_a_category_that_held_has_no_bar() -> None:
    text = dumbbells(Overlay(categories=("a", "b"), then=(0.5, 0.5), now=(0.5, 0.5)), words=WORDS).text

    assert 'class="shift"' not in text


shares = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=24)


@given(then=shares, start=st.floats(-1e12, 1e12), step=st.floats(1e-3, 1e6))
def test_no_distribution_stops_a_chart(then: list[float], start: float, step: float) -> None:
    edges = tuple(start + step * place for place in range(len(then) + 1))
    names = tuple(str(place) for place in range(len(then)))

    drawn(Overlay(edges=edges, then=tuple(then), now=tuple(reversed(then))))
    dumbbells(Overlay(categories=names, then=tuple(then), now=tuple(reversed(then))), words=WORDS)
