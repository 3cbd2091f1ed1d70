"""``/metrics``: read from the database when somebody asks, so that no figure is ever stale or lost.

Figures of a process that counts for itself begin at zero with it, and are wrong as soon as there are two.
"""

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.core import CollectorRegistry, CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from auditor.core.notices import is_overdue
from auditor.errors import StorageError
from auditor.http.facts import Counts, Facts, Pulse, Standing
from auditor.ports import Clock


@dataclass(frozen=True, eq=False)
class Figures(Collector):
    """Collects figures at scrape time.

    Attributes
    ----------
    pulse
        Of the daemon in this process, or None.
    """

    facts: Facts
    clock: Clock
    version: str
    pulse: Callable[[], Pulse] | None

    def collect(self) -> Iterable[Metric]:
        """Yield every figure; without a database, those that need none, and that it is down."""
        yield _gauge("auditor_build", "What runs; always 1.", version=self.version, python=_PYTHON)
        if self.pulse is not None:
            yield from _of_pulse(self.pulse())
        try:
            standings, counts = self.facts.standings(), self.facts.counts()
        except StorageError:
            yield _gauge("auditor_database_up", "Whether the database answered this scrape.", 0.0)
            return
        yield _gauge("auditor_database_up", "Whether the database answered this scrape.", 1.0)
        yield from self._of_models(standings)
        yield from self._of_counts(counts)

    def _of_models(self, standings: Iterable[Standing]) -> Iterator[Metric]:
        now = self.clock.now()
        success = _per_model("auditor_last_success_timestamp_seconds", "When an audit last did not fail.")
        due = _per_model("auditor_next_due_timestamp_seconds", "When the next audit is due.")
        overdue = _per_model("auditor_overdue", "Whether the next audit should have begun long ago.")
        failing = _per_model("auditor_failing", "Whether the newest audit failed.")
        stale = _per_model("auditor_stale_settings", "Settings that the newest audit calls stale.")
        alarm = _per_model("auditor_alarm", "Whether the evidence of all audits raises the alarm.")
        gain = GaugeMetricFamily(
            "auditor_gain", "Loss that the confirmed challenger saves.", labels=["model", "unit"]
        )
        for one in standings:
            if one.last_success is not None:
                success.add_metric([one.model], one.last_success.timestamp())
            ended = one.ended
            if ended is None:
                continue
            if ended.next_due is not None:
                due.add_metric([one.model], ended.next_due.timestamp())
            overdue.add_metric([one.model], float(is_overdue(ended, now)))
            failing.add_metric([one.model], float(ended.state == "failed"))
            stale.add_metric([one.model], float(len(ended.stale_settings)))
            alarm.add_metric([one.model], float(bool(ended.alarm)))
            if ended.gain is not None:
                gain.add_metric([one.model, ended.unit], ended.gain.estimate)
        yield from (success, due, overdue, failing, stale, alarm, gain)

    def _of_counts(self, counts: Counts) -> Iterator[Metric]:
        yield _by_state("auditor_audits", "Audits in the ledger.", counts.audits)
        waiting = {state: counts.queue.get(state, 0) for state in _IN_QUEUE}
        ended = {state: count for state, count in counts.queue.items() if state not in _IN_QUEUE}
        yield _by_state("auditor_queue_depth", "Audits that are wanted and have not ended.", waiting)
        yield _by_state("auditor_orders_ended", "Audits that were wanted, by how they ended.", ended)
        yield _by_state("auditor_notices", "Notices in the outbox.", counts.notices)
        oldest = counts.oldest_queued
        waited = 0.0 if oldest is None else max(0.0, (self.clock.now() - oldest).total_seconds())
        yield _gauge("auditor_queue_oldest_seconds", "How long the longest wait in the queue is.", waited)
        for name, text, value in (
            ("auditor_leases_expired", "Orders whose process was not heard of.", counts.leases_expired),
            ("auditor_slots_missed", "Due slots for which a newer one's audit stood.", counts.slots_missed),
        ):
            yield CounterMetricFamily(name, text, value=float(value))


def exposition(figures: Figures) -> bytes:
    """Return every figure in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(figures)
    return generate_latest(registry)


_IN_QUEUE = ("queued", "running")
"""States of an order that has not ended."""

_PYTHON = platform.python_version()


def _of_pulse(pulse: Pulse) -> Iterator[Metric]:
    # Before the first tick there is no age; a missing figure would not raise an alarm, infinity does.
    age = float("inf") if pulse.tick_age_seconds is None else pulse.tick_age_seconds
    yield _gauge("auditor_tick_age_seconds", "Since the last tick that went well.", age)
    yield _gauge("auditor_audits_running", "Audits that this daemon carries out now.", float(pulse.running))
    yield _gauge("auditor_schedules_invalid", "Schedules that cannot be read.", float(len(pulse.problems)))


def _gauge(name: str, text: str, value: float = 1.0, **labels: str) -> Metric:
    family = GaugeMetricFamily(name, text, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def _per_model(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=["model"])


def _by_state(name: str, text: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state, count in sorted(counts.items()):
        family.add_metric([state], float(count))
    return family
