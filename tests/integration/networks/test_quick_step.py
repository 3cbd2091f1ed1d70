"""A step without what torch does around it: the same bits, and the same state to save."""

import copy

import pytest
import torch
from torch import nn

from auditor.trainers.networks.alone import optimizer_of
from auditor.trainers.networks.quick import QuickStep
from auditor.trainers.networks.recipes import Recipe

RECIPES = {
    "sgd": Recipe(optimizer="sgd", learning_rate=0.1, weight_decay=0.01),
    "momentum": Recipe(optimizer="sgd", momentum=0.9, dampening=0.1),
    "nesterov": Recipe(optimizer="sgd", momentum=0.9, nesterov=True),
    "adam": Recipe(weight_decay=0.1, eps=1e-6),
    "amsgrad": Recipe(amsgrad=True, beta1=0.5),
    "adamw": Recipe(optimizer="adamw", weight_decay=0.2, beta2=0.9),
    "rmsprop": Recipe(optimizer="rmsprop", momentum=0.5, centered=True),
}


def trained(recipe, steps, *, quick, used=lambda number: True, resumed=None):
    torch.default_generator.manual_seed(1)
    module = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
    optimizer = optimizer_of(module, recipe)
    if resumed is not None:
        module.load_state_dict(resumed[0])
        optimizer.load_state_dict(copy.deepcopy(resumed[1]))
    step = QuickStep(optimizer) if quick else optimizer.step
    rows = torch.randn(steps, 16, 4)
    for number, batch in enumerate(rows):
        optimizer.param_groups[0]["lr"] = recipe.learning_rate / (1 + number)
        optimizer.zero_grad()
        layers = module if used(number) else module[0]
        layers(batch).square().mean().backward()
        step()
    if quick:
        step.settle()
    return module.state_dict(), optimizer.state_dict()


def same(one, other):
    for key, value in one.items():
        if isinstance(value, dict):
            same(value, other[key])
        elif isinstance(value, torch.Tensor):
            assert torch.equal(value, other[key]), key
        else:
            assert value == other[key], key
    assert one.keys() == other.keys()


@pytest.mark.parametrize("name", RECIPES)
def test_weights_and_state_have_the_bits_that_torch_gives_them(name):
    for found, expected in zip(
        *(trained(RECIPES[name], 5, quick=quick) for quick in (True, False)), strict=True
    ):
        same(found, expected)


@pytest.mark.parametrize("name", RECIPES)
def test_it_goes_on_from_a_state_that_was_saved(name):
    saved = trained(RECIPES[name], 3, quick=True)
    runs = (trained(RECIPES[name], 3, quick=quick, resumed=saved) for quick in (True, False))
    for found, expected in zip(*runs, strict=True):
        same(found, expected)


@pytest.mark.parametrize("name", RECIPES)
def test_weights_without_a_gradient_are_left_alone_as_by_torch(name):
    runs = (
        trained(RECIPES[name], 6, quick=quick, used=lambda number: number % 3 != 1) for quick in (True, False)
    )
    for found, expected in zip(*runs, strict=True):
        same(found, expected)
