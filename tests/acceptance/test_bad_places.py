"""Bad places: disks that are full or read-only, ledgers that are none, vaults that were touched.

One clear line, exit code 2, nothing half-written, and the same command goes on once the place is mended.
"""

import contextlib
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import PATIENCE, Project
from tests.acceptance.test_bad_input import SCHEDULE, assert_said, assert_whole, rows

pytestmark = pytest.mark.slow

HELD = """
import time
from pathlib import Path

from sklearn.neighbors import KNeighborsRegressor


class Held(KNeighborsRegressor):
    def fit(self, X, y):
        while self.n_neighbors != 3 and Path("hold").exists():
            time.sleep(0.01)
        return super().fit(X, y)
"""
"""A model whose challengers wait."""

FREE = "free some space, then run the same command again"

LEDGER = {"AUDITOR_DATABASE_URL": "sqlite:///ledger/auditor.db"}


@pytest.fixture
def model(project: Project) -> Project:
    """A project whose schedule ``m`` can be audited."""
    project.rows(rows())
    project.write("schedules/m.toml", SCHEDULE)
    return project


@pytest.fixture
def disk() -> Iterator[Callable[..., None]]:
    """Puts a small disk in the place of a folder, full or read-only. Root may write anywhere else."""
    with contextlib.ExitStack() as mounted:

        def put(folder: Path, *, size: str = "1m", writable: bool = True) -> None:
            folder.mkdir(exist_ok=True)
            options = f"size={size}" + ("" if writable else ",ro")
            mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
            done = subprocess.run(mount, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
            mounted.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)

        yield put


def states(project: Project, **environment: str) -> list[str]:
    return [audit["state"] for audit in project.run("log", "--json", **environment).facts]


def fill(folder: Path) -> None:
    with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_vault_that_cannot_be_written_is_told_at_once(model, disk):
    disk(model.folder / "vault", writable=False)

    ran = model.run("run", "m")

    assert_said(
        ran,
        "the vault 'vault': read-only file system; the disk is read-only: set AUDITOR_VAULT to a folder that "
        "can be written to",
    )
    assert not (model.folder / "auditor.db").exists()


def test_a_vault_without_room_for_the_rows_files_none_of_them(model, disk):
    model.rows(rows(5000))
    disk(model.folder / "vault", size="16k")

    ran = model.run("run", "m")

    assert_said(
        ran,
        f"the vault {str(model.folder / 'vault')!r}: no space left on device; {FREE}",
    )
    assert not [
        path for path in (model.folder / "vault").rglob("*") if path.is_file() and "locks" not in path.parts
    ]
    assert states(model) == []


def test_a_vault_that_fills_up_leaves_an_audit_that_goes_on_later(model, disk):
    model.rows(rows(5000))
    vault = model.folder / "vault"
    disk(vault, size="140k")  # for the rows as they are filed, but not as workers map them

    full = model.run("run", "m")
    left = states(model)
    subprocess.run(["mount", "-o", "remount,size=4m", str(vault)], check=True)
    ran = model.run("run", "m", "--json")

    assert_said(
        full,
        f"the vault {str(vault)!r}: no space left on device; {FREE}",
    )
    assert left == ["running"]
    assert ran.facts["id"] == 1
    assert_whole(model.folder)


def test_a_ledger_that_cannot_be_written_is_told(model, disk):
    disk(model.folder / "ledger", writable=False)

    ran = model.run("run", "m", **LEDGER)

    assert_said(
        ran,
        "the ledger sqlite:///ledger/auditor.db: unable to open database file; make the file and its folder "
        "readable and writable, or set AUDITOR_DATABASE_URL",
    )


