"""Trials run on a Dask cluster, each in a slot beside one of its workers (extra: ``auditor[dask]``).

A task is a lot of trials, because the cluster takes milliseconds a task whatever is in it. Jobs carry names,
so a worker opens the snapshot itself: the vault must be at a URL, or in a folder that all workers reach
under the same path. What a cluster loses, it is asked for again: a worker that dies costs the lots that it
had; when the scheduler goes away, its successor at the same address gets all that was not finished. A trial
gives the same result wherever it runs, so nothing of this can be seen in the findings.
"""

import logging
import queue
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, TypeVar

from distributed import Client, Future

from auditor.core.records import Failure, FailureKind, Job, Result
from auditor.core.stacking import lots_of
from auditor.errors import ClusterError, one_line
from auditor.executors.attempt import failed
from auditor.executors.forking import LIBRARIES
from auditor.executors.pool import PoolExecutor
from auditor.executors.slot import Ready, pack, run_lot, unpack
from auditor.executors.waiting import AHEAD, Lot, Waiting
from auditor.ports import Work, WorkTogether

logger = logging.getLogger(__name__)

# What the cluster loses is said here, in a line; distributed would print every traceback of it.
logging.getLogger("distributed").setLevel(logging.CRITICAL)

RECENT_TRIALS = 16

TRIES = 3
"""How often a job is sent out by itself and comes back without a result, before that counts as its crash."""

CONNECT_SECONDS = 5.0

ARRIVAL_SECONDS = 30.0
"""How long to wait for a cluster that is just being started."""

PATIENCE_SECONDS = 120.0
"""How long a cluster may be away before the audit is left open, to go on when it is back."""

LOOK_SECONDS = 2.0
"""How often to see whether the scheduler is still there."""

T = TypeVar("T")


@dataclass(slots=True)
class _Sent:
    """A lot that is under way."""

    future: Future
    lot: Lot


