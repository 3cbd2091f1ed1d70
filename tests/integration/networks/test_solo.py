"""Networks trained by themselves: what they share with the trainings before and after them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from auditor.trainers.networks.losses import LOSSES
from auditor.trainers.train import train, train_together
from tests.integration.networks.networks import HERE, frame, job

FRAME = frame()


def points(result):
    return [point.loss for point in result.curve]


@pytest.mark.parametrize("many", [False, True])
def test_a_module_that_works_in_place_spoils_nothing(many):
    given = [
        [job({"epochs": 3}, number=number, entry=f"{HERE}:{name}") for number in range(11)]
        for name in ("Spoiling", "Careful")
    ]
    if many:
        found = [next(iter(train_together(jobs, FRAME))) or train(jobs[0], FRAME) for jobs in given]
    else:
        found = [train(jobs[0], FRAME) for jobs in given]

    assert found[0].failure is found[1].failure is None
    assert np.allclose(found[0].losses, found[1].losses, rtol=1e-4)
    assert np.allclose(points(found[0]), points(found[1]), rtol=1e-4)


def test_rows_that_are_kept_are_those_of_the_frame_and_of_the_fold():
    other = FRAME.assign(a=FRAME["a"].to_numpy()[::-1])
    wanted = job({"epochs": 1}, entry=f"{HERE}:Folding")
    elsewhere = replace(wanted, layout=replace(wanted.layout, seed=wanted.layout.seed + 1))

    runs = [(wanted, FRAME), (wanted, other), (elsewhere, FRAME), (wanted, FRAME), (wanted, other)]
    found = [train(each, rows).loss for each, rows in runs]

    assert found[0] == found[3]
    assert found[1] == found[4]
    assert len({*found}) == 3


@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_loss_is_the_mean_of_the_losses_and_slopes_alike(name):
    loss = LOSSES[name]
    outputs = torch.randn(9, 1 if loss.single or not loss.classes else 3, dtype=torch.float64)
    target = torch.arange(9) % 2 if loss.classes else torch.randn(9, dtype=torch.float64)
    ways = []
    for mean in (loss.mean, lambda outputs, target: loss.of_rows(outputs, target).mean()):
        given = outputs.clone().requires_grad_()
        value = mean(given, target)
        ways.append(torch.cat([value[None], torch.autograd.grad(value, given)[0].flatten()]))

    assert torch.allclose(*ways, rtol=1e-12, atol=0.0)
