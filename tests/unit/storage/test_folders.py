import errno
from pathlib import Path

import pytest

from auditor.errors import StorageError
from auditor.storage.folders import explained


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "writable"),
        (None, "check"),
    ],
)
def test_an_error_of_the_disk_names_the_next_step(tmp_path: Path, number: int | None, step: str) -> None:
    error = OSError("odd") if number is None else OSError(number, "What Went Wrong")

    with pytest.raises(StorageError, match=step) as caught, explained(tmp_path):
        raise error

    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is error