class DaskExecutor:
    """Runs jobs on the workers of a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler: ``tcp://host:8786``.
    work
        One job in, its result out; importable on every worker.
    ready
        Called on a worker with the jobs of a lot before the time of any runs: fetches what they need.
    together
        Jobs of a lot in, results of what could be done in one pass out; importable on every worker.
    patience_seconds
        How long to wait for a cluster that is away.

    Raises
    ------
    ClusterError
        If nothing answers at the address, or no worker comes in time.
    """

    def __init__(
        self,
        address: str,
        work: Work,
        *,
        ready: Ready | None = None,
        together: WorkTogether | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._address = address
        self._work = work
        self._ready = ready
        self._together = together
        self._patience = patience_seconds
        self._recent: deque[float] = deque(maxlen=RECENT_TRIALS)
        self._tries: dict[int, int] = {}
        self._news: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._known = ""
        self._aside: PoolExecutor | None = None
        self._client: Client | None = None
        self._connect(until=monotonic() + ARRIVAL_SECONDS)

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Yield one result per job, in the order in which the lots come back.

        Raises
        ------
        ClusterError
            If the cluster goes away and does not come back in time.
        """
        lots = lots_of(jobs, workers=self._threads) if self._together else [(job,) for job in jobs]
        waiting = Waiting()
        waiting.add(lots)
        sent = deque[_Sent]()
        self._tries.clear()
        try:
            while waiting or sent:
                try:
                    self._hand_out(waiting, sent)
                    done = self._listen(sent)
                except OSError:  # in the midst of a question: the cluster is going
                    done = []
                    self._start_over(waiting, sent)
                for each in done:
                    yield from self._take(each, waiting)
        finally:
            with suppress(Exception):  # what cannot be called off will be thrown away
                for each in sent:
                    each.future.cancel()

    def call(self, function: Callable[..., T], *args: Any, timeout_seconds: float = 300.0) -> T:
        """Call an importable function in a fresh process of this machine, where its paths mean something.

        Raises
        ------
        AuditorError
            As raised by the function.
        TrainerError
            For anything else it raises, when it is not done in time, and when its process dies.
        """
        if self._aside is None:
            self._aside = PoolExecutor(self._work, workers=1, libraries=LIBRARIES)
        return self._aside.call(function, *args, timeout_seconds=timeout_seconds)

    def close(self) -> None:
        """Call off what is under way and leave the cluster; safe to call twice."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None
        self._disconnect()

    def _hand_out(self, waiting: Waiting, sent: deque[_Sent]) -> None:
        client = self._connected()
        while waiting and len(sent) < AHEAD * self._threads:
            lot = waiting.take(threads=self._threads, recent=self._recent)
            future = client.submit(
                run_lot, self._work, pack(lot.jobs), together=self._together, ready=self._ready, pure=False
            )
            future.add_done_callback(self._news.put)
            sent.append(_Sent(future, lot))

    def _listen(self, sent: deque[_Sent]) -> list[_Sent]:
        """Wait until a lot is done, and take out those that are.

        Raises
        ------
        OSError
            If the scheduler is no longer the one that was asked.
        """
        quiet = False
        try:
            self._news.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            quiet = True
        if quiet or any(each.future.cancelled() for each in sent):
            self._look()
        done = [each for each in sent if each.future.done()]
        for each in done:
            sent.remove(each)
        return done

    def _take(self, each: _Sent, waiting: Waiting) -> Iterator[Result]:
        """Return the results of a lot that is done, or send its jobs again, one by one."""
        try:
            results = unpack(each.lot.jobs, each.future.result(timeout=CONNECT_SECONDS))
        except Exception as error:  # whatever killed it: a worker, a slot, a missing module
            yield from self._again(each.lot.jobs, error, waiting)
            return
        self._recent.extend(result.seconds for result in results)
        yield from results

    def _again(self, lot: list[Job], error: Exception, waiting: Waiting) -> Iterator[Result]:
        if isinstance(error, ImportError):
            raise ClusterError(
                f"a worker of the cluster at {self._address} lacks a module: {one_line(error)}; "
                "install there what is installed here, in the same versions"
            ) from error
        logger.warning(
            "a lot of %d trials came back without results: %s",
            len(lot),
            one_line(error),
            extra={"action": "lot_lost"},
        )
        if len(lot) == 1:
            self._tries[lot[0].trial.id] = self._tries.get(lot[0].trial.id, 0) + 1
        tries = max(self._tries.get(job.trial.id, 0) for job in lot)
        if tries < TRIES:
            waiting.again(lot)
        else:
            what = f"its process ended {tries} times: {one_line(error)}"
            yield failed(lot[0], Failure(FailureKind.CRASH, what), seconds=0.0)

    def _start_over(self, waiting: Waiting, sent: deque[_Sent]) -> None:
        """Find the scheduler's successor, and take back all that the old one had."""
        logger.warning("the scheduler at %s is gone", self._address, extra={"action": "cluster_lost"})
        for each in sent:
            waiting.back(each.lot)
        sent.clear()
        self._disconnect()
        self._connect(until=monotonic() + self._patience)

    def _look(self) -> None:
        """Ask the scheduler who it is and what it has.

        Raises
        ------
        OSError
            If it does not answer, or has another name than when it was asked first.
        """
        client = self._connected()
        if client.status != "running":
            raise ConnectionError(f"the connection is {client.status}")
        facts = client.sync(client.scheduler.identity, callback_timeout=CONNECT_SECONDS)
        self._known = self._known or facts["id"]
        if facts["id"] != self._known:
            raise ConnectionError("it was started anew")
        self._threads = max(1, sum(worker["nthreads"] for worker in facts["workers"].values()))

    def _connected(self) -> Client:
        if self._client is None:
            raise ValueError("the executor is closed")
        return self._client

    def _connect(self, *, until: float) -> None:
        while True:
            try:
                self._join(seconds=max(1.0, until - monotonic()))
            except (OSError, TimeoutError) as error:
                there = self._client is not None
                self._disconnect()
                if monotonic() >= until:
                    raise ClusterError(self._absence(there=there)) from error
                sleep(0.5)
            else:
                return

    def _join(self, *, seconds: float) -> None:
        self._client = Client(self._address, timeout=min(seconds, CONNECT_SECONDS), set_as_default=False)
        self._client.wait_for_workers(1, timeout=seconds)
        self._known = ""
        self._look()

    def _absence(self, *, there: bool) -> str:
        if there:
            return f"the cluster at {self._address} has no worker; start one: `dask worker {self._address}`"
        return (
            f"no Dask scheduler answers at {self._address}; start it with `dask scheduler`, or correct "
            "AUDITOR_EXECUTOR"
        )

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # it may be half gone; nothing of it is needed any more
                client.close(timeout=2)
