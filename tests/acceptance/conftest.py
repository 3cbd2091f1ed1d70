"""A project folder, and the command line as a user runs it: a real process, in that folder."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import psutil
import pytest

if TYPE_CHECKING:
    from tests.acceptance.daemons import Books


PATIENCE = 300.0
"""Seconds; nothing here takes so long by itself, but the machine may be busy."""


@dataclass(frozen=True)
class Ran:
    """What a command said and left with."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.out)


@dataclass(frozen=True)
class Project:
    """A folder with schedules, in which commands are run."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file, whole or not at all: what runs may read it at any moment."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_text(text)
        return part.replace(path)

    def rows(self, frame: pd.DataFrame, name: str = "rows.parquet") -> Path:
        path = self.folder / name
        frame.to_parquet(path)
        return path

    def hold(self, trainings: int) -> None:
        """Let trainings of `HELD` wait once there were so many, until they are let go."""
        self.write("hold", str(trainings))

    def let_go(self) -> None:
        (self.folder / "hold").unlink()

    @property
    def trained(self) -> int:
        """How many trainings of `HELD` have begun."""
        path = self.folder / "trained"
        return path.stat().st_size if path.exists() else 0

    @property
    def waits(self) -> bool:
        """Whether a training waits."""
        return self.trained > int((self.folder / "hold").read_text())

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AUDITOR_")}
        # Any free port: what runs beside has the usual one.
        return {**kept, "COLUMNS": "200", "AUDITOR_LISTEN": "127.0.0.1:0", **extra}

    def run(self, *arguments: str, timeout: float = PATIENCE, **extra: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "auditor", *arguments],
            cwd=self.folder,
            env=self.environment(**extra),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "auditor", *arguments],
            cwd=self.folder,
            env=self.environment(**extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def halt(self, pid: int) -> None:
        """Stop the process, but not while it has the ledger to itself: nobody else could write."""
        process = psutil.Process(pid)
        for _ in range(50):
            process.suspend()
            while (status := process.status()) != psutil.STATUS_STOPPED:  # the kernel takes its time
                assert status != psutil.STATUS_ZOMBIE, f"process {pid} has ended"
                time.sleep(0.01)
            try:
                with closing(sqlite3.connect(self.folder / "auditor.db", timeout=1.0)) as ledger:
                    ledger.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.resume()
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"process {pid} writes all the time")


def wait_until(true: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "schedules").mkdir()
    return Project(tmp_path)


@pytest.fixture(scope="session")
def waves() -> Callable[..., pd.DataFrame]:
    """Rows of a smooth signal under noise: the best number of neighbours is known to be in the dozens."""

    def make(rows: int, *, noise: float, seed: int) -> pd.DataFrame:
        chance = np.random.default_rng(seed)
        a, b = chance.uniform(-3.0, 3.0, (2, rows))
        target = np.sin(a) + 0.5 * np.cos(b) + noise * chance.standard_normal(rows)
        return pd.DataFrame({"a": a, "b": b, "y": target})

    return make


NEIGHBOURS = """
model = "waves"

[production]
n_neighbors = {neighbours}
weights = "uniform"

[data]
source = "rows.parquet"
target = "y"

[trainer]
estimator = "sklearn.neighbors:KNeighborsRegressor"

[search.n_neighbors]
scale = "log"
integer = true
low = 2
high = 150

[search.weights]
choices = ["uniform", "distance"]

[policy]
metric = "squared_error"
margin = "{margin}"

[budget]
trials = 24
"""
"""A schedule that audits the neighbours of ``waves``."""

HELD = """
import time
from pathlib import Path

from sklearn.neighbors import KNeighborsRegressor


class Held(KNeighborsRegressor):
    def fit(self, X, y):
        with open("trained", "a") as trained:
            trained.write("x")
        while self.has_to_wait():
            time.sleep(0.01)
        return super().fit(X, y)

    def has_to_wait(self):
        try:
            return Path("trained").stat().st_size > int(Path("hold").read_text())
        except FileNotFoundError:
            return False
"""
"""A model whose trainings wait where `Project.hold` says: a test may act in the middle of an audit."""


@pytest.fixture
def books(project: Project) -> Iterator["Books"]:
    """What the database of the project says."""
    from tests.acceptance.daemons import Books

    with closing(Books(project)) as found:
        yield found


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, waves):
    """The findings of an audit that nothing disturbs."""
    from tests.acceptance.test_interruptions import findings, prepared

    project = prepared(tmp_path_factory.mktemp("undisturbed"), waves)
    return findings(project.run("run", "waves", "--seed", "11", "--json").facts)
