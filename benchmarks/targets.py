"""What the product is to reach, and what the results of the benchmarks say of it: a row of a table each.

A row is made from the newest result of one benchmark, in which ours and the peer's figures come from one run.
A result that is not there gives a row that says so.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
HEAD = ("to reach", "auditor", "peer, in the same run", "ratio", "wanted", "reached", "by")
MISSING = "not measured"


@dataclass(frozen=True, slots=True)
class Found:
    """What one run says: ours, the peer's, how many times better ours is, and whether that is enough."""

    ours: str
    peer: str
    ratio: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Something to reach.

    Attributes
    ----------
    script
        The benchmark that measures it, by the name of its module; empty if none does yet.
    read
        Makes of its result what was found.
    """

    what: str
    wanted: str
    script: str
    read: Callable[[Mapping[str, Any]], Found]

    def row(self, results: Path) -> tuple[str, ...]:
        """Return the row of the table."""
        path = results / f"{self.script}.json"
        by = f"`{self.script}`" if self.script else ""
        if not self.script or not path.is_file():
            return (self.what, MISSING, "", "", self.wanted, "", by)
        found = self.read(json.loads(path.read_text()))
        said = "yes" if found.reached else "**no**"
        return (self.what, found.ours, found.peer, found.ratio, self.wanted, said, by)


def _torch(name: str, *, least: float, peer: str) -> Callable[[Mapping[str, Any]], Found]:
    def read(result: Mapping[str, Any]) -> Found:
        row = result["rows"][name]
        ratio = row["ratio_cpu"]
        ours, theirs = (f"{1000 * row[key]:.0f} ms" for key in ("cpu", "peer_cpu"))
        return Found(ours, f"{peer}: {theirs}", f"{ratio:.1f}c", ratio >= least)

    return read


def _any_torch(result: Mapping[str, Any]) -> Found:
    name, worst = min(
        ((name, row) for name, row in result["rows"].items() if "fused Adam" in name),
        key=lambda pair: pair[1]["ratio_cpu"],
    )
    ours, theirs = (f"{1000 * worst[key]:.0f} ms" for key in ("cpu", "peer_cpu"))
    worst_of = name.rpartition(", ")[0]
    return Found(
        f"{ours} ({worst_of}, the worst)",
        f"fused Adam: {theirs}",
        f"{worst['ratio_cpu']:.1f}c",
        worst["ratio_cpu"] >= 1.0,
    )


def _overhead(result: Mapping[str, Any]) -> Found:
    name = next(iter(result["rows"]))
    row = result["rows"][name]
    each = TRAININGS_A_CONFIGURATION
    wall, cpu = row["ratio_wall"] * each, row["ratio_cpu"] * each
    return Found(
        f"{1000 * row['wall'] / each:.3f} ms",
        f"Optuna + SQLite: {1000 * row['peer_wall']:.1f} ms",
        f"{wall:.0f}w {cpu:.0f}c",
        min(wall, cpu) >= 100,
    )


TRAININGS_A_CONFIGURATION = 54 / 30
"""A search of 30 configurations trains 54 times: a trial of Optuna's is one training."""


def _drift(result: Mapping[str, Any]) -> Found:
    rates = result["speed"]["cells_per_second"]
    ours, peer = rates["auditor"] / 1e6, rates["Evidently"] / 1e6
    return Found(f"{ours:.0f} M cells/s", f"Evidently: {peer:.2g} M", f"{ours / peer:.0f}c", ours >= 8)


def _page(result: Mapping[str, Any]) -> Found:
    page, peer = result["pages"][0], result["evidently"]
    ratio = f"{peer['rendering'] / page['seconds']:.0f}c; {peer['bytes'] / page['bytes']:.0f} in size"
    reached = page["bytes"] <= 150_000 and page["seconds"] <= 0.05
    return Found(
        f"{page['bytes'] / 1000:.0f} KB, {1000 * page['seconds']:.0f} ms",
        f"Evidently: {peer['bytes'] / 1e6:.1f} MB, {1000 * peer['rendering']:.0f} ms",
        ratio,
        reached,
    )


def _start(name: str, *, seconds: float, peer: str) -> Callable[[Mapping[str, Any]], Found]:
    def read(result: Mapping[str, Any]) -> Found:
        row = result["rows"][name]
        ours, theirs = (f"{row[key]:.2f} s" for key in ("cpu", "peer_cpu"))
        return Found(ours, f"{peer}: {theirs}", f"{row['ratio_cpu']:.1f}c", row["cpu"] <= seconds)

    return read


def _idle(result: Mapping[str, Any]) -> Found:
    idle = result["idle"][0]
    share = idle["cpu_percent_of_a_core"]
    return Found(
        f"{idle['memory_mb']} MB, {share:g} % of a core", "", "", idle["memory_mb"] <= 150 and share < 1
    )


def _snapshot(result: Mapping[str, Any]) -> Found:
    ways = result["kinds"]["rows"]
    ours, peer = ways["snapshot"], ways["pyarrow"]
    share = ours["ratio_cpu"]
    return Found(
        f"{ours['cpu']:.1f} s, {ours['peak_mb']:.0f} MB at most",
        f"pyarrow reads and writes: {peer['cpu']:.1f} s, {peer['peak_mb']:.0f} MB",
        f"{share:.2f} of its time (c)",
        share <= 2.0 and ours["peak_mb"] < peer["peak_mb"] / 2,
    )


def _nothing(_: Mapping[str, Any]) -> Found:
    raise ValueError("no benchmark measures this")


TARGETS = (
    Target("a verdict as right as k-fold and a paired t", "5x fewer fits", "", _nothing),
    Target(
        "32 torch networks of 10 k parameters, equal scores",
        "10c",
        "torch_caviar",
        _torch("32 of 64-128-10, Optuna + SQLite", least=10, peer="Optuna + SQLite"),
    ),
    Target(
        "... with halving, same winner",
        "20c",
        "torch_caviar",
        _torch("... with halving", least=20, peer="Optuna + SQLite"),
    ),
    Target(
        "torch, 200 k parameters",
        "1.5c",
        "torch_caviar",
        _torch("64-410-410-10 (199 k), fused Adam", least=1.5, peer="fused Adam"),
    ),
    Target("any torch model", "never below 1.0c", "torch_caviar", _any_torch),
    Target("a scikit-learn search with halving, same winner", "1.8c", "", _nothing),
    Target("the engine's share of a training", "100w", "engine_overhead", _overhead),
    Target("drift of 100 000 x 20", "8 M cells/s", "drift", _drift),
    Target("a page of 300 trials", "150 KB, 50 ms", "report", _page),
    Target("`auditor --help`", "0.15 s", "startup", _start("--help", seconds=0.15, peer="Optuna")),
    Target(
        "`auditor status`, 100 audits",
        "0.40 s",
        "startup",
        _start("status, 100 audits", seconds=0.40, peer="Optuna"),
    ),
    Target("idle daemon, 1 000 schedules", "150 MB, under 1 %", "daemon", _idle),
    Target("snapshot of 10 M rows x 20", "2x pyarrow's time, memory of a row group", "large_data", _snapshot),
)


def table(results: Path = RESULTS) -> str:
    """Return the table in Markdown, made from the results in a folder."""
    lines = [HEAD, ("---",) * len(HEAD), *(target.row(results) for target in TARGETS)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def scripts() -> tuple[str, ...]:
    """Return the benchmarks that have a target, each once."""
    return tuple(dict.fromkeys(target.script for target in TARGETS if target.script))