def test_a_ledger_that_fills_up_keeps_what_it_holds_and_the_audit_goes_on_later(model, disk):
    ledger = model.folder / "ledger"
    disk(ledger, size="1m")
    assert model.run("capture", "m", **LEDGER).code == 0
    held = sum(path.stat().st_size for path in ledger.iterdir())
    subprocess.run(["mount", "-o", f"remount,size={held // 1024 + 48}k", str(ledger)], check=True)

    full = model.run("run", "m", **LEDGER)
    left = states(model, **LEDGER)
    subprocess.run(["mount", "-o", "remount,size=8m", str(ledger)], check=True)
    ran = model.run("run", "m", "--json", **LEDGER)

    assert_said(
        full,
        f"the ledger sqlite:///ledger/auditor.db: database or disk is full; {FREE}",
    )
    assert left in ([], ["running"])
    assert ran.facts["id"] == 1
    assert states(model, **LEDGER) == ["done"]


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_a_page_that_cannot_be_written_is_told_and_can_be_had_later(model, disk, how):
    reports = model.folder / "reports"
    disk(reports, writable=how == "full")
    if how == "full":
        fill(reports)
    problem = {"full": "No space left on device", "read-only": "Read-only file system"}[how]

    ran = model.run("run", "m")
    written = [path.name for path in reports.rglob("*") if path.name != "filler" and path.is_file()]
    subprocess.run(["mount", "-o", "remount,rw,size=8m", str(reports)], check=True)
    again = model.run("report", "1")

    assert_said(
        ran,
        f"the report cannot be written to 'reports/m': {problem}; free the disk or mend the permissions, "
        "then `auditor report 1`",
    )
    assert written == []
    assert (again.code, again.err) == (0, "")
    assert (model.folder / again.out.strip()).is_file()
    assert_whole(model.folder)
    assert states(model) == ["done"]


def test_a_full_disk_is_told_wherever_it_is_met(model, disk):
    place = model.folder / "everything"
    disk(place, size="400k")
    whole = Project(place)
    whole.rows(rows())
    whole.write("schedules/m.toml", SCHEDULE)
    fill(place)

    ran, status, demo = whole.run("run", "m"), whole.run("status"), whole.run("demo")

    assert_said(ran, f"the vault 'vault': no space left on device; {FREE}")
    assert (status.code, status.err) == (0, ""), "reading needs no room"
    assert_said(demo, "cannot make the demo project in 'auditor-demo': No space left on device")


def test_a_path_for_temporary_files_that_is_too_long_for_a_socket_is_told(model):
    folder = model.folder / ("long" * 25)
    folder.mkdir()

    ran = model.run("run", "m", TMPDIR=str(folder))

    assert ran.err.startswith(f"auditor: no worker can be started with temporary files in '{folder}'")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_temporary_files_that_fill_a_disk_are_told(model, disk):
    model.rows(rows(5000))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # the path must be short
        disk(Path(folder) / "t", size="16k")

        ran = model.run("run", "m", TMPDIR=f"{folder}/t")

    assert ran.err.startswith(f"auditor: the rows cannot be written to '{folder}/t/auditor-")
    assert ran.err.endswith("no space left on device; free some space there, or set TMPDIR\n")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert states(model) == []


def test_a_file_that_may_not_grow_is_told(model):
    """As above, where no disk can be mounted: the shell limits the size of files."""
    command = shlex.join([sys.executable, "-m", "auditor", "run", "m"])
    ran = subprocess.run(
        ["bash", "-c", f"ulimit -f 8; {command}"],
        cwd=model.folder,
        env=model.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert ran.stderr.startswith("auditor: the ledger sqlite:///auditor.db: disk I/O error; check the disk")
    assert len(ran.stderr.splitlines()) == 1
    assert states(model) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_to_a_full_disk_is_told(model):
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "auditor", "status"],
            cwd=model.folder,
            env=model.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert ran.returncode == 2
    assert (
        ran.stderr == "auditor: no space left on device; free some space, then run the same command again\n"
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("rubbish", "AUDITOR_DATABASE_URL is no database URL, got 'rubbish'; allowed: ..."),
        (
            "://joe:hunter2@host",
            "AUDITOR_DATABASE_URL is no database URL, got one that is hidden here, as ...",
        ),
        (
            "mysql://joe:hunter2@host/db",
            "AUDITOR_DATABASE_URL names a database of kind 'mysql'; allowed: ...",
        ),
        (
            "postgresql://joe:@hunter2@host/db",
            "AUDITOR_DATABASE_URL holds more than one '@' and is hidden ...",
        ),
        (
            "postgresql://joe:hunter2@127.0.0.1:1/db",
            "the ledger postgresql+psycopg://joe:***@127.0.0.1:1/db: connection failed: ...",
        ),
        ("sqlite://", "AUDITOR_DATABASE_URL names no file, and findings would be lost; allowed: ..."),
        (
            "sqlite:///nowhere/a.db",
            "the ledger sqlite:///nowhere/a.db: unable to open database file; there is no folder 'nowhere': "
            "create it, or set AUDITOR_DATABASE_URL",
        ),
    ],
)
def test_an_address_of_no_ledger_is_told_without_its_password(project, url, says):
    ran = project.run("status", AUDITOR_DATABASE_URL=url)

    assert_said(ran, says)
    assert "hunter2" not in ran.err


