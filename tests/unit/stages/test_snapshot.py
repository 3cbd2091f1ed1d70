"""Fresh rows are filed, and set aside before anything is searched."""

from pathlib import Path

import numpy as np
import pytest

from auditor.core.records import DataSpec, Margin, Policy, TrainerFacts
from auditor.errors import DataError, SnapshotError
from auditor.stages.snapshot import lay_out, take_snapshot
from tests.planted import ROWS, Planted, a_plan, a_world, bowl

NUMBERS = TrainerFacts(classifier=False, curve=None, defaults={})
CLASSES = TrainerFacts(classifier=True, curve=None, defaults={})


@pytest.fixture
def world():
    return a_world(Planted(truth=bowl()), {"rate": 0.1, "share": 0.5})


def laid_out(world, plan=None, *, facts=NUMBERS, seed=1):
    plan = plan or a_plan()
    return lay_out(plan, take_snapshot(plan, world.tools), seed=seed, facts=facts, tools=world.tools)


def scored_by(metric, **changes):
    return a_plan(policy=Policy(metric=metric, margin=Margin(0.01, relative=True)), **changes)


def test_a_snapshot_is_filed_under_the_digest_of_its_rows(world):
    first, again = (take_snapshot(a_plan(), world.tools) for _ in range(2))
    world.sources.columns = {"y": np.arange(ROWS)}
    other = take_snapshot(a_plan(), world.tools)

    assert first == again
    assert world.vault.digests == (first.digest, other.digest)
    assert (first.rows, first.source, first.taken_at) == (ROWS, "memory", world.clock.now())


def test_nothing_is_left_where_rows_were_fetched_to(world):
    folders = []
    fetch = world.sources.fetch
    world.sources.fetch = lambda spec, into, *, held: folders.append(into) or fetch(spec, into)

    take_snapshot(a_plan(), world.tools)

    assert not Path(folders[0]).exists()


def test_rows_are_set_aside_by_the_audit_s_seed(world):
    layout, partition = laid_out(world)
    same, other = laid_out(world)[1], laid_out(world, seed=2)[1]

    assert layout.seed == 1
    assert np.array_equal(np.sort(np.concatenate([partition.search, partition.confirm])), np.arange(ROWS))
    assert np.array_equal(partition.confirm, same.confirm)
    assert not np.array_equal(partition.confirm, other.confirm)


def test_the_metric_says_whether_the_target_is_a_class_and_where_it_does_not_the_trainer_does(world):
    world.sources.columns = {"y": np.arange(ROWS) % 2}

    assert laid_out(world, scored_by("log_loss"))[0].classes
    assert not laid_out(world, scored_by("squared_error"), facts=CLASSES)[0].classes
    assert laid_out(world, scored_by("neg_max_error"), facts=CLASSES)[0].classes
    assert not laid_out(world, scored_by("neg_max_error"))[0].classes


def test_rows_of_a_group_stay_together(world):
    groups = np.arange(ROWS) // 4
    world.sources.columns = {"y": np.arange(ROWS), "who": groups}

    layout, partition = laid_out(world, a_plan(data=DataSpec(source="memory", target="y", group="who")))

    assert layout.group == "who"
    assert not set(groups[partition.search]) & set(groups[partition.confirm])


def test_too_few_rows_are_refused_by_the_name_of_their_source(world):
    world.sources.columns = {"y": np.arange(30)}

    with pytest.raises(DataError, match=r"^memory: .*30 rows"):
        laid_out(world)


def test_a_snapshot_that_is_gone_is_refused(world):
    snapshot = take_snapshot(a_plan(), world.tools)
    world.vault.forget(snapshot.digest)

    with pytest.raises(SnapshotError):
        lay_out(a_plan(), snapshot, seed=1, facts=NUMBERS, tools=world.tools)


def test_a_target_of_text_is_refused_where_numbers_are_predicted(world):
    world.sources.columns = {"y": np.array(["u", "v"] * (ROWS // 2))}

    with pytest.raises(DataError, match=r"'y' \(data.target\) holds 'u', which is no number"):
        laid_out(world)
    assert laid_out(world, scored_by("log_loss"), facts=CLASSES)[0].classes
