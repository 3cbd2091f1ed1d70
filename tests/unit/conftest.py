import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def no_disk_to_wait_for() -> Iterator[None]:
    """Let no file wait for the disk: no unit test cuts the power, and hundreds of files are written."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: None)
        yield
