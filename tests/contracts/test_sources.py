"""Promises of ``ports.Sources``, over every implementation, each with a vault that takes its rows."""

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from auditor.backtest.stand_ins import Replayed
from auditor.core.records import CodeVersion, DataSpec, Environment, ProductionSpec, TrainerSpec
from auditor.errors import CaptureError, DataError
from auditor.executors.inline import InlineExecutor
from auditor.executors.pool import PoolExecutor
from auditor.ports import Executor, Sources, Vault
from auditor.sources import LocalSources
from auditor.storage.vault import FileVault
from tests import workloads
from tests.fakes import NOON, FixedSources, MemoryVault

PORT = Sources
IMPLEMENTATIONS = (LocalSources, Replayed, FixedSources)

SETTINGS = {"rate": 0.1, "depth": 3, "name": "relu"}
TRAINER = TrainerSpec(kind="sklearn", entry="sklearn.linear_model:Ridge")
CODE = CodeVersion(trainer=TRAINER.entry, digest="c" * 64, commit=None)
MACHINE = Environment(
    python="3.11.9",
    platform="Linux",
    cpu="Xeon",
    cores=2,
    memory_bytes=2**33,
    gpu=None,
    driver=None,
    blas="openblas",
    packages={"numpy": "2.0"},
)
DAYS = np.array(["2026-01-03", "2026-01-01", "2026-01-04", "2026-01-02"], dtype="datetime64[us]")
COLUMNS = {"day": DAYS, "x": np.array([3.0, 1.0, 4.0, 2.0]), "y": np.array([0, 1, 0, 1])}

FUNCTION = """
import os, pandas

def settings():
    return {"rate": 0.1, "process": os.getpid()}

def rows():
    frame = pandas.read_parquet("rows.parquet")
    return frame.assign(x=float(os.getpid()))
"""


@dataclass
class Place:
    """Sources, a vault for their rows, and how they are told what to read.

    Attributes
    ----------
    having
        Returns sources that have these settings and these columns.
    reads_files
        Whether they read what lies in the current folder.
    """

    having: Callable[[dict[str, Any], dict[str, Any]], Sources]
    vault: Vault
    reads_files: bool

    def sources(self, settings: dict[str, Any] = SETTINGS, columns: dict[str, Any] = COLUMNS) -> Sources:
        return self.having(settings, columns)

    def filed(self, sources: Sources, spec: DataSpec) -> dict[str, list[Any]]:
        """Fetch rows into the vault, and return what it then holds."""
        folder = Path("into")
        folder.mkdir()
        path = sources.fetch(spec, str(folder))
        assert [str(each) for each in folder.iterdir()] == [path]
        snapshot = self.vault.file(path, source="rows", time=spec.time, taken_at=NOON)
        self.vault.verify(snapshot.digest)
        names = [column.name for column in snapshot.columns]
        return {name: list(found) for name, found in self.vault.read(snapshot.digest, names).items()}


def spec_of(**changes: Any) -> DataSpec:
    return DataSpec(**{"source": "rows.parquet", "target": "y", "time": "day"} | changes)


