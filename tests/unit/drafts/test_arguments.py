import pytest

from auditor.drafts.arguments import as_origin, read_settings
from auditor.errors import DeclarationError


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("model.pkl", "joblib:model.pkl"),
        ("conf/params.yaml#/model", "yaml:conf/params.yaml#/model"),
        ("toml:params.conf", "toml:params.conf"),
    ],
)
def test_a_path_says_by_its_name_what_it_is(given, origin):
    assert as_origin(given) == origin


def test_a_path_that_does_not_say_what_it_is_is_refused_with_what_is_allowed():
    with pytest.raises(DeclarationError, match=r"'model\.bin' does not say what it is; put one of json:, "):
        as_origin("model.bin")


@pytest.mark.parametrize("given", ["C", "=1", "C="])
def test_a_setting_needs_a_name_and_a_value(given):
    with pytest.raises(DeclarationError, match="--set needs name=value"):
        read_settings([given])
