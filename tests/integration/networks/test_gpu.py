"""Networks on a GPU: the same as on the CPU, and what happens when it has too little memory."""

import numpy as np
import pytest
import torch
from torch import nn

from auditor.core.records import FailureKind
from auditor.trainers.networks import passes, stacked
from auditor.trainers.networks.plain import plain
from auditor.trainers.networks.slopes import SLOPES, truths_of
from auditor.trainers.networks.stack import Stack
from auditor.trainers.networks.steps import RowOptimizer
from auditor.trainers.train import train, train_together
from tests.integration.networks.networks import HERE, frame, job
from tests.integration.networks.test_stacks import INPUTS, RECIPES, batches, jobs, networks, one_by_one

FRAME = frame()
GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
SOME = [
    {"optimizer": "adam", "hidden_units": 20, "epochs": 3},
    {"optimizer": "adamw", "hidden_units": 70, "weight_decay": 0.1, "epochs": 2},
    {"optimizer": "sgd", "momentum": 0.9, "learning_rate": 0.01, "layers": 2, "epochs": 3},
    {"optimizer": "sgd", "momentum": 0.9, "nesterov": True, "learning_rate": 0.01, "epochs": 2},
    {"optimizer": "rmsprop", "learning_rate": 1e-3, "activation": "tanh", "epochs": 2},
    {"optimizer": "rmsprop", "learning_rate": 1e-3, "centered": True, "decay": "cosine", "epochs": 3},
    {"optimizer": "adam", "amsgrad": True, "batch_size": 50, "epochs": 2},
    {"optimizer": "adam", "dropout": 0.3, "hidden_units": 20, "epochs": 3},
]


@GPU
@pytest.mark.parametrize(("kind", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 5e-5)])
@pytest.mark.parametrize("name", RECIPES)
def test_sixty_four_steps_on_a_gpu_are_those_of_torch_one_by_one(name, kind, tolerance):
    expected = one_by_one(networks(3, kind), RECIPES[name], kind, device="cuda")

    plains = [plain(module.to("cuda")) for module in networks(3, kind)]
    stack = Stack(plains, device="cuda")
    optimizer = RowOptimizer(RECIPES[name], stack.weights, stack.gradients)
    for inputs, target in zip(*batches(kind), strict=True):
        padded = nn.functional.pad(inputs, (0, stack.widths[0] - INPUTS)).to("cuda")
        truth = truths_of("cross_entropy", target, 3, kind).to("cuda")
        stack.learn(padded, truth, SLOPES["cross_entropy"])
        optimizer.step([recipe.learning_rate for recipe in RECIPES[name]])

    for row, theirs in enumerate(expected):
        ours = [one for pair in zip(*stack.unstacked(row, plains[row]), strict=True) for one in pair]
        for one, other in zip(ours, theirs, strict=True):
            assert float((one - other).abs().max()) <= tolerance


@GPU
def test_a_gpu_comes_to_what_the_cpu_comes_to():
    together = train_together(jobs(SOME, device="cuda"), FRAME)
    alone = [train(one, FRAME) for one in jobs(SOME, device="cuda")]
    expected = train_together(jobs(SOME), FRAME)

    for ours, single, theirs in zip(together, alone, expected, strict=True):
        assert ours.failure is single.failure is theirs.failure is None
        for found in (ours, single):
            assert np.allclose(found.losses, theirs.losses, rtol=2e-4, atol=2e-5)
            assert np.allclose([p.loss for p in found.curve], [p.loss for p in theirs.curve], rtol=2e-4)


@GPU
@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ({"width": 2, "epochs": 2}, {"entry": f"{HERE}:Embedded"}),
        ({"epochs": 2}, {"target": "delay", "metric": "absolute_error", "loss": f"{HERE}:pinball"}),
    ],
)
def test_what_is_not_plain_is_trained_on_a_gpu_too(config, changes):
    found = train(job(config, device="cuda", **changes), FRAME)
    expected = train(job(config, **changes), FRAME)

    assert found.failure is expected.failure is None
    assert np.allclose(found.losses, expected.losses, rtol=2e-4, atol=2e-5)


