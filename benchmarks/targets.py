"""What the product is to reach, and what the results of the benchmarks say of it: a row of a table each.

A row is made from the newest result of one benchmark, in which ours and the peer's figures come from one run.
A result that is not there gives a row that says so. What was taken of an earlier tree than the newest result
is marked; the marks, like the rest, follow from the results alone.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
HEAD = (
    "to reach",
    "auditor",
    "peer, in the same run",
    "ratio",
    "at least",
    "moonshot",
    "reached",
    "by",
    "taken, load",
)
MISSING = "not measured"
OLDER = "†"
FOOTNOTE = (
    f"{OLDER} of an earlier tree than the newest row. *w* wall, *c* processor time; ratios are medians "
    "over rounds in which both sides took turns.\n"
)


@dataclass(frozen=True, slots=True)
class Script:
    """How a benchmark is run.

    Attributes
    ----------
    quick
        Arguments under which it takes seconds, and writes all that the targets read.
    full
        Arguments for figures that may be quoted.
    minutes
        About how long that takes on two free cores, where no run has told yet.
    """

    quick: tuple[str, ...]
    minutes: float
    full: tuple[str, ...] = ()


SCRIPTS: Mapping[str, Script] = {
    "against_kfold": Script(("--quick",), 40),
    "torch_caviar": Script(("--rounds", "1"), 12),
    "sklearn_halving": Script(("--quick",), 15),
    "engine_overhead": Script(("--rounds", "1", "--trials", "30"), 4),
    "drift": Script(("--rounds", "1", "--only-speed"), 5, ("--only-speed",)),
    "report": Script(("--rounds", "1"), 4),
    "startup": Script(("--rounds", "1"), 2),
    "daemon": Script(("--only", "idle", "--schedules", "1000", "--idle", "5"), 20),
    "large_data": Script(
        ("--rounds", "1", "--only", "rows", "--scale", "0.02", "--ways", "snapshot", "pyarrow"), 30
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What one run says: ours, the peer's, how many times better ours is, and whether that is enough."""

    ours: str
    peer: str
    ratio: str
    reached: bool
    moonshot: bool = False

    @property
    def said(self) -> str:
        """Return what is reached, in a word."""
        return ("moonshot" if self.moonshot else "yes") if self.reached else "**no**"


@dataclass(frozen=True, slots=True)
class Target:
    """Something to reach.

    Attributes
    ----------
    least, moonshot
        What is wanted, and what is dreamt of.
    script
        The benchmark that measures it, by the name of its module.
    read
        Makes of its result what was found.
    """

    what: str
    least: str
    moonshot: str
    script: str
    read: Callable[[Mapping[str, Any]], Found]

    def row(self, results: Path, *, newest: str) -> tuple[str, ...]:
        """Return the row of the table.

        Parameters
        ----------
        newest
            Digest of the tree that the newest result is of.
        """
        result = _result(results, self.script)
        if result is None:
            return (self.what, MISSING, "", "", self.least, self.moonshot, "", f"`{self.script}`", "")
        found = self.read(result)
        wanted = (self.least, self.moonshot, found.said)
        return (
            self.what,
            found.ours,
            found.peer,
            found.ratio,
            *wanted,
            f"`{self.script}`",
            _taken(result, newest),
        )


def _result(results: Path, script: str) -> dict[str, Any] | None:
    path = results / f"{script}.json"
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _taken(result: Mapping[str, Any], newest: str) -> str:
    """Return when a result was taken, of which commit and under which load."""
    run = result.get("run")
    if run is None:
        return OLDER
    mark = "" if run["tree"] and run["tree"] == newest else f" {OLDER}"
    return f"{run['at'][:10]}, {run['commit']}, {run['load']:g}{mark}"


def _newest(results: Path) -> str:
    """Return the digest of the tree that the newest result is of."""
    runs = [(_result(results, script) or {}).get("run") for script in SCRIPTS]
    taken = [(run["at"], run["tree"]) for run in runs if run]
    return str(max(taken)[1]) if taken else ""


def _torch(
    name: str, *, least: float, moonshot: float, peer: str, dreamt: str = "ratio_cpu"
) -> Callable[[Mapping[str, Any]], Found]:
    def read(result: Mapping[str, Any]) -> Found:
        row = result["rows"][name]
        ratio = row["ratio_cpu"]
        ours, theirs = (f"{1000 * row[key]:.0f} ms" for key in ("cpu", "peer_cpu"))
        return Found(ours, f"{peer}: {theirs}", f"{ratio:.1f}c", ratio >= least, row[dreamt] >= moonshot)

    return read


