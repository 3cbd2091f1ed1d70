"""Estimators that are carried on from a checkpoint, as a worker does it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import (
    Fold,
    Job,
    Layout,
    Part,
    Proposal,
    Round,
    TrainerSpec,
    Trial,
)
from auditor.errors import SnapshotError, TrainerError
from auditor.storage.checkpoints import (
    checkpoint_path,
    file_checkpoint,
    room_for_one,
)
from auditor.storage.stock import Stock
from auditor.storage.vault import FileVault
from auditor.trainers.describe import describe
from auditor.trainers.estimator_files import load, save
from auditor.worker import perform
from tests.fakes import NOON

SGD = TrainerSpec(
    kind="sklearn",
    entry="sklearn.linear_model:SGDClassifier",
    fixed={"loss": "log_loss", "learning_rate": "constant", "max_iter": 4},
)
MLP = TrainerSpec(
    kind="sklearn",
    entry="sklearn.neural_network:MLPClassifier",
    fixed={"hidden_layer_sizes": 4, "max_iter": 4},
)
CONFIGS = {"SGD": {"eta0": 0.01, "alpha": 1e-4}, "MLP": {"learning_rate_init": 0.01, "alpha": 1e-4}}


@pytest.fixture
def vault(tmp_path):
    rng = np.random.default_rng(2)
    features = rng.standard_normal((600, 4))
    rows = pd.DataFrame(features, columns=list("abcd")).assign(
        y=(features[:, 0] + 0.5 * rng.standard_normal(600) > 0).astype(int),
        at=pd.date_range("2026-01-01", periods=600, freq="h"),
    )
    rows.to_parquet(tmp_path / "rows.parquet")
    vault = FileVault(tmp_path / "vault")
    snapshot = vault.file(str(tmp_path / "rows.parquet"), source="rows", time="at", taken_at=NOON)
    return vault, Layout(digest=snapshot.digest, target="y", seed=3, time="at", classes=True, turns=2)


def a_job(vault, trainer, config, phase, *, resume=None, place=0, role=0, seed=5):
    part = Part.START if phase is Round.START else Part.TURN
    proposal = Proposal(config=config, round=phase, fold=Fold(part, place, role), resume_from=resume)
    return Job(
        trial=Trial(id=0, proposal=proposal, seed=seed, horizon=4),
        trainer=trainer,
        layout=vault[1],
        metric="log_loss",
        vault=vault[0].folder,
        timeout_seconds=60,
        memory_bytes=2**31,
    )


@pytest.mark.parametrize(("name", "trainer"), [("SGD", SGD), ("MLP", MLP)])
def test_a_model_begins_is_carried_on_and_reviewed(vault, name, trainer):
    config = CONFIGS[name]
    start = perform(a_job(vault, trainer, config, Round.START))
    turn = perform(a_job(vault, trainer, config, Round.TURN, resume=start.checkpoint))
    as_it_was = perform(a_job(vault, trainer, config, Round.REVIEW, resume=start.checkpoint, role=3))
    as_it_is = perform(a_job(vault, trainer, config, Round.REVIEW, resume=turn.checkpoint, role=4))

    assert None not in (start.checkpoint, turn.checkpoint)
    assert as_it_was.checkpoint is None
    assert np.array_equal(as_it_was.losses, start.losses)  # the start is scored on the first turn's rows
    assert np.array_equal(as_it_is.losses, turn.losses)
    assert not np.array_equal(turn.losses, start.losses)
    assert start.iterations == turn.iterations == 4


@pytest.mark.parametrize(("name", "trainer"), [("SGD", SGD), ("MLP", MLP)])
def test_a_turn_that_is_done_over_leaves_the_same_model_to_the_byte(vault, name, trainer):
    start = perform(a_job(vault, trainer, CONFIGS[name], Round.START))
    again = perform(a_job(vault, trainer, CONFIGS[name], Round.START))
    first, second = (
        perform(a_job(vault, trainer, CONFIGS[name], Round.TURN, resume=start.checkpoint)) for _ in range(2)
    )

    assert again.checkpoint == start.checkpoint
    assert second.checkpoint == first.checkpoint
    assert np.array_equal(second.losses, first.losses)


@pytest.mark.parametrize(
    ("name", "trainer", "setting", "value"),
    [
        ("SGD", SGD, "eta0", 0.1),
        ("SGD", SGD, "alpha", 0.1),
        ("MLP", MLP, "learning_rate_init", 0.1),
        ("MLP", MLP, "alpha", 3.0),
    ],
)
def test_a_turn_heeds_the_nudge(vault, name, trainer, setting, value):
    config = CONFIGS[name]
    start = perform(a_job(vault, trainer, config, Round.START))
    stay = perform(a_job(vault, trainer, config, Round.TURN, resume=start.checkpoint))
    nudge = perform(
        a_job(vault, trainer, {**config, setting: value}, Round.TURN, resume=start.checkpoint, role=1)
    )

    assert np.abs(stay.losses - nudge.losses).max() > 1e-6


def test_what_a_checkpoint_cannot_carry_is_told():
    facts = describe(MLP, CONFIGS["MLP"], "log_loss")

    assert facts.continues
    assert {"hidden_layer_sizes", "max_iter", "solver"} <= facts.uncarried.keys()
    assert not {"learning_rate_init", "alpha", "batch_size", "momentum"} & facts.uncarried.keys()


def test_a_forest_cannot_be_carried_on():
    forest = TrainerSpec(kind="sklearn", entry="sklearn.ensemble:RandomForestClassifier")

    assert not describe(forest, {"max_depth": 3}, "log_loss").continues


def test_a_class_that_the_live_model_does_not_know_fails_the_turn(vault, tmp_path):
    start = perform(a_job(vault, SGD, CONFIGS["SGD"], Round.START))
    rows = pd.read_parquet(tmp_path / "vault" / vault[1].digest[:2] / f"{vault[1].digest}.parquet")
    rows.loc[310:, "y"] = 2
    rows.to_parquet(tmp_path / "new.parquet")
    snapshot = vault[0].file(str(tmp_path / "new.parquet"), source="rows", time="at", taken_at=NOON)
    newer = (vault[0], Layout(digest=snapshot.digest, target="y", seed=3, time="at", classes=True))

    turn = perform(a_job(newer, SGD, CONFIGS["SGD"], Round.TURN, resume=start.checkpoint))

    assert "the class 2 was not among the rows" in turn.failure.message


def test_a_checkpoint_that_is_gone_or_damaged_is_said_to_be(vault):
    start = perform(a_job(vault, SGD, CONFIGS["SGD"], Round.START))
    path = checkpoint_path(vault[0].folder, start.checkpoint)

    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SnapshotError, match="not the bytes that were filed"):
        checkpoint_path(vault[0].folder, start.checkpoint)

    stock = Stock(Path(vault[0].folder))
    assert stock.drop_checkpoints([start.checkpoint]) > 0
    assert stock.checkpoints() == ()
    with pytest.raises(SnapshotError, match="is not in the vault"):
        perform(a_job(vault, SGD, CONFIGS["SGD"], Round.TURN, resume=start.checkpoint))


def test_a_failed_training_leaves_nothing(vault, tmp_path):
    refused = perform(a_job(vault, SGD, {"eta0": -1.0}, Round.START))

    assert refused.failure is not None
    assert list((tmp_path / "vault" / "checkpoints").iterdir()) == []


def test_a_file_that_holds_strange_classes_is_refused(tmp_path):
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
    model.note_ = pd.Timestamp("2026-01-01")

    with pytest.raises(Exception, match="checkpoint"):
        save(model, tmp_path / "checkpoint", entry="shop.models:build")
    (tmp_path / "checkpoint").write_bytes(b"PK no archive")
    with pytest.raises(TrainerError, match="no checkpoint that can be read"):
        load(tmp_path / "checkpoint", entry="shop.models:build")


def test_filing_the_same_model_twice_keeps_one(tmp_path):
    digests = set()
    for _ in range(2):
        with room_for_one(str(tmp_path)) as path:
            path.write_bytes(b"weights")
            digests.add(file_checkpoint(str(tmp_path), path))

    assert len(digests) == 1
    assert Stock(tmp_path).checkpoints() == (digests.pop(),)
