"""Networks through the trainer: the same as torch's own loop, and failures that say what is wrong."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from auditor.core.metrics import metric_named
from auditor.core.records import FailureKind, Fold, Part
from auditor.errors import TrainerError
from auditor.sources.vendors import settings_of_vendor
from auditor.trainers.describe import describe
from auditor.trainers.networks.alone import begin
from auditor.trainers.networks.alone import train as go_on
from auditor.trainers.networks.chance import order
from auditor.trainers.networks.checkpoints import read, restore, save
from auditor.trainers.networks.losses import LOSSES, loss_named
from auditor.trainers.networks.modules import mlp
from auditor.trainers.networks.recipes import Recipe
from auditor.trainers.networks.tensors import learned, tables_of
from auditor.trainers.rows import fold_rows, take
from auditor.trainers.train import train
from auditor.trainers.training import Carry
from tests.integration.networks.networks import HERE, frame, job

FRAME = frame()


def opened(given):
    rows = fold_rows(FRAME, given.layout, given.trial.proposal.fold)
    fit, score = take(FRAME, given.layout, rows.fit), take(FRAME, given.layout, rows.score)
    encoding = learned(fit, classes=given.layout.classes)
    return fit, score, tables_of(fit, score.features, encoding, apart=False)


def failure(given):
    result = train(given, FRAME)
    assert result.failure is not None, "the trial did not fail"
    return result.failure.kind, result.failure.message


class TestTensors:
    def test_numbers_are_standardised_by_the_rows_fitted_on_and_gaps_are_told(self):
        fit, score, tables = opened(job({}))

        known = fit.features["b"].dropna()
        expected = (score.features["b"] - known.mean()) / known.std(ddof=0)
        assert tables.inputs == 2 + 1 + 1 + 4  # a, b, flag; where b is missing; three carriers and none
        assert np.allclose(tables.score[0][:, 1], expected.fillna(0.0), atol=1e-5)
        assert torch.equal(tables.score[0][:, 3].bool(), torch.tensor(score.features["b"].isna().to_numpy()))
        assert tables.fit[0].dtype is torch.float32
        assert abs(float(tables.fit[0][:, 0].mean())) < 1e-6

    def test_a_category_that_was_not_seen_is_the_unknown_one(self):
        fit, score, _ = opened(job({}))
        stranger = score.features.assign(carrier="ZZ")

        tables = tables_of(fit, stranger, learned(fit, classes=True), apart=True)

        assert tables.categories == (4,)
        assert set(tables.score[1][:, 0].tolist()) == {0}
        assert set(tables.fit[1][:, 0].tolist()) == {0, 1, 2, 3}

    def test_a_column_without_a_number_or_without_spread_does_no_harm(self):
        fit, score, _ = opened(job({}))
        odd = [rows.features.assign(empty=np.nan, same=4.0, endless=np.inf) for rows in (fit, score)]

        rows = type(fit)(odd[0], fit.target)
        tables = tables_of(rows, odd[1], learned(rows, classes=True), apart=False)

        assert all(bool(torch.isfinite(tensor).all()) for tensor in (*tables.fit, *tables.score))


@pytest.mark.parametrize(
    ("config", "theirs"),
    [
        ({"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
         lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, nesterov=True)),
        ({"optimizer": "adam", "learning_rate": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-6},
         lambda w: torch.optim.Adam(w, lr=0.01, betas=(0.8, 0.99), eps=1e-6)),
        ({"optimizer": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
         lambda w: torch.optim.AdamW(w, lr=0.01, weight_decay=0.1)),
        ({"optimizer": "rmsprop", "learning_rate": 0.01, "alpha": 0.9, "momentum": 0.5, "centered": True},
         lambda w: torch.optim.RMSprop(w, lr=0.01, alpha=0.9, momentum=0.5, centered=True)),
    ],
)  # fmt: skip
def test_the_losses_are_those_of_a_loop_written_by_hand(config, theirs):
    given = job({**config, "epochs": 4, "batch_size": 20, "hidden_units": 8})
    _, score, tables = opened(given)
    torch.manual_seed(7)  # noqa: TID251 - as the trainer does
    net = nn.Sequential(nn.Linear(tables.inputs, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = theirs(net.parameters())
    for epoch in range(4):
        for rows in order(7, epoch, len(tables.target)).split(20):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(tables.fit[0][rows]), tables.target[rows]).backward()
            optimizer.step()
    with torch.no_grad():
        chances = torch.softmax(net(tables.score[0]), 1).numpy()

    result = train(given, FRAME)

    own = np.where(score.target == "late", chances[:, 0], chances[:, 1])
    assert result.failure is None
    assert np.allclose(result.losses, -np.log(np.clip(own, 1e-3, 1 - 1e-3)), atol=2e-4)
    assert [point.step for point in result.curve] == [1, 2, 3, 4]
    assert result.curve[-1].loss == pytest.approx(result.loss, rel=1e-6)
    assert result.iterations == 4


class TestTrainings:
    def test_the_same_seed_gives_the_same_bits_and_another_does_not(self):
        given = {"dropout": 0.3, "epochs": 3}

        first, again, other = (train(job(given, seed=seed), FRAME) for seed in (1, 1, 2))

        assert np.array_equal(first.losses, again.losses)
        assert not np.array_equal(first.losses, other.losses)

    def test_a_share_of_a_training_is_the_beginning_of_the_whole(self):
        given = {"epochs": 6, "decay": "cosine", "dropout": 0.2}

        whole, third = train(job(given), FRAME), train(job(given, fidelity=1 / 3), FRAME)

        assert third.iterations == 2
        assert third.curve == whole.curve[:2]

    def test_a_confirming_training_draws_no_curve(self):
        assert train(job({"epochs": 2}, fold=Fold(Part.CONFIRM, 0, 1)), FRAME).curve == ()

    @pytest.mark.parametrize("metric", ["squared_error", "absolute_error", "neg_mean_squared_error", "r2"])
    def test_numbers_are_predicted_in_their_own_unit(self, metric):
        given = job(
            {"learning_rate": 0.02, "epochs": 20},
            target="delay",
            metric=metric,
            **({} if metric != "r2" else {"loss": "mse"}),
        )
        _, score, _ = opened(given)

        result = train(given, FRAME)

        spread = {"r2": 1.0, "absolute_error": np.abs(score.target - score.target.mean()).mean()}
        assert result.failure is None
        assert result.loss < 0.5 * spread.get(metric, score.target.var())

    @pytest.mark.parametrize("metric", ["log_loss", "brier", "zero_one", "auc", "balanced_accuracy"])
    @pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
    def test_classes_are_predicted_for_every_metric(self, metric, loss):
        result = train(job({"learning_rate": 0.02}, metric=metric, loss=loss), FRAME)

        assert result.failure is None
        assert math.isfinite(result.loss)
        assert result.loss < 0.55

    def test_categories_go_to_a_module_that_embeds_them(self):
        given = job({"width": 2, "learning_rate": 0.05}, entry=f"{HERE}:Embedded")

        result = train(given, FRAME)

        assert result.failure is None
        assert result.loss < 0.55

    def test_users_own_tensors_and_loss_are_used(self):
        given = job(
            {"learning_rate": 0.05},
            target="delay",
            metric="absolute_error",
            dataset=f"{HERE}:only_a",
            loss=f"{HERE}:pinball",
        )

        result = train(given, FRAME)

        assert result.failure is None
        assert result.loss < 25

    def test_a_setting_that_nobody_reads_is_refused_with_the_nearest_that_somebody_would(self):
        assert failure(job({"hiden_units": 8, "epochs": 1})) == (
            FailureKind.REJECTED,
            "nobody reads the setting 'hiden_units', neither the training loop nor "
            "auditor.trainers.networks.modules:mlp; did you mean 'hidden_units'?",
        )

    def test_weights_that_run_away_are_a_divergence(self):
        kind, message = failure(job({"optimizer": "sgd", "learning_rate": 1e30}))

        assert kind is FailureKind.DIVERGED
        assert message == "the weights are no finite numbers any more after epoch 1"

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"entry": f"{HERE}:no_module"}, "gives 'int', which is no torch.nn.Module"),
            ({"entry": f"{HERE}:squeezd"}, "has no 'squeezd'; did you mean 'squeezed'?"),
            ({"dataset": f"{HERE}:too_few"}, "it must give one entry a row"),
        ],
    )
    def test_what_is_wrong_with_user_code_is_said(self, changes, words):
        kind, message = failure(job({"epochs": 1}, **changes))

        assert kind is FailureKind.ERROR
        assert words in message


class TestDescriptions:
    def test_a_network_has_a_curve_and_the_defaults_of_its_optimizer(self):
        facts = describe(job({}).trainer, {"optimizer": "sgd", "momentum": 0.9}, "log_loss")

        assert (facts.classifier, facts.curve) == (True, "epochs")
        assert facts.defaults["momentum"] == 0.0
        assert "beta1" not in facts.defaults

    @pytest.mark.parametrize(
        ("config", "options", "metric", "message"),
        [
            ({"momentum": 0.9}, {}, "log_loss",
             "the optimizer 'adam' has no 'momentum' (sgd and rmsprop have); leave it out of production"),
            ({}, {"loss": "mse"}, "log_loss",
             "the loss 'mse' is for numbers, and the metric 'log_loss' for class labels"),
            ({}, {}, "r2", "the metric 'r2' does not say what to train for; give trainer.loss: "
             "cross_entropy, binary_cross_entropy, mse, mae, huber, or an import path"),
            ({}, {"device": "cuda:7"}, "log_loss",
             "there is no device 'cuda:7' here; allowed: cpu, auto, or what torch calls it (cuda:0)"),
            ({"beta1": 2}, {}, "log_loss",
             "auditor.trainers.networks.modules:mlp: beta1 must lie in [0, 1), got 2"),
        ],
    )  # fmt: skip
    def test_a_bad_schedule_fails_at_once(self, config, options, metric, message):
        with pytest.raises(TrainerError) as raised:
            describe(job({}, **options).trainer, config, metric)

        assert str(raised.value) == message

    def test_the_losses_of_schedules_are_those_of_the_trainer(self):
        from auditor.declarations.trainers import LOSSES as DECLARED

        assert set(DECLARED) == set(LOSSES)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop"])
def test_a_training_goes_on_from_its_checkpoint_as_if_it_had_never_stopped(optimizer: str, tmp_path: Path):
    _, _, tables = opened(job({}))
    config = {"optimizer": optimizer, "dropout": 0.2}
    recipe = Recipe(optimizer=optimizer, learning_rate=0.01, momentum=0.5 if optimizer == "sgd" else 0.0)
    plan = {"loss": loss_named(None, metric_named("log_loss")), "seed": 3}

    def fresh(seed: int):
        torch.manual_seed(seed)  # noqa: TID251 - as the trainer does
        return begin(mlp({"dropout": 0.2}, tables.inputs, 2), recipe)

    straight, stopped, resumed = fresh(1), fresh(1), fresh(2)
    go_on(straight, recipe, tables, epochs=4, **plan)
    go_on(stopped, recipe, tables, epochs=2, **plan)
    for name in ("two.pt", "again.pt"):
        save(stopped, tmp_path / name, config=config, encoding=tables.encoding)
    restore(resumed, read(tmp_path / "two.pt"))
    go_on(resumed, recipe, tables, epochs=4, **plan)

    for ours, theirs in zip(resumed.module.parameters(), straight.module.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    assert (tmp_path / "two.pt").read_bytes() == (tmp_path / "again.pt").read_bytes()
    assert read(tmp_path / "two.pt").encoding == tables.encoding
    kept = torch.load(tmp_path / "two.pt", weights_only=True)
    assert kept["settings"] == config
    assert kept["optimizer"]["param_groups"][0]["lr"] == 0.01


@pytest.mark.parametrize("content", [b"", b"rubbish", None])
def test_what_is_no_checkpoint_is_refused(content: bytes | None, tmp_path: Path):
    path = tmp_path / "bad.pt"
    if content is None:
        torch.save({"model": {}}, path)
    else:
        path.write_bytes(content)

    with pytest.raises(TrainerError, match=r"bad\.pt"):
        read(path)


class TestLiveNetworks:
    def test_one_is_begun_carried_on_and_scored_as_it_is(self, tmp_path: Path):
        config = {"epochs": 3, "learning_rate": 0.01}
        first, second = tmp_path / "first", tmp_path / "second"

        begun = train(job(config), FRAME, carry=Carry(leave=first))
        gone_on = train(job(config), FRAME, carry=Carry(resume=first, leave=second))
        reviewed = train(job(config), FRAME, carry=Carry(resume=second))
        plain = train(job(config), FRAME)

        assert begun.loss == pytest.approx(plain.loss, abs=1e-4)
        assert gone_on.loss < begun.loss
        assert np.array_equal(reviewed.losses, gone_on.losses)

    def test_twins_differ_by_their_nudge_alone(self, tmp_path: Path):
        first = tmp_path / "first"
        train(job({"epochs": 2, "dropout": 0.1}), FRAME, carry=Carry(leave=first))

        def turn(rate: float):
            given = job({"epochs": 2, "dropout": 0.1, "learning_rate": rate})
            return train(given, FRAME, carry=Carry(resume=first, leave=tmp_path / "next")).losses

        assert np.array_equal(turn(1e-3), turn(1e-3))
        assert not np.array_equal(turn(1e-3), turn(2e-3))

    def test_another_network_or_a_new_class_is_refused(self, tmp_path: Path):
        first = tmp_path / "first"
        train(job({"epochs": 1}), FRAME, carry=Carry(leave=first))
        strange = FRAME.assign(late=np.where(FRAME.index % 5, FRAME["late"], "cancelled"))

        wider = train(job({"epochs": 1, "hidden_units": 9}), FRAME, carry=Carry(resume=first, leave=first))
        newer = train(job({"epochs": 1}), strange, carry=Carry(resume=first, leave=first))

        assert (wider.failure.kind, newer.failure.kind) == (FailureKind.REJECTED, FailureKind.REJECTED)
        assert "is not of this network" in wider.failure.message
        assert "have a class 'cancelled', which the network was not made for" in newer.failure.message

    def test_what_cannot_be_carried_is_told_with_the_reason(self):
        facts = describe(job({}).trainer, {"lr": 1e-3, "epochs": 3, "hidden_units": 8}, "log_loss")

        assert facts.continues
        assert facts.uncarried == {
            "epochs": "a turn decides itself how long it trains",
            "hidden_units": "it builds the network, whose weights are there already",
        }


class TestOwnLosses:
    def test_the_losses_of_rows_are_the_metric(self):
        given = {"target": "delay", "metric": "loss", "loss": f"{HERE}:pinball"}

        result = train(job({"learning_rate": 0.02, "epochs": 20}, **given), FRAME)

        assert result.failure is None
        assert (
            result.losses.shape == fold_rows(FRAME, job({}, **given).layout, Fold(Part.SEARCH, 0)).score.shape
        )
        assert 0 < result.loss < 0.3
        assert result.curve[-1].loss == pytest.approx(result.loss, rel=1e-6)

    def test_a_mean_is_not_enough(self):
        kind, message = failure(
            job({"epochs": 1}, target="delay", metric="loss", loss=f"{HERE}:mean_pinball")
        )

        assert kind is FailureKind.REJECTED
        assert "must give a loss a row; or name another policy.metric" in message


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("sgd", lambda w: torch.optim.SGD(w, lr=0.02, momentum=0.9, nesterov=True)),
        ("adam", lambda w: torch.optim.Adam(w, lr=0.02, betas=(0.8, 0.99))),
        ("adamw", lambda w: torch.optim.AdamW(w, lr=0.02)),
        ("rmsprop", lambda w: torch.optim.RMSprop(w, lr=0.02, alpha=0.9)),
    ],
)
def test_production_that_is_read_out_of_a_checkpoint_can_be_trained(name, theirs, tmp_path: Path):
    optimizer = theirs(nn.Linear(2, 2).parameters())
    torch.save({"optimizer": optimizer.state_dict()}, tmp_path / "model.pt")
    found = settings_of_vendor("torch", str(tmp_path / "model.pt"), ())

    result = train(
        job({"optimizer": name, **{one.name: one.value for one in found.settings}, "epochs": 1}), FRAME
    )

    assert result.failure is None
    assert result.config["lr"] == 0.02
