import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.addresses import is_function, scheme_of, without_secrets


@pytest.mark.parametrize("address", ["shop:rows", "shop.churn:fresh_rows", "_a.b1:_c"])
def test_a_function_is_told_by_its_spelling(address):
    assert is_function(address)


@pytest.mark.parametrize(
    "address",
    ["rows.csv", "sqlite:///a.db", "s3://a/b", "shop.churn", "a:b:c", "a/b:c", "1a:b", "a:", ":b", "a..b:c"],
)
def test_what_is_no_function_is_told_too(address):
    assert not is_function(address)


def test_a_scheme_is_what_stands_before_the_slashes():
    assert scheme_of("SQLite:///a.db") == "sqlite"
    assert scheme_of("a/b://c") is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:pw@db:5432/shop", "postgresql://***@db:5432/shop"),
        ("postgresql://ann@db/shop", "postgresql://***@db/shop"),
        ("postgresql://:pw@db/shop", "postgresql://***@db/shop"),
        ("https://host/rows.csv?sig=abc&page=2", "https://host/rows.csv?sig=***&page=2"),
        (
            "https://host/rows.csv?page=2&X-Amz-Signature=abc",
            "https://host/rows.csv?page=2&X-Amz-Signature=***",
        ),
        ("mssql+pyodbc:///?odbc_connect=PWD%3Dabc", "mssql+pyodbc:///?odbc_connect=***"),
        ("sqlite:///shop.db", "sqlite:///shop.db"),
        ("data/rows@2024.csv", "data/rows@2024.csv"),
        ('source = "a://b:c@d"\nmail = "x@y"', 'source = "a://***@d"\nmail = "x@y"'),
    ],
)
def test_only_secrets_are_hidden(address, shown):
    assert without_secrets(address) == shown


@given(
    st.text(st.characters(codec="ascii", exclude_characters="\"'\n", exclude_categories=["Cc"]), min_size=1)
)
def test_no_password_is_shown_whatever_it_is_made_of(password):
    secret = f"<{password}>"

    assert secret not in without_secrets(f"postgresql://ann:{secret}@db/shop")
