"""Plain networks in C: what torch makes of them, by every set of instructions there is here."""

import copy

import numpy as np
import pytest
import torch

from auditor.core.records import FailureKind
from auditor.trainers.networks import native
from auditor.trainers.networks.losses import LOSSES
from auditor.trainers.networks.modules import mlp
from auditor.trainers.networks.native import Native, NativeNetwork, batches_of
from auditor.trainers.networks.plain import plain
from auditor.trainers.train import train, train_together
from tests.integration.networks.networks import compiled, frame, job
from tests.integration.networks.test_stacks import (
    ADAM,
    BATCH,
    INPUTS,
    RECIPES,
    SGD,
    STEPS,
    networks,
    one_by_one,
)

FRAME = frame()
SETS = {"plain": 0, "AVX2": 1, "AVX-512": 2}
TYPES = [(torch.float64, 1e-12), (torch.float32, 2e-5)]


@pytest.fixture(params=SETS)
def instructions(request):
    """Every set of instructions that the library can use on this machine, in turn."""
    if SETS[request.param] > compiled().auditor_best():
        pytest.skip(f"this machine has no {request.param}")
    return SETS[request.param]


def all_sets():
    """Return the same in one list, for tests that need a slow reference once."""
    return [number for number in SETS.values() if number <= compiled().auditor_best()]


def batches(kind, classes):
    stream = torch.Generator().manual_seed(5)
    rows = torch.randn(STEPS, BATCH, INPUTS, generator=stream, dtype=kind)
    return rows, ((rows.sum(2) > 0).long() + (rows[..., 0] > 1).long()) % classes


def in_c(modules, recipes, kind, *, instructions=None, loss="cross_entropy", classes=3, calls=1):
    """Return the weights after all steps, asked for in so many calls."""
    owned = [
        NativeNetwork(plain(module), recipe, loss=loss)
        for module, recipe in zip(modules, recipes, strict=True)
    ]
    library = Native(compiled(), owned, batch=BATCH, instructions=instructions)
    rows, target = batches(kind, classes)
    for inputs, truth in zip(rows.chunk(calls), target.chunk(calls), strict=True):
        given = batches_of(inputs.flatten(0, 1), BATCH, truth.flatten())
        library.learn(given, [recipe.learning_rate for recipe in recipes])
    return [network.weights() for network in owned]


def farthest(found, expected):
    gaps = []
    for ours, theirs in zip(found, expected, strict=True):
        assert [one.shape for one in ours] == [other.shape for other in theirs]
        gaps += [float((one - other).abs().max()) for one, other in zip(ours, theirs, strict=True)]
    return max(gaps)


@pytest.mark.parametrize(("kind", "tolerance"), TYPES)
@pytest.mark.parametrize("name", RECIPES)
def test_sixty_four_steps_are_those_of_torch_one_by_one(name, kind, tolerance):
    expected = one_by_one(networks(3, kind), RECIPES[name], kind)

    for instructions in all_sets():
        found = in_c(networks(3, kind), RECIPES[name], kind, instructions=instructions, calls=4)
        assert farthest(found, expected) <= tolerance, instructions


@pytest.mark.parametrize(("kind", "tolerance"), TYPES)
@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu", "silu"])
@pytest.mark.parametrize("layers", [1, 3])
def test_every_activation_has_its_gradient(activation, layers, kind, tolerance):
    given = {"activation": activation, "layers": layers, "width": 37}
    expected = one_by_one(networks(1, kind, **given), [ADAM], kind)

    for instructions in all_sets():
        found = in_c(networks(1, kind, **given), [ADAM], kind, instructions=instructions)
        assert farthest(found, expected) <= tolerance, instructions


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse", "mae", "huber"])
def test_every_named_loss_has_its_slope(loss):
    kind = torch.float64
    start = mlp({"hidden_units": 9}, INPUTS, 1).to(kind)
    expected = one_by_one(
        [copy.deepcopy(start)],
        [SGD],
        kind,
        lambda outputs, truth: LOSSES[loss].mean(outputs, (truth % 2).double()),
    )

    for instructions in all_sets():
        found = in_c([start], [SGD], kind, instructions=instructions, loss=loss, classes=2)
        assert farthest(found, expected) <= 1e-12, instructions


@pytest.mark.parametrize("rows", [1, 10, 11, 12, 65])
def test_what_it_predicts_is_what_the_network_says(rows, instructions):
    module = mlp({"hidden_units": 70, "layers": 2, "activation": "gelu"}, 5, 3)
    inputs = torch.randn(rows, 5)
    owned = NativeNetwork(plain(module), ADAM, loss="cross_entropy")

    library = Native(compiled(), [owned, owned], batch=11, instructions=instructions)
    found = library.predict(batches_of(inputs, 11, torch.zeros(rows)))

    assert found.shape == (2, rows, 3)
    assert torch.equal(found[0], found[1])
    assert torch.allclose(found[0], module(inputs).detach(), rtol=0, atol=2e-6)