@pytest.mark.parametrize("command", [["status"], ["run", "m"], ["check"]])
def test_a_ledger_that_is_no_database_is_told_and_left_alone(model, command):
    ledger = model.write("auditor.db", "Dear diary, " * 500)

    ran = model.run(*command)

    assert ran.err.endswith(
        "the ledger sqlite:///auditor.db: file is not a database; move the file away, or set "
        "AUDITOR_DATABASE_URL to another\n"
    )
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert ledger.read_text() == "Dear diary, " * 500


def test_an_executor_that_does_not_exist_is_told(model):
    ran = model.run("run", "m", AUDITOR_EXECUTOR="poool")

    assert_said(ran, "AUDITOR_EXECUTOR is 'poool'; allowed: pool, inline, dask://host:8786")


@pytest.mark.parametrize("command", ["show", "report"])
def test_an_audit_that_does_not_exist_is_told(project, command):
    assert_said(project.run(command, "7"), "no finished audit 7 in the ledger; the newest are: none yet")


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "99999999999999999999"),
        ("show", "first"),
        ("run", "m", "--time", "inf"),
        ("run", "m", "--seed", "99999999999999999999"),
        ("run", "m", "--trials", "1"),
        ("rnu", "m"),
    ],
)
def test_arguments_that_make_no_sense_are_told(model, arguments):
    ran = model.run(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert len([line for line in ran.err.splitlines() if line.startswith("Error: ")]) == 1
    assert "Traceback" not in ran.err
    assert not (model.folder / "auditor.db").exists()


@pytest.fixture
def held(model: Project) -> Project:
    """A project whose audit waits after its first training, until the file ``hold`` is gone."""
    model.write("mine.py", HELD)
    model.write("schedules/m.toml", SCHEDULE.replace("sklearn.neighbors:KNeighborsRegressor", "mine:Held"))
    model.write("hold", "")
    return model


def underway(project: Project) -> subprocess.Popen[str]:
    process = project.start("run", "m")
    assert process.stderr.readline().startswith("search: 1")
    return process


def test_two_audits_of_one_model_do_not_meet_and_an_unfinished_one_is_not_shown(held):
    first = underway(held)

    second, shown = held.run("run", "m"), held.run("show", "1")
    (held.folder / "hold").unlink()
    out, err = first.communicate(timeout=PATIENCE)

    assert_said(
        second, f"another process (pid {first.pid}) is auditing 'm'; wait until it is done, or stop it"
    )
    assert_said(shown, "audit 1 is not finished; `auditor run` with its schedule goes on with it")
    assert first.returncode in (0, 1, 3), err
    assert "report: reports/m/" in out
    assert states(held) == ["done"]


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_an_audit_is_not_resumed_on_rows_that_were_touched(held, how):
    process = underway(held)
    process.kill()
    process.communicate()
    (held.folder / "hold").unlink()
    (rows_filed,) = (held.folder / "vault").glob("??/*.parquet")
    content = bytearray(rows_filed.read_bytes())
    content[len(content) // 2] ^= 1
    rows_filed.unlink() if how == "gone" else rows_filed.write_bytes(content)

    ran = held.run("run", "m")
    left = states(held)

    problem = {
        "changed": f"in {str(rows_filed)!r} is not the bytes that were filed (expected ...",
        "gone": f"is not in the vault {str(held.folder / 'vault')!r}; restore the file ...",
    }[how]
    assert_said(ran, f"snapshot {rows_filed.stem[:12]} {problem}")
    assert ran.err.endswith(
        "; restore the file from a backup. This audit cannot be gone on with and is closed: "
        "the same command begins a new one, on fresh rows\n"
    )
    assert left == ["failed"]
    assert len(list(held.folder.glob("reports/m/*-1.html"))) == 1
