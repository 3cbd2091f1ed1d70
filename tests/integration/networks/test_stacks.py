"""Many networks in one pass: exactly what torch makes of each of them, alone and in any company."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from auditor.core.records import FailureKind
from auditor.trainers.networks import native
from auditor.trainers.networks.alone import optimizer_of
from auditor.trainers.networks.chance import draws
from auditor.trainers.networks.modules import mlp
from auditor.trainers.networks.plain import filled, plain
from auditor.trainers.networks.recipes import Recipe
from auditor.trainers.networks.slopes import SLOPES, truths_of
from auditor.trainers.networks.stack import Stack
from auditor.trainers.networks.steps import RowOptimizer
from auditor.trainers.train import train, train_together
from tests.integration.networks.networks import HERE, compiled, frame, job

FRAME = frame()
STEPS, BATCH, INPUTS = 64, 11, 5

SGD = Recipe(optimizer="sgd", learning_rate=0.05)
ADAM = Recipe(optimizer="adam", learning_rate=0.01)
RMSPROP = Recipe(optimizer="rmsprop", learning_rate=0.01)
RECIPES = {
    "sgd": [SGD, replace(SGD, momentum=0.9), replace(SGD, momentum=0.5, dampening=0.3, weight_decay=0.1)],
    "nesterov": [replace(SGD, momentum=share, nesterov=True) for share in (0.5, 0.9, 0.99)],
    "adam": [ADAM, replace(ADAM, beta1=0.5, beta2=0.9, eps=1e-4), replace(ADAM, weight_decay=0.1)],
    "adamw": [replace(ADAM, optimizer="adamw", weight_decay=decay) for decay in (0.0, 0.01, 0.5)],
    "amsgrad": [replace(ADAM, amsgrad=True, learning_rate=rate) for rate in (0.001, 0.01, 0.1)],
    "rmsprop": [RMSPROP, replace(RMSPROP, alpha=0.9, momentum=0.5), replace(RMSPROP, weight_decay=0.1)],
    "centered": [replace(RMSPROP, centered=True, alpha=alpha) for alpha in (0.5, 0.9, 0.99)],
}


def batches(kind):
    stream = torch.Generator().manual_seed(5)
    rows = torch.randn(STEPS, BATCH, INPUTS, generator=stream, dtype=kind)
    return rows, (rows.sum(2) > 0).long() + (rows[..., 0] > 1).long()


def networks(count, kind, *, activation="relu", width=9, layers=2):
    torch.default_generator.manual_seed(2)
    settings = {"hidden_units": width, "layers": layers, "activation": activation}
    return [mlp(settings, INPUTS, 3).to(kind) for _ in range(count)]


def one_by_one(modules, recipes, kind, loss=nn.functional.cross_entropy, device="cpu"):
    modules = [module.to(device) for module in modules]
    for module, recipe in zip(modules, recipes, strict=True):
        optimizer = optimizer_of(module, recipe)
        for group in optimizer.param_groups:
            group["fused"] = group["foreach"] = False  # torch's plain loop is the reference
        for inputs, target in zip(*batches(kind), strict=True):
            optimizer.zero_grad()
            loss(module(inputs.to(device)), target.to(device)).backward()
            optimizer.step()
    return [[weight.detach() for weight in module.parameters()] for module in modules]


def stacked(modules, recipes, kind, *, fused=True):
    plains = [plain(module) for module in modules]
    stack = Stack(plains)
    optimizer = RowOptimizer(recipes, stack.weights, stack.gradients, fused=fused)
    for inputs, target in zip(*batches(kind), strict=True):
        padded = nn.functional.pad(inputs, (0, stack.widths[0] - INPUTS))
        stack.learn(padded, truths_of("cross_entropy", target, 3, kind), SLOPES["cross_entropy"])
        optimizer.step([recipe.learning_rate for recipe in recipes])
    found = [stack.unstacked(row, network) for row, network in enumerate(plains)]
    return [[one for pair in zip(*each, strict=True) for one in pair] for each in found]


@pytest.mark.parametrize("fused", [True, False], ids=["fused", "chain"])
@pytest.mark.parametrize(("kind", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 2e-5)])
@pytest.mark.parametrize("name", RECIPES)
def test_sixty_four_steps_are_those_of_torch_one_by_one(name, kind, tolerance, fused):
    expected = one_by_one(networks(3, kind), RECIPES[name], kind)

    found = stacked(networks(3, kind), RECIPES[name], kind, fused=fused)

    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert one.shape == other.shape
            assert float((one - other).abs().max()) <= tolerance


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu", "silu"])
@pytest.mark.parametrize("layers", [1, 3])
def test_every_activation_has_its_gradient(activation, layers):
    given = {"activation": activation, "layers": layers}
    expected = one_by_one(networks(3, torch.float64, **given), RECIPES["adam"], torch.float64)

    found = stacked(networks(3, torch.float64, **given), RECIPES["adam"], torch.float64)

    assert all(
        torch.allclose(one, other, rtol=0, atol=1e-12)
        for ours, theirs in zip(found, expected, strict=True)
        for one, other in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse", "mae", "huber"])
def test_every_named_loss_has_its_slope(loss):
    from auditor.trainers.networks.losses import LOSSES

    outputs = torch.randn(4, 1, 9, dtype=torch.float64, requires_grad=True)
    target = (
        torch.randint(0, 2, (9,)).double() * 3
        if loss != "binary_cross_entropy"
        else torch.randint(0, 2, (9,))
    )
    for network in outputs:
        LOSSES[loss].mean(network.T, target).backward(retain_graph=True)

    found = SLOPES[loss](outputs.detach(), truths_of(loss, target, 1, torch.float64))

    assert torch.allclose(found, outputs.grad, rtol=0, atol=1e-14)


def configs(count):
    rng = np.random.default_rng(1)
    return [
        {
            "learning_rate": float(10 ** rng.uniform(-3.5, -1.5)),
            "beta1": float(rng.uniform(0.5, 0.95)),
            "hidden_units": int(rng.integers(5, 60)),
            "dropout": float(rng.uniform(0, 0.6)),
            "activation": ["tanh", "gelu"][number % 2],
            "batch_size": 16,
            "epochs": 2 + number % 3,
        }
        for number in range(count)
    ]


def jobs(given, **changes):
    return [job(config, number=number, **changes) for number, config in enumerate(given)]


@pytest.fixture(params=["torch", "C"])
def engine(request, monkeypatch):
    """Networks are trained by this one."""
    if request.param == "C":
        compiled()
    else:
        monkeypatch.setattr(native, "library", lambda: None)
    return request.param


@pytest.mark.usefixtures("engine")
def test_a_network_has_the_same_bits_alone_and_in_any_company():
    given = jobs(configs(14))

    whole, half = train_together(given, FRAME), train_together(given[3:9], FRAME)
    alone = [train(one, FRAME) for one in given]

    for together, single in [*zip(whole, alone, strict=True), *zip(half, alone[3:9], strict=True)]:
        assert together is not None
        assert single.failure is None
        assert np.array_equal(together.losses, single.losses)
        assert together.curve == single.curve
        assert together.iterations == single.iterations == together.config["epochs"]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_a_network_that_runs_away_touches_no_other(optimizer):
    given = [
        {"optimizer": optimizer, "learning_rate": rate, "epochs": 4} for rate in (1e-3, 1e38, 1e-2, 3e-3)
    ]

    found = train_together(jobs(given), FRAME)
    without = train_together([one for place, one in enumerate(jobs(given)) if place != 1], FRAME)

    assert found[1].failure.kind is FailureKind.DIVERGED
    for ours, theirs in zip((found[0], *found[2:]), without, strict=True):
        assert np.array_equal(ours.losses, theirs.losses)


@pytest.mark.parametrize("metric", ["r2", "auc", "squared_error"])
def test_one_that_runs_away_is_a_divergence_by_whatever_metric(metric):
    changes = {"metric": metric, **({} if metric == "auc" else {"target": "delay", "loss": "mse"})}
    given = [{"optimizer": "sgd", "learning_rate": rate, "epochs": 2} for rate in (1e-3, 1e38)]

    found = train_together(jobs(given, **changes), FRAME)
    alone = train(jobs(given, **changes)[1], FRAME)

    assert found[0].failure is None
    assert found[1].failure == alone.failure
    assert alone.failure.kind is FailureKind.DIVERGED


@pytest.mark.usefixtures("engine")
def test_dropout_is_the_same_again_and_another_for_another_seed():
    given = [{"dropout": 0.5, "epochs": 2}, {"dropout": 0.1, "epochs": 2}]

    first, again, other = (train_together(jobs(given, seed=seed), FRAME) for seed in (1, 1, 2))

    assert all(np.array_equal(one.losses, two.losses) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first[0].losses, other[0].losses)


def test_dropout_drops_the_share_that_it_should_and_keeps_the_sum():
    stack = Stack([plain(mlp({"hidden_units": 32, "dropout": rate}, 16, 3)) for rate in (0.0, 0.25, 0.75)])
    (drawn,) = draws(torch.Generator().manual_seed(1), 4000, (32,), (True,), torch.float32)

    mask = stack._mask(0, drawn)  # noqa: SLF001 - the promise is its own

    assert (mask == 0).float().mean((1, 2)).tolist() == pytest.approx([0.0, 0.25, 0.75], abs=0.01)
    assert mask.mean((1, 2)).tolist() == pytest.approx([1.0, 1.0, 1.0], abs=0.01)
    assert bool((mask[2][mask[1] == 0] == 0).all()), "who drops more drops the same units, and others"


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ({"eps": 0.0, "epochs": 1}, {}),
        ({"hidden_units": 2000, "layers": 2, "epochs": 1}, {}),
        ({"width": 2, "epochs": 1}, {"entry": f"{HERE}:Embedded"}),
        ({"epochs": 1}, {"entry": f"{HERE}:squeezed", "target": "delay", "metric": "squared_error"}),
        ({"epochs": 1}, {"target": "delay", "metric": "absolute_error", "loss": f"{HERE}:pinball"}),
        ({"epochs": 1, "hiden": 3}, {"entry": f"{HERE}:no_module"}),
    ],
)
def test_what_cannot_be_stacked_is_left_to_be_trained_by_itself(config, changes, monkeypatch):
    monkeypatch.setattr(native, "library", lambda: None)

    assert train_together(jobs([config, config], **changes), FRAME) == (None, None)


def test_a_setting_that_nobody_reads_fails_that_trial_only():
    found = train_together(jobs([{"epochs": 1}, {"epochs": 1, "hiden": 2}]), FRAME)

    assert found[0].failure is None
    assert found[1].failure.kind is FailureKind.REJECTED


@pytest.mark.parametrize(
    "module",
    [
        nn.Sequential(nn.Linear(2, 3), nn.Sigmoid(), nn.Linear(3, 2)),  # not 0 at 0
        nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2)),
        nn.Sequential(nn.Linear(2, 3), nn.ReLU()),
        nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 2)),
        nn.Sequential(nn.Dropout(), nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)),
        nn.Sequential(nn.Linear(2, 3), nn.GELU("tanh"), nn.Linear(3, 2)),
        nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 2)),
        nn.Sequential(nn.utils.parametrizations.spectral_norm(nn.Linear(2, 3)), nn.ReLU(), nn.Linear(3, 2)),
        nn.Sequential(nn.Linear(2, 3).requires_grad_(False), nn.ReLU(), nn.Linear(3, 2)),
        nn.Sequential(),
    ],
)
def test_only_plain_networks_are_plain(module):
    assert plain(module) is None


def test_a_hook_is_somebody_looking_on():
    module = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
    assert plain(module) is not None

    module[1].register_forward_hook(lambda *_: None)

    assert plain(module) is None


def test_nested_and_single_layers_are_plain():
    inner = nn.Sequential(nn.Linear(4, 40), nn.ReLU(), nn.Dropout(0.5))
    found = plain(nn.Sequential(inner, nn.Sequential(nn.Linear(40, 3))))

    assert found.widths == (4, 40, 3)
    assert filled(found.widths) == (16, 64, 16)
    assert found.dropouts == (0.5,)
    assert plain(nn.Linear(4, 3)).widths == (4, 3)
