import tomllib

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import DimensionSpec, ScaleName
from auditor.drafts.tables import Range
from auditor.drafts.writing import Draft, Line, text_of, toml

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


def a_draft(**changes):
    parts = {
        "name": "churn",
        "production": (Line("rate", 0.1),),
        "data": (Line("source", "rows.csv"),),
        "trainer": (Line("estimator", "a:b"),),
    }
    return Draft(**{**parts, **changes})


@given(
    st.one_of(
        WORDS, st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False)
    )
)
def test_every_value_is_read_back_as_it_was(value):
    assert tomllib.loads(f"x = {toml(value)}")["x"] == value


@given(WORDS.filter(bool), WORDS)
def test_no_name_and_no_reason_breaks_the_file(name, because):
    draft = a_draft(data=(Line(name, "rows.csv", because),))

    assert tomllib.loads(text_of(draft))["data"] == {name: "rows.csv"}


def test_what_is_not_searched_at_once_is_a_comment_that_becomes_a_table():
    spec = DimensionSpec(scale=ScaleName.LOG, low=1, high=100, integer=True)
    search = (("a", Range(spec=spec, source="ours", first=True)), ("b", Range(spec=spec, source="ours")))

    text = text_of(a_draft(search=search))

    assert "\n\n[policy]" in text
    table = {"scale": "log", "integer": True, "low": 1, "high": 100}
    assert tomllib.loads(text)["search"] == {"a": table}
    commented = text[text.index("# [search.b]") : text.index("[policy]")].replace("# auditor", "#auditor")
    assert tomllib.loads(commented.replace("# ", "").replace("#\n", ""))["search"]["b"] == table
