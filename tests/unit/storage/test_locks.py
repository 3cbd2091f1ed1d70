import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.errors import BusyError, StorageError
from auditor.storage.locks import ModelLock

HOLD = """
import sys, time
from pathlib import Path
from auditor.storage.locks import ModelLock
with ModelLock(Path(sys.argv[1])).hold("churn"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_model_is_held_once(tmp_path: Path) -> None:
    lock = ModelLock(tmp_path)

    with (
        lock.hold("churn"),
        pytest.raises(BusyError, match=rf"another process \(pid {os.getpid()}\) is auditing 'churn'"),
        lock.hold("churn"),
    ):
        pass


def test_a_released_model_can_be_held_again_also_after_an_error(tmp_path: Path) -> None:
    lock = ModelLock(tmp_path)
    with pytest.raises(ZeroDivisionError), lock.hold("churn"):
        raise ZeroDivisionError

    with lock.hold("churn"):
        pass


def test_models_do_not_wait_for_each_other(tmp_path: Path) -> None:
    lock = ModelLock(tmp_path)

    with lock.hold("churn"), lock.hold("fraud"):
        pass


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    with ModelLock(tmp_path).hold("../../etc/passwd"):
        pass

    assert [path.name for path in (tmp_path / "locks").iterdir()] == ["..%2F..%2Fetc%2Fpasswd.lock"]


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(BusyError, match=f"pid {process.pid}"), ModelLock(tmp_path).hold("churn"):
        pass

    process.kill()
    process.communicate()

    with ModelLock(tmp_path).hold("churn"):
        pass


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with (
        pytest.raises(StorageError, match="one of its folders is a file"),
        ModelLock(tmp_path / "file").hold("x"),
    ):
        pass


def test_a_name_too_long_for_a_file_is_held_like_any_other(tmp_path: Path) -> None:
    lock = ModelLock(tmp_path)
    long, longer = "模" * 99, "模" * 100

    with lock.hold(long), lock.hold(longer), pytest.raises(BusyError), lock.hold(long):
        pass
