"""Modules that are not plain, stacked by torch.func: found, tried, and left alone where they do not agree."""

from dataclasses import replace

import numpy as np
import pytest

from auditor.core.records import FailureKind, Round
from auditor.trainers.train import train, train_together
from tests.integration.networks.networks import HERE, frame, job

FRAME = frame()
MODULES = {
    "embeddings, norm, dropout": ({}, {"entry": f"{HERE}:Sharing"}),
    "batch norm": ({"batch_norm": True}, {"entry": f"{HERE}:Sharing"}),
    "convolution": ({}, {"entry": f"{HERE}:Folding"}),
    "own loss": (
        {},
        {
            "entry": f"{HERE}:Folding",
            "target": "delay",
            "metric": "absolute_error",
            "loss": f"{HERE}:pinball",
        },
    ),
}
OPTIMIZERS = [
    {"optimizer": "adamw", "weight_decay": 0.1},
    {"optimizer": "sgd", "momentum": 0.9},  # others walk by rounding where a norm takes the gradient away
    {"optimizer": "rmsprop", "decay": "cosine"},
    {},
]


def jobs(count, config=None, **changes):
    """Return trainings that differ in their learning rates, and in how many epochs they take."""
    return [
        job(
            {"learning_rate": 1e-3 * (1 + number), "epochs": 1 + number % 2, **(config or {})},
            number=number,
            **changes,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(("name", "optimizer"), list(zip(MODULES, OPTIMIZERS, strict=True)))
def test_a_stack_comes_to_what_each_comes_to_by_itself(name, optimizer):
    config, changes = MODULES[name]
    given = jobs(11, {**config, **optimizer}, **changes)

    found = train_together(given, FRAME)
    fewer = train_together(given[1:], FRAME)

    for place in (0, 1, 10):
        alone = train(given[place], FRAME)
        assert found[place].failure is alone.failure is None
        assert found[place].iterations == alone.iterations
        assert np.allclose(found[place].losses, alone.losses, rtol=1e-3, atol=1e-5)
        curves = [[point.loss for point in result.curve] for result in (found[place], alone)]
        assert np.allclose(*curves, rtol=1e-3)
    for ours, theirs in zip(found[1:], fewer, strict=True):
        assert np.allclose(ours.losses, theirs.losses, rtol=1e-4), "in any company"


def test_one_that_runs_away_touches_no_other():
    given = jobs(11, {"optimizer": "sgd"}, entry=f"{HERE}:Folding")
    proposal = given[4].trial.proposal
    wild = {**proposal.config, "learning_rate": 1e38}
    wild_job = replace(given[4], trial=replace(given[4].trial, proposal=replace(proposal, config=wild)))

    found = train_together([*given[:4], wild_job, *given[5:]], FRAME)
    without = train_together([*given[:4], *given[5:]], FRAME)

    assert found[4].failure.kind is FailureKind.DIVERGED
    for ours, theirs in zip((*found[:4], *found[5:]), without, strict=True):
        assert np.allclose(ours.losses, theirs.losses, rtol=1e-4)


@pytest.mark.parametrize("name", ["Looking", "Idle", "Unknown", "Recurrent"])
def test_what_cannot_be_stacked_is_left_to_be_trained_by_itself(name):
    given = jobs(10, {"epochs": 1}, entry=f"{HERE}:{name}")

    assert train_together(given, FRAME) == (None,) * 10
    assert train(given[0], FRAME).failure is None


def test_settings_that_hide_from_comparison_are_found_by_trying():
    same = jobs(10, {"epochs": 1}, entry=f"{HERE}:Secretive")
    other = jobs(10, {"epochs": 1, "scale": 3.0}, entry=f"{HERE}:Secretive")

    assert None not in train_together(same, FRAME)
    assert train_together([*same[:4], *other[4:]], FRAME) == (None,) * 10


def test_settings_that_show_make_a_stack_of_their_own():
    given = [
        one
        for slope in (0.1, 0.3)
        for one in jobs(10, {"epochs": 1, "slope": slope}, entry=f"{HERE}:Sharing")
    ]
    found = train_together(given, FRAME)

    assert None not in found
    alone = train(given[11], FRAME)
    assert np.allclose(found[11].losses, alone.losses, rtol=1e-3)
    assert not np.allclose(found[1].losses, alone.losses, rtol=1e-3)


def test_too_few_production_and_large_networks_are_trained_by_themselves():
    few = jobs(9, {"epochs": 1}, entry=f"{HERE}:Folding")
    assert train_together(few, FRAME) == (None,) * 9

    production, *others = jobs(11, {"epochs": 1}, entry=f"{HERE}:Folding")
    proposal = replace(production.trial.proposal, round=Round.PRODUCTION)
    found = train_together(
        [replace(production, trial=replace(production.trial, proposal=proposal)), *others], FRAME
    )
    assert found[0] is None
    assert None not in found[1:]

    large = jobs(10, {"epochs": 1, "width": 4000}, entry=f"{HERE}:Sharing")
    assert train_together(large, FRAME) == (None,) * 10


def test_a_setting_that_nobody_reads_fails_in_a_stack_too():
    found = train_together(jobs(10, {"epochs": 1, "widht": 3}, entry=f"{HERE}:Folding"), FRAME)

    assert [one.failure.kind for one in found] == [FailureKind.REJECTED] * 10
