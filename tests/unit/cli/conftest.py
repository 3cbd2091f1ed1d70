"""The command line in this process: arguments in; what was said, and the exit code, out."""

import shutil
import sys
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from auditor import cli
from auditor.storage.schema import make_empty
from tests.planted import Planted, World, a_world, bowl

SCHEDULE = """
model = "{model}"

[production]
rate = 1e-3
share = 0.5

[data]
source = "memory.csv"
target = "y"

[trainer]
estimator = "sklearn.linear_model:Ridge"

[search.rate]
scale = "log"
low = 1e-4
high = 1.0

[search.share]
low = 0.0
high = 1.0

[policy]
metric = "squared_error"
margin = "1%"
"""

OLD = {"rate": 1e-3, "share": 0.5}


@dataclass(frozen=True)
class Ran:
    """What a command left with, and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Project:
    """A folder with schedules, where audits are made of fakes."""

    folder: Path
    world: World
    run: Callable[..., Ran]
    opened: list[dict[str, Any]] = field(default_factory=list)

    def declare(self, name: str = "churn", *, model: str = "churn", text: str | None = None) -> None:
        (self.folder / "schedules" / f"{name}.toml").write_text(text or SCHEDULE.format(model=model))

    def plant(self, work: Planted) -> None:
        """Put another truth into the world."""
        self.world.executor = a_world(work, OLD).executor


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """Return a database as the first command of a project makes it, once for all projects."""
    path = tmp_path_factory.mktemp("database") / "auditor.db"
    make_empty(f"sqlite:///{path}")
    return path


@pytest.fixture
def project(tmp_path, monkeypatch, capsys, empty_database):
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "VAULT", "REPORTS", "SCHEDULES", "EXECUTOR", "NOTIFY"):
        monkeypatch.delenv(f"AUDITOR_{name}", raising=False)
    (tmp_path / "schedules").mkdir()

    def run(*arguments: str) -> Ran:
        if arguments[0] == "run" and not (tmp_path / "auditor.db").exists():
            shutil.copyfile(empty_database, tmp_path / "auditor.db")
        monkeypatch.setattr(sys, "argv", ["auditor", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    made = Project(tmp_path, a_world(Planted(truth=bowl(rate=0.1), noise=0.05), OLD), run)

    @contextmanager
    def open_tools(settings, *, workers, progress, fence=None):
        made.opened.append({"settings": settings, "workers": workers})
        yield replace(made.world.tools, progress=progress)

    # wiring last: a module that is first imported here must find the real one to be given back.
    monkeypatch.setattr("auditor.cli.checking.open_tools", open_tools)
    monkeypatch.setattr("auditor.interface.open_tools", open_tools)
    monkeypatch.setattr("auditor.daemon.by_hand.open_tools", open_tools)
    monkeypatch.setattr("auditor.storage.glance.glance", lambda url: None)  # the ledger is a fake
    monkeypatch.setattr("auditor.wiring.open_tools", open_tools)
    monkeypatch.setattr("auditor.wiring.open_ledger", lambda settings: made.world.ledger)
    monkeypatch.setattr("auditor.wiring.ledger_to_read", lambda settings: nullcontext(made.world.ledger))
    monkeypatch.setattr("auditor.wiring.open_publisher", lambda settings: made.world.publisher)
    return made