@GPU
@pytest.mark.parametrize(
    ("config", "entry"),
    [({"drop": 0.0}, "Sharing"), ({}, "Folding")],
)
def test_modules_of_any_kind_are_stacked_on_a_gpu(config, entry):
    given = [{**config, "optimizer": "sgd", "learning_rate": 0.01 * rate, "epochs": 2} for rate in (1, 2, 3)]
    changes = {"entry": f"{HERE}:{entry}", "device": "cuda"}

    found = train_together(jobs(given, **changes), FRAME)

    for ours, one in zip(found, jobs(given, **changes), strict=True):
        alone = train(one, FRAME)
        assert ours.failure is alone.failure is None
        assert np.allclose(ours.losses, alone.losses, rtol=1e-3, atol=1e-5)


@GPU
@pytest.mark.parametrize("config", [{}, {"drop": 0.0, "batch_norm": True}], ids=["dropout", "batch norm"])
def test_what_a_gpu_does_otherwise_in_a_stack_is_trained_by_itself(config):
    given = jobs([{"epochs": 1, **config}] * 2, entry=f"{HERE}:Sharing", device="cuda")

    assert train_together(given, FRAME) == (None, None)
    assert train(given[0], FRAME).failure is None


@GPU
def test_one_that_runs_away_on_a_gpu_touches_no_other():
    given = [{"optimizer": "sgd", "learning_rate": rate, "epochs": 3} for rate in (1e-3, 1e38, 1e-2)]

    found = train_together(jobs(given, device="cuda"), FRAME)
    without = train_together(jobs([given[0], given[2]], device="cuda"), FRAME)

    assert found[1].failure.kind is FailureKind.DIVERGED
    assert np.allclose(found[0].losses, without[0].losses, rtol=1e-5)
    assert np.allclose(found[2].losses, without[1].losses, rtol=1e-5)


@GPU
def test_a_stack_that_does_not_fit_into_a_gpu_goes_in_parts():
    given = [{"hidden_units": 512, "epochs": 1, "learning_rate": 1e-5 * (1 + place)} for place in range(512)]
    expected = train_together(jobs(given, device="cuda"), FRAME)
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    train_together(jobs(given, device="cuda"), FRAME)
    peak, there = torch.cuda.max_memory_allocated(), torch.cuda.get_device_properties(0).total_memory
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(0.6 * peak / there)
    try:
        found = train_together(jobs(given, device="cuda"), FRAME)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)

    for ours, theirs in zip(found, expected, strict=True):
        assert np.allclose(ours.losses, theirs.losses, rtol=1e-5)
        assert len(ours.curve) == 1


def test_a_stack_without_room_is_halved_until_it_fits(monkeypatch):
    sizes = []

    class Small(passes.Pass):  # a card of two networks
        def run(self):
            sizes.append(len(self._rows))
            found = super().run()
            if len(found) > 2:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return found

    given = jobs([{"epochs": 2, "learning_rate": rate} for rate in (1e-3, 2e-3, 3e-3, 4e-3, 5e-3)])
    expected = train_together(given, FRAME)
    monkeypatch.setattr(stacked, "Pass", Small)

    found = train_together(given, FRAME)

    assert sizes == [5, 2, 3, 1, 2]
    for ours, theirs in zip(found, expected, strict=True):
        assert np.array_equal(ours.losses, theirs.losses)
        assert ours.curve == theirs.curve


def test_a_single_network_without_room_is_a_failed_trial(monkeypatch):
    def run(self):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(passes.Pass, "run", run)

    found = train(job({"epochs": 1}), FRAME)

    assert found.failure is not None
    assert "out of memory" in found.failure.message
