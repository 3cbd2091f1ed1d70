"""Trials on a Dask cluster: how many a second, and what a second worker brings.

A real scheduler and real workers of one thread on this machine. The same function is called for the same jobs

- by the auditor: in lots, each in a slot beside the worker, with its deadline and its memory limit,
- by plain Dask: ``client.map``, one task a job, with neither,
- by joblib on its own processes (loky), with neither, and no cluster.

**short** jobs do nothing, so what is counted is what a job costs beside itself; **long** ones are 50 ms of
processor time each, for the scaling from one worker to two. Rounds alternate. The rate of wall time.

Run: ``python -m benchmarks.cluster [--rounds 3] [--json PATH]``
"""

import argparse
import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import joblib
from distributed import Client

from auditor.executors.dask import DaskExecutor
from benchmarks.paired import machine
from benchmarks.tables import print_table
from benchmarks.workload import burn, perform
from tests.clusters import Cluster
from tests.workloads import job

SHORT, LONG = 2_000, 40
CONFIG = {"rate": 0.1, "momentum": 0.5, "depth": 4}


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    at = machine()
    found = {workers: _measured(workers, options.rounds) for workers in (1, 2)}
    _print(found)
    if options.json:
        document = {"machine": at, "rounds": options.rounds, "jobs_per_second": found}
        options.json.write_text(json.dumps(document, indent=1) + "\n")


def _measured(workers: int, rounds: int) -> dict[str, dict[str, float]]:
    short, long = ([job(number, **CONFIG) for number in range(count)] for count in (SHORT, LONG))
    cluster = Cluster()
    cluster.start_scheduler()
    try:
        for _ in range(workers):
            cluster.start_worker()
        with (
            closing(DaskExecutor(cluster.address, perform)) as ours,
            closing(DaskExecutor(cluster.address, burn)) as ours_long,
            Client(cluster.address, set_as_default=False) as plain,
            joblib.Parallel(n_jobs=workers, batch_size="auto") as pool,
        ):
            plain.wait_for_workers(workers)
            ways: dict[str, tuple[int, Callable[[], object]]] = {
                "short, auditor": (SHORT, lambda: list(ours.run(short))),
                "short, Dask": (SHORT, lambda: plain.gather(plain.map(perform, short, pure=False))),
                "short, joblib": (SHORT, lambda: pool(joblib.delayed(perform)(each) for each in short)),
                "long, auditor": (LONG, lambda: list(ours_long.run(long))),
                "long, Dask": (LONG, lambda: plain.gather(plain.map(burn, long, pure=False))),
                "long, joblib": (LONG, lambda: pool(joblib.delayed(burn)(each) for each in long)),
            }
            rates: dict[str, list[float]] = {name: [] for name in ways}
            for number in range(-1, rounds):
                for name in ways if number % 2 else reversed(ways):
                    count, go = ways[name]
                    began = time.perf_counter()
                    go()
                    if number >= 0:  # the first starts processes, and is not counted
                        rates[name].append(count / (time.perf_counter() - began))
    finally:
        cluster.stop()
    return {name: {"median": median(each), "best": max(each)} for name, each in rates.items()}


def _print(found: dict[int, dict[str, dict[str, float]]]) -> None:
    print_table(
        ("jobs a second", "one worker", "two workers", "scaling", "at best"),
        (
            (
                name,
                *(f"{found[workers][name]['median']:.0f}" for workers in (1, 2)),
                *(f"{found[2][name][which] / found[1][name][which]:.2f}" for which in ("median", "best")),
            )
            for name in found[1]
        ),
    )


if __name__ == "__main__":
    main()