def _any_torch(result: Mapping[str, Any]) -> Found:
    """Return the worst network, by torch's loop with the same product and by its bare loop."""

    def least(row: Mapping[str, float]) -> float:
        return min(row["ratio_cpu"], row.get("bare_cpu", row["ratio_cpu"]))

    name, worst = min(
        ((name, row) for name, row in result["rows"].items() if "fused Adam" in name),
        key=lambda pair: least(pair[1]),
    )
    ours, theirs = worst["cpu"], least(worst) * worst["cpu"]
    return Found(
        f"{1000 * ours:.0f} ms ({name.rpartition(', ')[0]}, the worst)",
        f"fused Adam: {1000 * theirs:.0f} ms",
        f"{least(worst):.2f}c",
        least(worst) >= 1.0,
        least(worst) >= 1.5,
    )


def _overhead(result: Mapping[str, Any]) -> Found:
    name = next(iter(result["rows"]))
    row = result["rows"][name]
    wall, cpu = row["ratio_wall"], row["ratio_cpu"]
    return Found(
        f"{1000 * row['wall']:.3f} ms",
        f"Optuna + SQLite: {1000 * row['peer_wall']:.1f} ms",
        f"{wall:.0f}w {cpu:.0f}c",
        min(wall, cpu) >= 100,
        min(wall, cpu) >= 500,
    )


def _drift(result: Mapping[str, Any]) -> Found:
    rates = result["speed"]["cells_per_second"]
    ours, peer = rates["auditor"] / 1e6, rates["Evidently"] / 1e6
    return Found(
        f"{ours:.0f} M cells/s", f"Evidently: {peer:.2g} M", f"{ours / peer:.0f}c", ours >= 8, ours >= 20
    )


def _page(result: Mapping[str, Any]) -> Found:
    page, peer = result["pages"][0], result["evidently"]
    ratio = f"{peer['rendering'] / page['seconds']:.0f}c; {peer['bytes'] / page['bytes']:.0f} in size"
    reached = page["bytes"] <= 150_000 and page["seconds"] <= 0.05
    return Found(
        f"{page['bytes'] / 1000:.0f} KB, {1000 * page['seconds']:.0f} ms",
        f"Evidently: {peer['bytes'] / 1e6:.1f} MB, {1000 * peer['rendering']:.0f} ms",
        ratio,
        reached,
        page["bytes"] <= 100_000 and page["seconds"] <= 0.02,
    )


def _start(name: str, *, least: float, moonshot: float, peer: str) -> Callable[[Mapping[str, Any]], Found]:
    def read(result: Mapping[str, Any]) -> Found:
        row = result["rows"][name]
        ours, theirs = (f"{row[key]:.2f} s" for key in ("cpu", "peer_cpu"))
        ratio = f"{row['ratio_cpu']:.1f}c"
        return Found(ours, f"{peer}: {theirs}", ratio, row["cpu"] <= least, row["cpu"] <= moonshot)

    return read


def _idle(result: Mapping[str, Any]) -> Found:
    least, *more = ((one["memory_mb"] <= 150 and one["cpu_percent_of_a_core"] < 1) for one in result["idle"])
    first = result["idle"][0]
    said = f"{first['memory_mb']} MB, {first['cpu_percent_of_a_core']:g} % of a core"
    return Found(said, "", "", least, bool(more) and all(more))


def _snapshot(result: Mapping[str, Any]) -> Found:
    ways = result["kinds"]["rows"]["ways"]
    ours, peer = ways["snapshot"], ways["pyarrow"]
    share = ours["ratio_cpu"]
    return Found(
        f"{ours['cpu']:.1f} s, {ours['peak_mb']:.0f} MB at most",
        f"pyarrow reads and writes: {peer['cpu']:.1f} s, {peer['peak_mb']:.0f} MB",
        f"{share:.2f} of its time (c)",
        share <= 2.0 and ours["peak_mb"] < peer["peak_mb"] / 2,
        share <= 1.2 and ours["peak_mb"] < peer["peak_mb"] / 2,
    )


