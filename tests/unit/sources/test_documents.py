import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import CaptureError
from auditor.sources.documents import parse_document, place_in

# The document and the pointers of RFC 6901, section 5.
RFC = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", RFC),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%25d", 2),
        ("/e%5Ef", 3),
        ("/g%7Ch", 4),
        ("/i%5Cj", 5),
        ("/k%22l", 6),
        ("/%20", 7),
        ("/m~0n", 8),
    ],
)
def test_pointers_lead_where_the_rfc_says(pointer, value):
    assert place_in(RFC, pointer, origin="json:rfc.json") == value


@given(st.lists(st.text(alphabet="ab/~01 é", max_size=4), min_size=1, max_size=4))
def test_any_key_can_be_pointed_at(keys):
    tree: object = 1
    for key in reversed(keys):
        tree = {key: tree}
    pointer = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)

    assert place_in(tree, pointer, origin="json:x") == 1


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("/bar", "no 'bar' at the top; there are: foo, n"),
        ("/foo/2", "no item '2' at '/foo'; it is a list of 2, counted from 0"),
        ("/foo/01", "no item '01'"),
        ("/foo/-", "no item '-'"),
        ("/n/x", "nothing lies below '/n', which holds 3; 'x' cannot be there"),
    ],
)
def test_a_pointer_that_leads_nowhere_says_what_is_there(pointer, said):
    with pytest.raises(CaptureError) as caught:
        place_in({"foo": [1, 2], "n": 3}, pointer, origin="json:p.json")

    assert said in str(caught.value)


def test_numbers_stay_as_they_were_written():
    assert parse_document("json", '{"a": 1E-4, "b": 10}', origin="x") == {"a": "1E-4", "b": "10"}
    assert parse_document("toml", "a = 1e-4", origin="x") == {"a": "1e-4"}
    assert parse_document("yaml", "a: 1e-4\nb: no\nc: ~", origin="x") == {"a": "1e-4", "b": "no", "c": None}


def test_yaml_merge_keys_work():
    text = "base: &base {lr: 0.1, depth: 3}\nmodel:\n  <<: *base\n  depth: 4\n"

    tree = parse_document("yaml", text, origin="x")

    assert place_in(tree, "/model", origin="x") == {"lr": "0.1", "depth": "4"}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("json", '{"a": 1'),
        ("json", "[" * 100_000),
        ("toml", "a = "),
        ("yaml", "a: [1"),
        ("yaml", "a: !!python/x 1"),
    ],
)
def test_a_document_that_is_cut_short_is_told(kind, text):
    with pytest.raises(CaptureError, match=f"is not {kind.upper()}, or is cut short"):
        parse_document(kind, text, origin=f"{kind}:x")
