"""What SQLite is asked to promise at a commit, and what a ledger leaves behind."""

import gc
from pathlib import Path

import pytest

from auditor.storage.database import for_writing, open_engine
from auditor.storage.ledger import SqlLedger

NORMAL, FULL = 1, 2  # as SQLite numbers them


@pytest.mark.parametrize(("at_once", "level"), [(True, FULL), (False, NORMAL)])
def test_a_commit_waits_for_the_disk_only_where_it_is_asked_to(
    tmp_path: Path, at_once: bool, level: int
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/rows.db")

    for other in (not at_once, at_once):  # one connection serves both in turn
        with for_writing(engine, at_once=other).begin() as connection:
            found = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    assert found == level
    engine.dispose()


def test_a_ledger_that_is_let_go_leaves_one_file(tmp_path: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path}/auditor.db")
    assert ledger.latest() == ()

    del ledger
    gc.collect()

    assert [path.name for path in tmp_path.iterdir()] == ["auditor.db"]
