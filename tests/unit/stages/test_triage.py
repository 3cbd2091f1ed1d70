"""What moved, on snapshots in memory, and the walk that carries it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import Budget, Call, DataSpec
from auditor.stages.capture import capture
from auditor.stages.triage import drift_between
from tests.fakes import NOON, MemoryVault
from tests.planted import ROWS, Planted, a_plan, a_world, bowl

DATA = DataSpec(source="memory", target="y")
SMALL = a_plan(budget=Budget(trials=6))
OLD = {"rate": 1e-3, "share": 0.5}
UNMOVED = Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.03)
HOSTILE = ("<script>", "\u202eexe", "a" * 300, "'; drop table", "\N{GRINNING FACE}")


def rows(seed=0, **columns):
    rng = np.random.default_rng(seed)
    return {"y": rng.standard_normal(ROWS), "x": rng.standard_normal(ROWS), **columns}


def filed(vault, columns, tmp_path):
    path = tmp_path / "rows.npz"
    np.savez(path, **columns)
    return vault.file(str(path), source="memory", time=None, taken_at=NOON).digest


@pytest.fixture
def drift_of(tmp_path):
    vault = MemoryVault()

    def measure(then, now, data=DATA):
        return drift_between(
            filed(vault, then, tmp_path), filed(vault, now, tmp_path), data=data, vault=vault
        )

    return measure


def names(columns):
    return [column.name for column in columns]


def test_a_column_that_moved_is_told_from_those_that_did_not(drift_of):
    now = rows(1, z=np.random.default_rng(2).standard_normal(ROWS))

    drift = drift_of(rows(z=np.zeros(ROWS)), now)

    assert [column.moved for column in drift.columns] == [True, False]
    assert names(drift.columns) == ["z", "x"]
    assert drift.headline == "1 of 2 columns moved, z most; the target held"
    assert (drift.rows_then, drift.rows_now) == (ROWS, ROWS)


def test_a_target_that_moved_stands_by_itself(drift_of):
    drift = drift_of(rows(), rows(1, y=np.random.default_rng(3).standard_normal(ROWS) + 1.0))

    assert drift.target.moved
    assert names(drift.columns) == ["x"]
    assert drift.headline == "none of 1 column moved; the target moved"


def test_time_and_group_are_not_columns_that_can_move(drift_of):
    days = np.datetime64("2026-01-01T00:00:00") + np.arange(ROWS) * np.timedelta64(1, "h")
    group = np.arange(ROWS).astype(str)
    data = replace(DATA, time="t", group="g")

    drift = drift_of(rows(t=days, g=group), rows(1, t=days + np.timedelta64(90, "D"), g=group), data)

    assert names(drift.columns) == ["x"]
    assert drift.first_now - drift.first_then == drift.last_now - drift.last_then == timedelta(days=90)
    assert "in time order" in drift.assumes


def test_numbers_as_times_have_no_range_of_dates(drift_of):
    drift = drift_of(rows(t=np.arange(ROWS)), rows(t=np.arange(ROWS)), replace(DATA, time="t"))

    assert drift.first_then is drift.last_now is None


def test_columns_come_go_and_change_their_kind(drift_of):
    text = np.full(ROWS, "a")

    drift = drift_of(rows(old=text, code=text), rows(new=text, code=np.arange(ROWS)))

    assert (drift.appeared, drift.gone) == (("new",), ("old",))
    assert [(change.what, change.then, change.now) for change in drift.retyped] == [
        ("code", "categorical", "numeric")
    ]
    assert names(drift.columns) == ["x"]


def test_what_the_schedule_drops_neither_comes_nor_goes(drift_of):
    drift = drift_of(rows(secret=np.arange(ROWS)), rows(), replace(DATA, drop=("secret",)))

    assert drift.gone == ()


def test_a_target_of_another_kind_cannot_be_compared(drift_of):
    drift = drift_of(rows(y=np.full(ROWS, "yes")), rows())

    assert drift.target is None
    assert "the target cannot be compared" in drift.headline


def test_hostile_names_are_names(drift_of):
    columns = {f"column {name}"[:200]: np.full(ROWS, name) for name in HOSTILE}

    drift = drift_of(rows(**columns), rows(**columns))

    assert set(columns) < {*names(drift.columns)}
    assert not any(column.moved for column in drift.columns)


# ---------------------------------------------------------------- in the walk


def test_the_first_audit_knows_of_no_older_rows():
    assert a_world(UNMOVED, OLD).audit(SMALL).audit.drift is None


def test_later_audits_compare_with_the_first_that_was_finished():
    world = a_world(UNMOVED, OLD)
    for shift in (0.0, 1.0, 2.0):
        world.sources.columns = {"y": np.random.default_rng(0).standard_normal(ROWS) + shift}
        last = world.audit(SMALL).audit

    assert last.drift.reference == world.vault.digests[0]
    assert last.drift.target.moved
    assert last.call is Call.FRESH
    assert audit_from_json(audit_to_json(last)) == last


def test_rows_that_were_captured_go_before_those_of_the_first_audit():
    world = a_world(UNMOVED, OLD)
    world.audit(SMALL)
    world.sources.columns = {"y": np.arange(float(ROWS))}
    world.audit(SMALL)
    captured = world.vault.digests[1]
    capture(SMALL, world.tools, snapshot=captured)

    assert world.audit(SMALL).audit.drift.reference == captured


def test_rows_of_then_that_are_gone_are_told_and_fail_nothing():
    world = a_world(UNMOVED, OLD)
    world.audit(SMALL)
    world.sources.columns = {"y": np.arange(float(ROWS))}
    world.vault.forget(world.vault.digests[0])

    audit = world.audit(SMALL).audit

    assert audit.error is None
    assert audit.drift.headline.startswith("what moved cannot be told: snapshot ")
    assert audit.drift.columns == ()