def _fits(result: Mapping[str, Any]) -> Found:
    ours, peer = result["auditor"]["30"], result["peer"]["bounds hold"]
    tuned, alike = peer["as_strong_as"]["30"], peer["of_as_many"]
    said = [
        f"{who['fits'] / ours['fits']:.1f}x fits{note} ({who['rows'] / ours['rows']:.1f}x of all rows)"
        for who, note in ((tuned, ""), (alike, ", 30 tried by both"))
        if who
    ]
    if tuned is None:
        strongest = peer["strongest"]
        theirs = f"finds {100 * strongest['power']:.0f} % at most, with {strongest['fits']:.0f} fits"
    else:
        theirs = f"its cheapest design of as much power: {tuned['fits']:.0f} fits"
    times = tuned["fits"] / ours["fits"] if tuned else 0.0
    found = f"{ours['fits']:.0f} fits; finds {100 * ours['power']:.0f} % of two margins"
    return Found(found, f"Optuna, 5 folds: {theirs}", "; ".join(said), times >= 5, times >= 10)


def _halving(result: Mapping[str, Any]) -> Found:
    whole = result["whole"]
    lost, error = whole["regret_percent"], whole["regret_error"]
    kept = lost <= max(LOSS_PERCENT, 2.0 * error)
    ratio = f"{whole['ratio_cpu']:.1f}c"
    return Found(
        f"{whole['cpu']:.0f} s; same winner in {whole['same_winner']} of {whole['searches']}, "
        f"loses {lost:.2f} ± {error:.2f} %",
        f"RandomizedSearchCV, 2 jobs: {whole['peer_cpu']:.0f} s",
        ratio,
        whole["ratio_cpu"] >= 1.8 and kept,
        whole["ratio_cpu"] >= 4 and kept,
    )


LOSS_PERCENT = 0.1
"""Share of the loss below which a winner counts as kept, or within two standard errors of nothing lost."""


TARGETS = (
    Target("a verdict as right as k-fold's with a paired t", "5x fewer fits", "10x", "against_kfold", _fits),
    Target(
        "32 torch networks of 10 k parameters, equal scores",
        "10c",
        "40c",
        "torch_caviar",
        _torch("32 of 64-128-10, Optuna + SQLite", least=10, moonshot=40, peer="Optuna + SQLite"),
    ),
    Target(
        "... with halving, same winner",
        "20c",
        "100w",
        "torch_caviar",
        _torch("... with halving", least=20, moonshot=100, peer="Optuna + SQLite", dreamt="ratio_wall"),
    ),
    Target(
        "torch, 200 k parameters",
        "1.5c",
        "4c",
        "torch_caviar",
        _torch("64-410-410-10 (199 k), fused Adam", least=1.5, moonshot=4, peer="fused Adam"),
    ),
    Target("any torch model", "never below 1.0c", "1.5c", "torch_caviar", _any_torch),
    Target(
        "a scikit-learn search with halving, no loss of the winner",
        "1.8c",
        "4c",
        "sklearn_halving",
        _halving,
    ),
    Target("the engine's share of a training", "100x less", "500x", "engine_overhead", _overhead),
    Target("drift of 100 000 x 20", "8 M cells/s a core", "20 M", "drift", _drift),
    Target("a page of 300 trials", "150 KB, 50 ms", "100 KB, 20 ms", "report", _page),
    Target(
        "`auditor --help`",
        "0.15 s",
        "0.08 s",
        "startup",
        _start("--help", least=0.15, moonshot=0.08, peer="Optuna"),
    ),
    Target(
        "`auditor status`, 100 audits",
        "0.40 s",
        "0.25 s",
        "startup",
        _start("status, 100 audits", least=0.40, moonshot=0.25, peer="Optuna"),
    ),
    Target(
        "idle daemon, 1 000 schedules", "150 MB, under 1 % of a core", "the same, 10 000", "daemon", _idle
    ),
    Target(
        "snapshot of 10 M rows x 20",
        "2x pyarrow's time, memory of a row group",
        "1.2x",
        "large_data",
        _snapshot,
    ),
)
"""In the order in which they were set."""


def table(results: Path = RESULTS, *, scripts: Collection[str] | None = None) -> str:
    """Return the table in Markdown, made from the results in a folder; of some benchmarks alone if asked."""
    newest = _newest(results)
    wanted = [target for target in TARGETS if scripts is None or target.script in scripts]
    lines = [HEAD, ("---",) * len(HEAD), *(target.row(results, newest=newest) for target in wanted)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + f"\n\n{FOOTNOTE}"


def scripts() -> tuple[str, ...]:
    """Return the benchmarks that have a target, each once."""
    return tuple(dict.fromkeys(target.script for target in TARGETS))


def unread(script: str, results: Path) -> list[str]:
    """Return the targets of a benchmark that cannot be read from its result."""
    missing = []
    for target in TARGETS:
        if target.script == script:
            try:
                target.row(results, newest="")
            except (LookupError, TypeError, ValueError):
                missing.append(target.what)
    return missing
