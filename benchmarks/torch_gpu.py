"""Many small networks on a GPU in one pass, beside torch's own loop on that GPU, and beside the CPU.

Digits, 64 columns, batches of 32, Adam with a learning rate, two betas and a weight decay of its own for each
network. Ours are trained as a worker trains them, with the loss of every scored row and a learning curve of
every epoch; the peer is a lean loop with fused Adam, tensors on the GPU, networks one by one, scored once.
Of the peer, some networks are trained and the time of all is reckoned from them: they cost the same.

Run on a machine with a GPU: ``python -m benchmarks.torch_gpu [--count 1000] [--epochs 10] [--json PATH]``
"""

import argparse
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

from auditor.core.losses import row_losses
from auditor.core.metrics import metric_named
from auditor.core.records import Fold, Job, Layout, Part, Proposal, Result, Round, TrainerSpec, Trial
from auditor.trainers.networks import native
from auditor.trainers.networks.chance import order, seed_torch
from auditor.trainers.networks.losses import loss_named
from auditor.trainers.networks.modules import mlp
from auditor.trainers.networks.predictions import predictions
from auditor.trainers.networks.tensors import Tables, learned, tables_of
from auditor.trainers.rows import fold_rows, take
from auditor.trainers.train import train_together

FRAME = load_digits(as_frame=True).frame
LAYOUT = Layout(
    digest="0" * 64, target="target", seed=1, classes=True, confirm_share=0.06, validation_share=0.2
)
FOLD = Fold(Part.SEARCH, 0)
SEED = 11
OF_THE_PEER = 10
"""Networks that the peer trains, of however many."""

SHAPES = (
    {"hidden_units": 128},
    {"hidden_units": 32},
    {"hidden_units": 410, "layers": 2},
    {"hidden_units": 64, "norm": 1},
)
"""Of `built`; the last is not plain, and stacked by vmap."""


def built(settings: Mapping[str, Any], inputs: int, outputs: int) -> nn.Module:
    """Build a plain network, or one with a norm before its activation."""
    module = mlp(settings, inputs, outputs)
    if not settings.get("norm"):
        return module
    first, *others = module.children()
    return nn.Sequential(first, nn.LayerNorm(first.out_features), *others)


def configs(count: int) -> list[dict[str, float]]:
    """Draw configurations of Adam."""
    rng = np.random.default_rng(3)
    return [
        {
            "learning_rate": float(10 ** rng.uniform(-4, -2)),
            "beta1": 1.0 - float(10 ** rng.uniform(-2, -0.3)),
            "beta2": 1.0 - float(10 ** rng.uniform(-4, -1)),
            "weight_decay": float(10 ** rng.uniform(-6, -2)),
        }
        for _ in range(count)
    ]


def ours(shape: dict[str, int], count: int, epochs: int, *, device: str) -> tuple[float, list[Result]]:
    """Train configurations in one pass; return the seconds that it took, and the results."""
    trainer = TrainerSpec(
        kind="torch",
        entry="benchmarks.torch_gpu:built",
        fixed={"epochs": epochs, **shape},
        options={"device": device},
    )
    jobs = [
        Job(
            trial=Trial(
                id=number,
                proposal=Proposal(config=config, round=Round.COARSE, fold=FOLD, fidelity=1.0),
                seed=SEED,
            ),
            trainer=trainer,
            layout=LAYOUT,
            metric="log_loss",
            vault="",
            timeout_seconds=600,
            memory_bytes=2**34,
        )
        for number, config in enumerate(configs(count))
    ]
    began = perf_counter()
    found = train_together(jobs, FRAME)
    seconds = perf_counter() - began
    results = [result for result in found if result is not None]
    assert len(results) == count, "some were left to be trained by themselves"
    assert not any(result.failure for result in results)
    return seconds, results