@pytest.mark.parametrize("place", ["weight", "bias"])
@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_weights_that_are_no_numbers_are_seen(place, wrong, instructions):
    module = mlp({"hidden_units": 20}, 5, 3)
    sound, broken = (NativeNetwork(plain(module), ADAM, loss="mse") for _ in range(2))
    broken.weights()[0 if place == "weight" else -1][-1] = wrong

    assert Native(compiled(), [sound, broken], batch=1, instructions=instructions).finite() == [True, False]


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ({"optimizer": "adamw", "weight_decay": 0.1, "activation": "tanh", "layers": 2}, {}),
        ({"dropout": 0.4, "hidden_units": 70, "layers": 2, "activation": "silu"}, {}),
        ({"dropout": 0.2, "decay": "cosine"}, {}),
        ({"batch_size": 10**9}, {}),
        ({"layers": 30, "hidden_units": 8, "activation": "tanh"}, {}),
        ({"layers": 31, "hidden_units": 8, "activation": "tanh"}, {}),
        ({"optimizer": "sgd", "momentum": 0.9}, {"loss": "binary_cross_entropy"}),
        *[
            ({"layers": layers}, {"target": "delay", "metric": "squared_error", "loss": loss})
            for layers, loss in enumerate(("mse", "mae", "huber"), start=1)
        ],
    ],
)
def test_torch_and_c_come_to_the_same(config, changes, monkeypatch):
    compiled()
    jobs = [
        job({"learning_rate": rate, "epochs": 3, "batch_size": 16, **config}, number=number, **changes)
        for number, rate in enumerate((1e-3, 3e-3))
    ]
    found = train_together(jobs, FRAME)
    monkeypatch.setattr(native, "library", lambda: None)

    for ours, theirs in zip(found, train_together(jobs, FRAME), strict=True):
        assert ours.failure is theirs.failure is None
        assert np.allclose(ours.losses, theirs.losses, rtol=1e-4, atol=1e-5)
        assert np.allclose([p.loss for p in ours.curve], [p.loss for p in theirs.curve], rtol=1e-4)


@pytest.mark.parametrize("config", [{"hidden_units": 5}, {"hidden_units": 5, "activation": "tanh"}])
def test_an_epsilon_of_nought_goes_as_in_torch(config, monkeypatch):
    compiled()
    given = job({"eps": 0.0, "epochs": 2, **config})
    found = train(given, FRAME)
    monkeypatch.setattr(native, "library", lambda: None)
    expected = train(given, FRAME)

    assert found.failure == expected.failure
    assert (found.failure is None) == (config.get("activation") == "tanh")
    if found.failure is None:
        assert np.allclose(found.losses, expected.losses, rtol=1e-3)


def test_shapes_and_optimizers_share_a_pass_and_one_that_runs_away_touches_no_other():
    compiled()
    given = [
        {"hidden_units": 5, "epochs": 2},
        {"hidden_units": 300, "layers": 2, "dropout": 0.2, "epochs": 3, "optimizer": "rmsprop"},
        {"learning_rate": 1e38, "epochs": 2, "optimizer": "sgd"},
        {"hidden_units": 17, "layers": 3, "activation": "tanh", "epochs": 1, "optimizer": "sgd"},
    ]
    jobs = [job(config, number=number) for number, config in enumerate(given)]

    found = train_together(jobs, FRAME)

    assert found[2].failure.kind is FailureKind.DIVERGED
    for number in (0, 1, 3):
        assert np.array_equal(found[number].losses, train(jobs[number], FRAME).losses)


@pytest.mark.parametrize("origin", [None, "nowhere.so", "text"])
def test_a_library_that_is_not_there_or_not_ours_is_done_without(origin, tmp_path, monkeypatch):
    path = tmp_path / "wrong.so"
    path.write_text("no library")
    named = str(path) if origin == "text" else origin
    spec = None if origin is None else type("Spec", (), {"origin": named})()
    monkeypatch.setattr(native, "find_spec", lambda _: spec)
    native.library.cache_clear()
    try:
        assert native.library() is None
        assert train(job({"epochs": 1}), FRAME).failure is None
    finally:
        monkeypatch.undo()
        native.library.cache_clear()


def test_one_that_was_compiled_from_other_sources_is_left_alone(monkeypatch):
    compiled()
    monkeypatch.setattr(native, "VERSION", native.VERSION + 1)
    native.library.cache_clear()
    try:
        assert native.library() is None
    finally:
        monkeypatch.undo()
        native.library.cache_clear()
