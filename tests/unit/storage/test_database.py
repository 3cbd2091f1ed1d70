import pytest

from auditor.errors import StorageError
from auditor.storage.database import open_engine


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_ledger_that_ends_with_the_process_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="names no file, and findings would be lost"):
        open_engine(url)


@pytest.mark.parametrize(
    "url", ["postgresql://joe:hun@ter2@db/audits", "://joe:hun@ter2", "postgresql://j:ter2@h:x/d"]
)
def test_a_password_is_never_told_not_even_half_of_it(url: str) -> None:
    with pytest.raises(StorageError, match="hidden") as caught:
        open_engine(url)

    assert "ter2" not in str(caught.value)
