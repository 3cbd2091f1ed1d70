"""Curves, scatters, intervals and sparklines: what is drawn, and what is said of it."""

import re
from xml.etree import ElementTree

import pytest

from auditor.core.records import Call, CurvePoint, Estimate
from auditor.reporting.charts.axes import category_axis, log_axis
from auditor.reporting.charts.curves import Named, ceiling, curves
from auditor.reporting.charts.intervals import Bar, Line, evidence, forest
from auditor.reporting.charts.scatter import Dot, Ground, scatter
from auditor.reporting.charts.sparkline import sparkline
from auditor.reporting.charts.svg import Svg, Words

WORDS = Words(key="k", title="<title> & all", description='what "it" shows')
LINES = (Line(value=0.0, name="no gain", css="zero"), Line(value=1.0, name="margin 1 %", css="margin"))


def bar(name: str, call: Call | None = Call.STALE) -> Bar:
    return Bar(name=name, estimate=Estimate(2.0, 1.0, 3.0), text="2.0 % (1.0 to 3.0 %)", call=call)


def curve(*losses: float) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(step, loss) for step, loss in enumerate(losses, start=1))


def ground(**changes: object) -> Ground:
    fields: dict[str, object] = {
        "axis": log_axis(1e-4, 1e-1),
        "box": (1e-4, 1e-1),
        "marked": (("production 0.001", "production", 1e-3),),
        "x_title": "log scale",
        "y_title": "loss",
    }
    return Ground(**{**fields, **changes})  # type: ignore[arg-type]  # keys are field names


EVERY_CHART = {
    "forest": lambda: forest([bar("<b>"), bar("x" * 300)], lines=LINES, axis="gain", words=WORDS),
    "evidence": lambda: evidence(
        [bar("4"), bar("6", None)], lines=LINES, x_title="n", y_title="gain", words=WORDS
    ),
    "curves": lambda: curves(
        [curve(3.0, 2.0, 1.5), curve(2.0, float("nan"))],
        named=[Named(name="production", text="1.2", curve=curve(2.0, 1.2), css="production")],
        y_title="loss",
        words=WORDS,
    ),
    "scatter": lambda: scatter([Dot(1e-3, 0.4, False), Dot(1e-2, 0.3, True)], ground=ground(), words=WORDS),
    "sparkline": lambda: sparkline([0.1, -0.2, 0.3], call=Call.FRESH, words=WORDS),
}


@pytest.fixture(params=EVERY_CHART)
def chart(request: pytest.FixtureRequest) -> Svg:
    return EVERY_CHART[request.param]()


def test_every_chart_is_well_formed_and_says_what_it_shows(chart: Svg) -> None:
    root = ElementTree.fromstring(chart.text)  # noqa: S314  # our own text

    assert root.attrib["role"] == "img"
    assert root.findtext("title") == "<title> & all"
    assert root.findtext("desc") == 'what "it" shows'
    assert root.attrib["aria-labelledby"] == "k-t k-d"


def test_every_id_in_a_chart_begins_with_its_key(chart: Svg) -> None:
    assert all(found.startswith("k-") for found in re.findall(r'\bid="([^"]*)"', chart.text))


def test_coordinates_are_whole_numbers(chart: Svg) -> None:
    drawn = re.findall(r'(?: d|x|y)="([^"]*)"', chart.text)
    # Only the outlines of the calls' shapes, drawn once each, have decimals.
    assert not [text for text in drawn if "." in text and "z" not in text]


def test_marks_on_one_pixel_are_drawn_once() -> None:
    dots = [Dot(1e-3, 0.4, False)] * 50 + [Dot(1e-2, 0.3, False)]

    assert scatter(dots, ground=ground(), words=WORDS).text.count("h0") == 2


def test_coarse_and_fine_rounds_have_shapes_of_their_own() -> None:
    drawn = scatter([Dot(1e-3, 0.4, False), Dot(1e-2, 0.3, True)], ground=ground(), words=WORDS).text

    assert 'class="disc"' in drawn
    assert 'class="diamond"' in drawn


def test_failed_trials_and_far_outliers_stand_above_the_plot() -> None:
    dots = [Dot(1e-3 * (1 + n / 10), 0.4 + n / 100, False) for n in range(12)]

    drawn = scatter(
        [*dots, Dot(0.05, None, False), Dot(0.08, 900.0, False)], ground=ground(), words=WORDS
    ).text

    assert 'class="lost"' in drawn
    assert 'class="over"' in drawn


def test_dots_of_one_category_are_fanned_out() -> None:
    categories = ground(axis=category_axis(["relu", "tanh"]), box=None, marked=())

    drawn = scatter([Dot(0.0, 0.4, False)] * 9, ground=categories, words=WORDS).text

    assert drawn.count("h0") == 9


def test_a_diverging_curve_does_not_press_the_others_flat() -> None:
    crowd = [curve(1.0, 0.5) for _ in range(30)] + [curve(1e6, 1e9)]

    assert ceiling(crowd, ()) == 1.0


def test_named_curves_are_always_in_full_view() -> None:
    worst = Named(name="production", text="5", curve=curve(9.0, 5.0), css="production")

    assert ceiling([curve(1.0, 0.5)] * 30, [worst]) == 9.0
