import json
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.edits.documents import edited, edited_env
from auditor.errors import CaptureError

VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["adam", "l1", "yes", "null", "a b", "it's", 'say "x"', "näh", "1e-3", "#no", "a: b"]),
)

JSON = '{\n    "model" : {"lr": 0.1,\n\t"depth":4 , "name": "sgd", "tags": ["a", {"lr": 1}]},\n  "lr": 9\n}\n'
YAML = """\
# Serving, do not reorder
model:   # what runs
    lr: 0.1        # steps
    depth:   4
    'name': "sgd"
    nested: {lr: 1, b: [1, 2]}
lr: 9
"""
TOML = """\
# top
[model]            # what runs
lr    = 0.1        # steps
depth = 4
name  = 'sgd'

[other]
lr = 9
"""


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("json", '"lr": 0.1,\n\t"depth":4 ,', '"lr": 0.03,\n\t"depth":12 ,'),
        ("yaml", "lr: 0.1        # steps\n    depth:   4", "lr: 0.03        # steps\n    depth:   12"),
        ("toml", "lr    = 0.1        # steps\ndepth = 4", "lr    = 0.03        # steps\ndepth = 12"),
    ],
)
def test_only_the_characters_of_the_values_change(kind, old, new):
    text = {"json": JSON, "yaml": YAML, "toml": TOML}[kind]

    changed = edited(kind, text, "/model", {"lr": 0.03, "depth": 12}, origin="x")

    assert changed == text.replace(old, new)
    assert changed != text


@given(VALUES)
def test_every_reader_finds_the_new_value_in_json(value):
    assert json.loads(edited("json", JSON, "/model", {"lr": value}, origin="x"))["model"]["lr"] == value


@given(VALUES)
def test_every_reader_finds_the_new_value_in_toml(value):
    assert tomllib.loads(edited("toml", TOML, "/model", {"lr": value}, origin="x"))["model"]["lr"] == value


@given(VALUES)
def test_every_reader_finds_the_new_value_in_yaml(value):
    found = yaml.safe_load(edited("yaml", YAML, "/model", {"lr": value}, origin="x"))["model"]["lr"]

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("kind", ["json", "yaml", "toml"])
def test_a_number_in_quotes_stays_in_quotes(kind):
    text = {"json": '{"lr": "1e-3"}', "yaml": 'lr: "1e-3"\n', "toml": 'lr = "1e-3"\n'}[kind]

    changed = edited(kind, text, "", {"lr": 1e-05}, origin="x")

    assert changed == text.replace("1e-3", "1e-05")


def test_windows_line_ends_stay():
    assert edited("toml", "lr = 1\r\nb = 2\r\n", "", {"lr": 3}, origin="x") == "lr = 3\r\nb = 2\r\n"
    assert edited("yaml", "lr: 1\r\nb: 2\r\n", "", {"lr": 3}, origin="x") == "lr: 3\r\nb: 2\r\n"


def test_a_list_is_walked_by_number():
    assert edited("json", '[{"a": 1}, {"a": 2}]', "/1", {"a": 3}, origin="x") == '[{"a": 1}, {"a": 3}]'
    assert edited("yaml", "- a: 1\n- a: 2\n", "/1", {"a": 3}, origin="x") == "- a: 1\n- a: 3\n"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("json", '{"depth": 1}'),
        ("yaml", "base: &b {lr: 1}\nlr: *b\n"),
        ("yaml", "base: &b\n  lr: 1\n<<: *b\n"),
        ("yaml", "lr: &anchor 0.1\nother: *anchor\n"),
        ("yaml", "lr: |\n  0.1\n"),
        ("toml", "depth = 1\n"),
    ],
)
def test_what_cannot_be_changed_safely_is_left_to_its_owner(kind, text):
    with pytest.raises(CaptureError, match="change it there by hand"):
        edited(kind, text, "", {"lr": 0.2}, origin=f"{kind}:params")


def test_an_edit_that_would_reach_further_is_refused():
    text = "model: &m\n  lr: 0.1\nshadow: *m\n"

    with pytest.raises(CaptureError, match="without changing other things"):
        edited("yaml", text, "/model", {"lr": 0.2}, origin="yaml:params")


def test_variables_keep_their_quotes_their_comments_and_their_neighbours():
    text = "TOKEN=s3cr3t\nexport MODEL_LR='0.1'   # steps\nMODEL_NAME=sgd\n"

    changed = edited_env(text, {"MODEL_LR": 0.03, "MODEL_NAME": "adam w"}, origin="env:MODEL_")

    assert changed == "TOKEN=s3cr3t\nexport MODEL_LR='0.03'   # steps\nMODEL_NAME=\"adam w\"\n"


def test_a_variable_that_is_not_there_is_left_to_its_owner():
    with pytest.raises(CaptureError, match="'MODEL_LR' is not set there"):
        edited_env("MODEL_LRX=1\n", {"MODEL_LR": 1}, origin="env:MODEL_")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("json", '{"sizes": [100], "lr": 1}'),
        ("toml", "sizes = [100]\nlr = 1\n"),
        ("yaml", "sizes: [100]\nlr: 1\n"),
        ("yaml", "base: &s [100, 50]\nsizes: *s\n"),
        ("yaml", "a: &a 50\nsizes: [100, *a]\n"),
    ],
)
def test_a_part_of_a_list_that_does_not_stand_there_is_left_to_its_owner(kind, text):
    with pytest.raises(CaptureError, match=r"'sizes\[1\]' is not written there.*by hand"):
        edited(kind, text, "", {"sizes[1]": 20}, origin="x")


@given(VALUES)
def test_a_part_of_a_list_takes_every_value(value):
    assert json.loads(edited("json", '{"b": [1, 2]}', "", {"b[1]": value}, origin="x")) == {"b": [1, value]}
    assert yaml.safe_load(edited("yaml", "b: ['1', 2]\n", "", {"b[0]": "a"}, origin="x")) == {"b": ["a", 2]}
    assert tomllib.loads(edited("toml", "b = [1, 2]\n", "", {"b[1]": value}, origin="x"))["b"] == [1, value]