@pytest.fixture(scope="module", params=["inline", "pool"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "inline":
        yield InlineExecutor(workloads.obey)
        return
    with closing(PoolExecutor(workloads.obey, 1, libraries=["pandas", "pyarrow.parquet"])) as pool:
        yield pool


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda kind: kind.__name__)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    if request.param is FixedSources:
        return Place(
            lambda settings, columns: FixedSources(settings, columns, MACHINE, CODE), MemoryVault(), False
        )
    local = LocalSources(InlineExecutor(workloads.obey).call)

    def having(settings: dict[str, Any], columns: dict[str, Any]) -> Sources:
        if columns:
            pd.DataFrame(columns).to_parquet("rows.parquet")
        return Replayed(local, code_now=CODE) if request.param is Replayed else local

    return Place(having, FileVault(tmp_path / "vault"), True)


def test_production_is_every_setting_by_name_with_its_text_and_its_origin(place: Place) -> None:
    found = place.sources().production(ProductionSpec(inline=SETTINGS), TRAINER)

    assert [(one.name, one.value) for one in found] == sorted(SETTINGS.items())
    assert all(one.raw and one.origin for one in found)
    assert place.sources().production(ProductionSpec(inline=SETTINGS), TRAINER) == found


def test_production_without_settings_is_an_error(place: Place) -> None:
    with pytest.raises(CaptureError, match="no settings"):
        place.sources({}).production(ProductionSpec(), TRAINER)


def test_rows_come_whole_and_in_the_order_of_time(place: Place) -> None:
    found = place.filed(place.sources(), spec_of())

    assert {name: found[name] for name in ("x", "y")} == {"x": [1.0, 2.0, 3.0, 4.0], "y": [1, 1, 0, 0]}
    assert sorted(found) == ["day", "x", "y"]


def test_rows_without_a_time_keep_their_order(place: Place) -> None:
    assert place.filed(place.sources(), spec_of(time=None))["x"] == [3.0, 1.0, 4.0, 2.0]


def test_only_rows_of_the_window_come(place: Place) -> None:
    since = datetime(2026, 1, 2, tzinfo=UTC)

    found = place.filed(place.sources(), spec_of(since=since, until=since + timedelta(days=2)))

    assert found["x"] == [2.0, 3.0]


@pytest.mark.parametrize("column", ["target", "time", "group"])
def test_a_declared_column_that_is_not_there_is_named(place: Place, column: str) -> None:
    (Path("into")).mkdir()

    with pytest.raises(DataError, match="'colour'"):
        place.sources().fetch(spec_of(**{column: "colour"}), "into")

    assert list(Path("into").iterdir()) == []


def test_a_source_without_rows_is_an_error(place: Place) -> None:
    empty = {name: column[:0] for name, column in COLUMNS.items()}

    with pytest.raises(DataError):
        place.filed(place.sources(columns=empty), spec_of())


@pytest.mark.parametrize("damage", ["missing", "truncated"])
def test_a_file_that_is_missing_or_cut_short_is_one_line_and_leaves_nothing(
    place: Place, damage: str
) -> None:
    if not place.reads_files:
        return
    sources, path = place.sources(), Path("rows.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    Path("into").mkdir()

    with pytest.raises(DataError) as told:
        sources.fetch(spec_of(source="gone.parquet" if damage == "missing" else str(path)), "into")

    assert "\n" not in str(told.value)
    assert list(Path("into").iterdir()) == []


def test_no_password_of_a_database_is_told(place: Place) -> None:
    if not place.reads_files:
        return
    source = "postgresql+psycopg://ann:hunter2@127.0.0.1:1/shop"

    with pytest.raises(DataError) as told:
        place.sources().fetch(spec_of(source=source, query="SELECT 1"), str(Path.cwd()))

    assert "hunter2" not in str(told.value)


def test_the_machine_and_the_code_are_the_same_when_asked_again(place: Place) -> None:
    sources = place.sources()

    assert sources.environment() == sources.environment()
    assert sources.code(TRAINER) == sources.code(TRAINER)
    assert sources.code(TRAINER).trainer == TRAINER.entry
    assert len(sources.code(TRAINER).digest) == 64


def test_user_code_runs_where_the_executor_runs_it(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"shop_{os.urandom(3).hex()}"
    Path(f"{name}.py").write_text(FUNCTION)
    pd.DataFrame(COLUMNS).to_parquet("rows.parquet")
    sources = LocalSources(executor.call)

    found = sources.production(ProductionSpec(origin=f"python:{name}:settings"), TRAINER)
    rows = pd.read_parquet(sources.fetch(spec_of(source=f"{name}:rows"), str(tmp_path)))

    here = {
        next(one.value for one in found if one.name == "process") == os.getpid(),
        rows["x"][0] == os.getpid(),
    }
    assert here == {isinstance(executor, InlineExecutor)}
    assert math.isclose(rows["y"].sum(), 2)
    assert (name in sys.modules) == isinstance(executor, InlineExecutor)
