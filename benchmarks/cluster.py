"""Trials on a Dask cluster: how many a second, what a second worker brings, and what the bound is.

A real scheduler and real workers of one thread on this machine. The same function is called for the same jobs

- by the auditor: in lots, each in a slot beside the worker, with its deadline and its memory limit,
- by plain Dask: ``client.map``, one task a job, with neither,
- by joblib on its own processes (loky), with neither, and no cluster.

**short** jobs do nothing, so what is counted is what a job costs beside itself; **waiting** ones sleep for
20 ms and so need workers but no core; **long** ones are 50 ms of processor time each. Rounds alternate. The
rate of wall time, and the processor time of all processes together: cores / that time is the rate that this
machine cannot pass, however many workers there are. Of the auditor, also which process spends it.

Run: ``python -m benchmarks.cluster [--rounds 3] [--json PATH]``
"""

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import joblib
import psutil
from distributed import Client

from auditor.core.records import Job
from auditor.executors.dask import DaskExecutor
from benchmarks.paired import Cost, cost_of, machine
from benchmarks.tables import print_table
from benchmarks.workload import burn, perform, wait
from tests.clusters import Cluster
from tests.workloads import job

WORKERS = (1, 2, 4)
KINDS = {"short": perform, "waiting": wait, "long": burn}
COUNTS = {
    "auditor": {"short": 10_000, "waiting": 200, "long": 40},
    "Dask": {"short": 500, "waiting": 200, "long": 40},
    "joblib": {"short": 10_000, "waiting": 200, "long": 40},
}
CONFIG = {"rate": 0.1, "momentum": 0.5, "depth": 4}
Row = dict[str, float]


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    at = machine()
    found, spent = {}, {}
    for workers in WORKERS:
        found[workers], spent[workers] = _measured(workers, options.rounds)
    _print(found, spent)
    if options.json:
        document = {"machine": at, "rounds": options.rounds, "rows": found, "cpu_of_a_short_job_ms": spent}
        options.json.write_text(json.dumps(document, indent=1) + "\n")


def _measured(workers: int, rounds: int) -> tuple[dict[str, Row], Row]:
    cluster = Cluster()
    cluster.start_scheduler()
    try:
        for _ in range(workers):
            cluster.start_worker()
        with (
            Client(cluster.address, set_as_default=False) as plain,
            joblib.Parallel(n_jobs=workers, batch_size="auto") as pool,
        ):
            plain.wait_for_workers(workers)
            costs = {
                f"{kind}, {way}": each
                for kind, work in KINDS.items()
                for way, each in _in_turns(cluster, work, kind, plain, pool, rounds).items()
            }
            spent = _spent(cluster)
    finally:
        cluster.stop()
    return {name: _row(each) for name, each in costs.items()}, spent


def _in_turns(
    cluster: Cluster,
    work: Callable[[Job], object],
    kind: str,
    plain: Client,
    pool: joblib.Parallel,
    rounds: int,
) -> dict[str, list[Cost]]:
    """Return what a job of a kind cost each way, round by round."""
    jobs = {way: _jobs(counts[kind]) for way, counts in COUNTS.items()}
    with closing(DaskExecutor(cluster.address, work)) as ours:
        ways: dict[str, Callable[[], object]] = {
            "auditor": lambda: list(ours.run(jobs["auditor"])),
            "Dask": lambda: plain.gather(plain.map(work, jobs["Dask"], pure=False)),
            "joblib": lambda: pool(joblib.delayed(work)(each) for each in jobs["joblib"]),
        }
        costs: dict[str, list[Cost]] = defaultdict(list)
        for number in range(-1, rounds):
            for way in ways if number % 2 else reversed(ways):
                cost = cost_of(ways[way])
                if number >= 0:  # the first starts processes, and is not counted
                    costs[way].append(cost.each(len(jobs[way])))
        return costs


def _jobs(count: int) -> list[Job]:
    return [job(number, **CONFIG) for number in range(count)]


def _row(costs: Sequence[Cost]) -> Row:
    """Return jobs a second, and the processor time of one in milliseconds."""
    cpu = median(cost.cpu for cost in costs)
    return {
        "median": 1 / median(cost.wall for cost in costs),
        "best": 1 / min(cost.wall for cost in costs),
        "cpu_ms": 1e3 * cpu,
        "cores_allow": len(os.sched_getaffinity(0)) / max(cpu, 1e-9),
    }


def _spent(cluster: Cluster) -> Row:
    """Return which process spends how many milliseconds of processor time on a job that does nothing."""
    jobs = _jobs(COUNTS["auditor"]["short"])
    with closing(DaskExecutor(cluster.address, perform)) as ours:
        list(ours.run(jobs))
        before = _by_process(cluster)
        list(ours.run(jobs))
        after = _by_process(cluster)
    return {name: 1e3 * (after[name] - before[name]) / len(jobs) for name in after}


def _by_process(cluster: Cluster) -> Row:
    assert cluster.scheduler is not None
    found: Row = defaultdict(float)
    found["client"] = time.process_time()
    found["scheduler"] = _seconds(psutil.Process(cluster.scheduler.pid))
    for each in cluster.workers:
        worker = psutil.Process(each.pid)
        found["worker"] += _seconds(worker)
        for slot in worker.children():
            found["slot"] += _seconds(slot)
            found["trials"] += sum(map(_seconds, slot.children(recursive=True)))
    return found


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _print(found: Mapping[int, Mapping[str, Row]], spent: Mapping[int, Row]) -> None:
    few, *more = WORKERS
    print_table(
        (
            "jobs a second",
            *(f"{workers} workers" for workers in WORKERS),
            *(f"{workers} / {few}" for workers in more),
            "CPU ms a job (2)",
            "what the cores allow (2)",
        ),
        (
            (
                name,
                *(f"{found[workers][name]['median']:.0f}" for workers in WORKERS),
                *(f"{found[workers][name]['median'] / found[few][name]['median']:.2f}" for workers in more),
                f"{found[2][name]['cpu_ms']:.3f}",
                f"{found[2][name]['cores_allow']:.0f}",
            )
            for name in found[few]
        ),
    )
    print("\nProcessor time of a job of the auditor's that does nothing, ms:")
    names = list(spent[few])
    print_table(
        ("workers", *names),
        ((workers, *(f"{each[name]:.4f}" for name in names)) for workers, each in spent.items()),
    )


if __name__ == "__main__":
    main()