def tables() -> Tables:
    """Return the rows as tensors."""
    rows = fold_rows(FRAME, LAYOUT, FOLD)
    fit, score = take(FRAME, LAYOUT, rows.fit), take(FRAME, LAYOUT, rows.score)
    return tables_of(fit, score.features, learned(fit, classes=True), apart=False)


def peer(shape: dict[str, int], count: int, epochs: int, *, device: str) -> tuple[float, list[float]]:
    """Train networks one by one with fused Adam; return the seconds of one, and their losses."""
    given = tables()
    inputs, target = given.fit[0].to(device), given.target.to(device)
    scored = given.score[0].to(device)
    truth = take(FRAME, LAYOUT, fold_rows(FRAME, LAYOUT, FOLD).score).target
    metric, losses = metric_named("log_loss"), []
    began = perf_counter()
    for config in configs(count):
        seed_torch(SEED)
        net = built(shape, 64, 10).to(device)
        optimizer = torch.optim.Adam(
            net.parameters(),
            lr=config["learning_rate"],
            betas=(config["beta1"], config["beta2"]),
            weight_decay=config["weight_decay"],
            fused=True,
        )
        for epoch in range(epochs):
            for rows in torch.split(order(SEED, epoch, len(target)).to(device), 32):
                optimizer.zero_grad()
                nn.functional.cross_entropy(net(inputs[rows]), target[rows]).backward()
                optimizer.step()
        with torch.no_grad():
            outputs = net(scored)
        model = predictions(outputs, given.encoding, loss_named("cross_entropy", metric))
        found = row_losses(metric, truth, model.predict_proba(truth), classes=model.classes_)
        losses.append(float(found.mean()))
    return (perf_counter() - began) / count, losses


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    torch.set_num_threads(1)
    card = torch.cuda.get_device_name() if options.device == "cuda" else "no GPU"
    facts = {"card": card, "torch": torch.__version__, "python": platform.python_version()}
    facts |= {"in_c": native.library() is not None, "count": options.count, "epochs": options.epochs}
    rows = {}
    for shape in SHAPES:
        name = "-".join(map(str, (64, *[shape["hidden_units"]] * shape.get("layers", 1), 10)))
        name += " with a norm" if shape.get("norm") else ""
        rows[name] = _measured(shape, options)
        print(name, json.dumps(rows[name]), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"machine": facts, "rows": rows}, indent=1) + "\n")


def _measured(shape: dict[str, int], options: argparse.Namespace) -> dict[str, float]:
    """Train on the GPU in one pass and one by one, and on the CPU; seconds of all networks."""
    count, epochs, device = options.count, options.epochs, options.device
    ours(shape, 10, 1, device=device)  # the libraries of the GPU are loaded meanwhile
    peer(shape, 1, 1, device=device)
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    stacked = [ours(shape, count, epochs, device=device) for _ in range(options.rounds)]
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
    alone = [peer(shape, OF_THE_PEER, epochs, device=device) for _ in range(options.rounds)]
    cpu, on_cpu = ours(shape, min(count, 100), epochs, device="cpu")
    cpu *= count / min(count, 100)
    seconds, one_by_one = (median(each[0] for each in runs) for runs in (stacked, alone))
    found = [float(result.loss or 0) for result in stacked[0][1]]
    return {
        "one_pass_seconds": seconds,
        "one_by_one_seconds": one_by_one * count,
        "cpu_one_core_seconds": cpu,
        "ratio_to_one_by_one": one_by_one * count / seconds,
        "ratio_to_cpu_core": cpu / seconds,
        "peak_mb": peak / 1e6,
        "farthest_loss_from_one_by_one": max(
            abs(a - b) for a, b in zip(found[:OF_THE_PEER], alone[0][1], strict=True)
        ),
        "farthest_loss_from_cpu": max(
            abs(a - float(b.loss or 0)) for a, b in zip(found, on_cpu, strict=False)
        ),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cuda", help="cpu to try the script where there is no GPU")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
