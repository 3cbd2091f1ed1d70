"""How two ways of doing the same are timed: side by side, in turns, in one run.

Machines are noisy, and the noise comes in spells. So the contestants take turns, each round
yields one ratio, and the median of the ratios is quoted.
"""

import json
import os
import platform
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil


@dataclass(frozen=True, slots=True)
class Cost:
    """What one go cost.

    Attributes
    ----------
    wall, cpu
        In seconds; cpu of this process and of all its descendants.
    """

    wall: float
    cpu: float

    def each(self, count: int) -> "Cost":
        """Return the cost of one of ``count`` equal parts."""
        return Cost(self.wall / count, self.cpu / count)


def cost_of(action: Callable[[], object]) -> Cost:
    """Run an action once and return what it cost.

    Processes that start and end within the action are counted as far as they were waited for;
    those that outlive it, such as a pool's workers, are counted in full.
    """
    others = _seconds_of_others()
    own, began = time.process_time(), time.perf_counter()
    action()
    wall, own = time.perf_counter() - began, time.process_time() - own
    return Cost(wall, own + _seconds_of_others() - others)


def in_turns(contestants: Sequence[Callable[[int], Cost]], *, rounds: int) -> list[list[Cost]]:
    """Let contestants take turns and return each one's costs, round by round.

    Every contestant has one go before that is not counted. Who goes first changes from round to
    round. A contestant is given the number of the round, -1 for the go that is not counted.
    """
    for contestant in contestants:
        contestant(-1)
    costs: list[list[Cost]] = [[] for _ in contestants]
    for number in range(rounds):
        order = range(len(contestants))
        for place in order if number % 2 == 0 else reversed(order):
            costs[place].append(contestants[place](number))
    return costs


def summary(ours: Sequence[Cost], peer: Sequence[Cost]) -> dict[str, float]:
    """Return medians in seconds, and the median of the rounds' ratios peer / ours."""
    paired = list(zip(ours, peer, strict=True))
    return {
        "wall": median(cost.wall for cost in ours),
        "cpu": median(cost.cpu for cost in ours),
        "peer_wall": median(cost.wall for cost in peer),
        "peer_cpu": median(cost.cpu for cost in peer),
        "ratio_wall": median(b.wall / a.wall for a, b in paired),
        "ratio_cpu": median(b.cpu / a.cpu for a, b in paired),
    }


def print_table(title: str, rows: Mapping[str, Mapping[str, float]], *, peer: str) -> None:
    """Print summaries in milliseconds, one line each."""
    print(title)
    head = f"{'':34}{'auditor':>18}{peer:>20}{'ratio':>16}"
    print(head, f"{'':34}{'wall':>9}{'cpu':>9}{'wall':>10}{'cpu':>10}{'wall':>8}{'cpu':>8}", sep="\n")
    for name, row in rows.items():
        times = (1000 * row[key] for key in ("wall", "cpu", "peer_wall", "peer_cpu"))
        cells = "".join(f"{cell:>{width}.3f}" for cell, width in zip(times, (9, 9, 10, 10), strict=True))
        print(f"{name:34}{cells}{row['ratio_wall']:>8.1f}{row['ratio_cpu']:>8.1f}")
    print(
        "milliseconds; medians; ratio: median of the rounds' peer / auditor, above 1 where auditor is cheaper"
    )


def write_json(path: Path | None, rows: Mapping[str, Mapping[str, float]], **facts: object) -> None:
    """Write summaries and the machine they were measured on, if a path is given."""
    if path is not None:
        document = {"machine": machine(), **facts, "rows": rows}
        path.write_text(json.dumps(document, indent=1) + "\n")


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("auditor", "optuna", "sqlalchemy", "numpy")},
    }


def _seconds_of_others() -> float:
    """Return the CPU time of the descendants of this process, and of those it has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    waited = usage.ru_utime + usage.ru_stime
    alive = (_nanoseconds(child.pid) for child in psutil.Process().children(recursive=True))
    return waited + sum(alive) / 1e9


def _nanoseconds(pid: int) -> int:
    """Return the time that a process has been on a core, as Linux counts it."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)
    except FileNotFoundError:
        return 0
