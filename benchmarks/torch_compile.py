"""Whether `torch.compile` would pay: what it costs, what a step gains, and after how many steps it is won.

Two ways of training are tried, on digits, in batches of 32, Adam: a network by itself, its forward and
backward pass compiled, and 32 small networks stacked by vmap, whose gradients are compiled as one function.
Beside each stands what we do now: eager, with the same step of the optimizer. Compiling begins with an empty
cache, as on a new machine and for every new shape of a network. One thread, one compiling process; it takes
a C++ compiler.

Run: ``python -m benchmarks.torch_compile [--rounds 9] [--only WORD] [--json PATH]``
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

import torch
from torch import nn
from torch.func import functional_call, grad, vmap

from auditor.trainers.networks.chance import seed_torch
from auditor.trainers.networks.quick import QuickStep
from benchmarks.paired import cost_of, write_json
from benchmarks.tables import print_table
from benchmarks.torch_caviar import CASES, Case, network, tables_for

STACKED = 32
STEPS = 42
"""Batches of the fitted rows that are full: a last, smaller one would be a shape of its own."""

Step = Callable[[torch.Tensor], None]


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="only measurements whose label holds this word")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if shutil.which("g++") is None and shutil.which("clang++") is None:
        sys.exit("torch.compile needs a C++ compiler, and there is none here")
    torch.set_num_threads(1)
    rows: dict[str, dict[str, float]] = {}
    for label, case, steps in _trials():
        if options.only in label:
            rows[label] = _measured(case, steps, options.rounds)
            print(f"{label}: {rows[label]['gain']:.2f}", flush=True)
    _print(rows)
    write_json(options.json, rows, rounds=options.rounds, torch=torch.__version__)


def _trials() -> Iterator[tuple[str, Case, Callable[[Case, bool], Step]]]:
    for case in CASES:
        if case.name in ALONE:
            yield f"{case.name.split(',')[0]}, by itself", case, alone
        if case.name in TOGETHER:
            yield f"{case.name.split(',')[0]}, {STACKED} by vmap", case, together


ALONE = (
    "64-64-10 with a norm, by itself",
    "64-400-400-10 with norms, 4 at once",
    "a wide convolution, 4 at once",
    "attention, 12 at once",
)
TOGETHER = ("64-64-10 with a norm, 32 at once", "a convolution, 16 at once")


def alone(case: Case, compiled: bool) -> Step:
    """Return a step of one network."""
    seed_torch(1)
    net = network(case)
    called = torch.compile(net) if compiled else net
    inputs, target = tables_for(case.made_of).fit[0], tables_for(case.made_of).target
    weights = list(net.parameters())
    update = QuickStep(torch.optim.Adam(weights, fused=True))

    def step(rows: torch.Tensor) -> None:
        for weight in weights:
            weight.grad = None
        nn.functional.cross_entropy(called(inputs[rows]), target[rows]).backward()
        update()

    return step


def together(case: Case, compiled: bool) -> Step:
    """Return a step of a stack of networks that are alike."""
    seed_torch(1)
    nets = [network(case) for _ in range(STACKED)]
    base = nets[0]
    weights = {
        name: torch.stack([dict(net.named_parameters())[name].detach() for net in nets])
        for name, _ in base.named_parameters()
    }
    inputs, target = tables_for(case.made_of).fit[0], tables_for(case.made_of).target

    def loss(own: dict[str, torch.Tensor], batch: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(functional_call(base, own, (batch,)), truth)

    slopes = vmap(grad(loss), in_dims=(0, None, None))
    slopes = torch.compile(slopes) if compiled else slopes
    optimizer = torch.optim.Adam(list(weights.values()), fused=True)
    update = QuickStep(optimizer)

    def step(rows: torch.Tensor) -> None:
        with torch.no_grad():
            found = slopes(weights, inputs[rows], target[rows])
        for name, weight in weights.items():
            weight.grad = found[name]
        update()

    return step


def _measured(case: Case, steps: Callable[[Case, bool], Step], rounds: int) -> dict[str, float]:
    order = torch.randperm(32 * STEPS, generator=torch.Generator().manual_seed(1))
    batches = torch.split(order, 32)
    eager, compiled = steps(case, False), steps(case, True)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache
        torch.compiler.reset()
        eager(batches[0])
        first = cost_of(lambda: (compiled(batches[0]), compiled(batches[1])))
    for step in (eager, compiled):
        step(batches[2])
    seconds: list[list[float]] = [[], []]
    for number in range(rounds):
        for place in (0, 1) if number % 2 else (1, 0):
            began = process_time()
            for rows in batches:
                (eager, compiled)[place](rows)
            seconds[place].append((process_time() - began) / len(batches))
    gain = median(a / b for a, b in zip(*seconds, strict=True))
    saved = median(a - b for a, b in zip(*seconds, strict=True))
    return {
        "compiling_cpu": first.cpu,
        "compiling_wall": first.wall,
        "eager_us": 1e6 * median(seconds[0]),
        "compiled_us": 1e6 * median(seconds[1]),
        "gain": gain,
        "steps_to_win": first.cpu / saved if saved > 0.0 else -1.0,
    }


def _print(rows: dict[str, dict[str, float]]) -> None:
    print_table(
        ("networks", "compiling, s CPU", "a step now, µs", "compiled", "ratio", "won after steps"),
        [
            (
                label,
                f"{row['compiling_cpu']:.1f}",
                f"{row['eager_us']:.0f}",
                f"{row['compiled_us']:.0f}",
                f"{row['gain']:.2f}",
                f"{row['steps_to_win']:,.0f}" if row["steps_to_win"] > 0.0 else "never",
            )
            for label, row in rows.items()
        ],
    )


if __name__ == "__main__":
    # Set before torch's compiler is loaded: what it starts would not be counted, or be idle.
    os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
    main()
