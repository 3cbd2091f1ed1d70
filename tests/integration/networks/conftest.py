"""One thread for torch, as in workers: two on a busy machine take ten times as long. And one luck always."""

import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def same_luck() -> None:
    """Let every test begin with the same seed, whichever went before it."""
    torch.default_generator.manual_seed(0)
