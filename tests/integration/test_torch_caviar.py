"""The benchmark of networks in one pass, small: both sides must train the same networks to the same end."""

import pytest

pytest.importorskip("optuna")

from benchmarks import torch_gpu
from benchmarks.torch_caviar import Case, Optuna, Ours

pytestmark = pytest.mark.slow


def test_both_sides_end_with_the_same_scores_and_the_same_winner(tmp_path):
    case = Case("64-16-10", (16,), 6, 2)
    ours, theirs = Ours(case, tmp_path), Optuna(case, None, fused=False)

    ours(0)
    theirs(0)

    assert ours.scores == pytest.approx(theirs.scores, abs=2e-3)
    assert ours.best[0] == theirs.best[0]


def test_halving_goes_through_rungs_and_ends_with_full_trainings(tmp_path):
    case = Case("64-16-10", (16,), 9, 3)
    ours = Ours(case, tmp_path, rungs=(1 / 3, 1.0))

    ours(0)

    assert 3 <= len(ours.scores) < 9


@pytest.mark.parametrize("shape", [{"hidden_units": 16}, {"hidden_units": 16, "norm": 1}])
def test_the_benchmark_of_a_gpu_trains_on_both_sides_the_same(shape):
    _, found = torch_gpu.ours(shape, 10, 1, device="cpu")
    _, expected = torch_gpu.peer(shape, 3, 1, device="cpu")

    assert [result.loss for result in found[:3]] == pytest.approx(expected, abs=1e-5)
