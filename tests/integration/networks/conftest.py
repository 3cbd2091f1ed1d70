"""One thread for torch, as in workers: two on a busy machine take ten times as long."""

import torch

torch.set_num_threads(1)
