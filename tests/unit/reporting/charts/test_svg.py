import re

from hypothesis import given
from hypothesis import strategies as st

from auditor.reporting.charts.svg import flags, path_of, safe, spread, thinned, width_of

PLACES = st.floats(0, 360)
STEPS = st.lists(st.integers(0, 400), min_size=2, max_size=40, unique=True).map(sorted)


@given(
    st.lists(st.tuples(PLACES, st.sampled_from(["production 0.0003", "challenger 96", "margin"])), max_size=4)
)
def test_names_above_a_chart_never_overlap(lines: list[tuple[float, str]]) -> None:
    placed = flags([(x, text, "css") for x, text in lines], left=0, right=360)

    for index, one in enumerate(placed):
        for other in placed[index + 1 :]:
            apart = abs(one.center - other.center) >= (width_of(one.text) + width_of(other.text)) / 2
            assert one.row != other.row or apart


@given(st.lists(PLACES, min_size=1, max_size=3))
def test_names_above_a_chart_stay_within_it(places: list[float]) -> None:
    for flag in flags([(x, "production 64", "css") for x in places], left=0, right=360):
        half = width_of(flag.text) / 2
        assert flag.center - half >= -1.01
        assert flag.center + half <= 361.01


def test_two_lines_close_together_have_their_names_on_either_side() -> None:
    left, right = flags([(150, "production 0.1", "a"), (160, "challenger 0.14", "b")], left=0, right=360)

    assert left.row == right.row == 0
    assert left.center < 150
    assert right.center > 160


@given(st.lists(st.floats(0, 100), max_size=6))
def test_names_beside_a_chart_keep_their_distance_and_their_order(places: list[float]) -> None:
    moved = spread(places, gap=10, low=0, high=100)
    pairs = sorted(zip(places, moved, strict=True))
    ordered = [after for _, after in pairs]

    assert all(
        later - earlier >= 10 - 1e-6 for earlier, later in zip(sorted(moved), sorted(moved)[1:], strict=False)
    )
    assert ordered == sorted(ordered) or len(set(places)) < len(places)


def test_names_that_have_room_are_not_moved() -> None:
    assert spread([10.0, 40.0, 70.0], gap=10, low=0, high=100) == (10.0, 40.0, 70.0)


def _points(path: str) -> list[tuple[int, int]]:
    """Return the points of ``M x y l dx dy dx dy`` as a browser reads them."""
    start, _, steps = path[1:].partition("l")
    numbers = [int(text) for text in re.findall(r"-?\d+", start)]
    x, y = numbers
    points = [(x, y)]
    moves = [int(text) for text in re.findall(r"-?\d+", steps)]
    for right, down in zip(moves[::2], moves[1::2], strict=True):
        x, y = x + right, y + down
        points.append((x, y))
    return points


@given(STEPS, st.data())
def test_a_path_visits_every_corner(steps: list[int], data: st.DataObject) -> None:
    points = [(step, data.draw(st.integers(-50, 250))) for step in steps]

    drawn = _points(path_of(points))

    assert drawn[0] == points[0]
    assert drawn[-1] == points[-1]
    assert set(drawn) <= set(points)


@given(STEPS, st.data())
def test_a_thinned_curve_stays_within_its_slack(steps: list[int], data: st.DataObject) -> None:
    points = [(float(step), data.draw(st.floats(0, 200))) for step in steps]

    kept = thinned(points, slack=1.0)

    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    for x, y in points:
        after = next(place for place, (right, _) in enumerate(kept) if right >= x)
        (left, low), (right, high) = kept[max(after - 1, 0)], kept[after]
        here = high if right == left else low + (high - low) * (x - left) / (right - left)
        assert abs(here - y) <= 1.0 + 1e-6


@given(st.text())
def test_no_text_can_leave_its_element(text: str) -> None:
    assert not set(safe(text)) & set("<>\"'\x00")
