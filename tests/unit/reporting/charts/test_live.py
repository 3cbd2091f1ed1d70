import re
from dataclasses import replace

from auditor.reporting.charts.live import Step, Weight, growing, lineage, live_curve
from auditor.reporting.charts.svg import Words

WORDS = Words(key="k", title="t", description="d")


def step(number: int, **changes: object) -> Step:
    made = Step(
        number=number,
        parent=number - 1,
        day=float(number),
        loss=0.4 - 0.01 * number,
        other=0.42,
        beside=0.4,
        mark="left",
        text=f"turn {number}",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # whatever a test needs


def drawn(*steps: Step) -> str:
    return live_curve(steps, start=(0.0, 0.4), names=("live", "production"), y_title="loss", words=WORDS).text


def test_the_model_that_lives_on_is_drawn_apart_from_the_ends_it_went_back_from() -> None:
    straight = drawn(step(1), step(2), step(3))
    back = drawn(step(1), step(2), step(3, parent=1))

    assert 'class="dead"' not in straight
    assert 'class="dead"' in back
    assert (straight.count('class="back-arrow"'), back.count('class="back-arrow"')) == (0, 1)
    assert lineage([step(1), step(2), step(3, parent=1)]) == {0, 1, 3}


def test_every_kind_of_turn_has_a_shape_of_its_own() -> None:
    text = drawn(step(1, mark="kept"), step(2, mark="back"), step(3), step(4, mark="broken", other=None))

    shapes = re.findall(r'class="(?:turn-(\w+) edge|(lost))"[^>]*? d="([^"]+)"', text)
    assert [kind or lost for kind, lost, _ in shapes] == ["kept", "back", "left", "lost"]
    assert len({path for _, _, path in shapes}) == 4


def test_what_was_tried_is_told_to_a_pointer_and_escaped() -> None:
    assert "<title>&lt;b&gt;</title>" in drawn(step(1, text="<b>"))


def test_a_twin_that_ran_away_does_not_press_the_others_flat() -> None:
    calm, wild = drawn(step(1), step(2)), drawn(step(1), step(2, other=1e300))

    def ticks(text: str) -> list[str]:
        return re.findall(r'class="tick e">([^<]+)<', text)

    assert ticks(wild) == ticks(calm)


def test_evidence_that_begins_anew_begins_a_new_line() -> None:
    one = [Weight(1, 2.0, 50.0), Weight(2, 8.0, 50.0), Weight(5, 1.5, 90.0), Weight(6, 120.0, 90.0)]

    text = growing(one, last=6, x_title="turn", y_title="evidence", words=WORDS).text

    (path,) = re.findall(r'class="curve challenger" fill="none" d="([^"]+)"', text)
    assert path.count("M") == 2
    assert "needed 90" in text


def test_evidence_of_nothing_and_of_everything_can_be_drawn() -> None:
    for evidence in (0.0, 1e-300, 1e300, float("inf")):
        growing([Weight(1, evidence, 50.0)], last=1, x_title="turn", y_title="e", words=WORDS)
