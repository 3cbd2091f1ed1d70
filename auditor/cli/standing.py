"""``auditor status``: how every model stands, and what the daemon does now."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.cli.printing import print_status, print_table
from auditor.core.document import record_to_json
from auditor.core.records import AuditSummary, Instance, KeptSchedule, Order, OrderState
from auditor.errors import in_a_line
from auditor.settings import Settings

OVERDUE_AFTER = timedelta(minutes=5)
"""A slot is ordered within a tick; one that was not after this long will not be by itself."""

_OPEN = (OrderState.RUNNING, OrderState.QUEUED, OrderState.QUARANTINED)
_SHOWN = 50
"""Orders listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """How everything stands.

    Attributes
    ----------
    models
        The newest audit of each that has ended: what was last found stays so while the next one runs.
    since
        By model, since when its newest call has held.
    applied
        By model, when what its newest audit recommends was put into production.
    orders
        That run, wait, or are in quarantine since the schedule's last audit that ended.
    trained
        By audit, how many trainings are recorded of those that run.
    """

    models: tuple[AuditSummary, ...]
    since: dict[str, datetime]
    applied: dict[str, datetime]
    daemons: tuple[Instance, ...]
    orders: tuple[Order, ...]
    schedules: tuple[KeptSchedule, ...]
    trained: dict[int, int]

    @property
    def alive(self) -> tuple[Instance, ...]:
        """Daemons that tick."""
        return tuple(each for each in self.daemons if each.alive)


def look_around(settings: Settings) -> Standings:
    """Return how everything stands."""
    from auditor.storage.glance import glance

    seen = glance(settings.database_url)
    if seen is None:
        return _look_closely(settings)
    return Standings(
        models=seen.models,
        since=seen.since,
        applied=seen.applied,
        daemons=seen.daemons,
        orders=_unsettled(seen.orders, seen.newest_ended),
        schedules=seen.schedules,
        trained=seen.trained,
    )


def _look_closely(settings: Settings) -> Standings:
    """Return the same of any database, which is migrated first, or whose trouble is explained."""
    from auditor.storage.streaks import applied, ended_first, since
    from auditor.storage.trained import trained
    from auditor.wiring import for_reading, open_instances, open_ledger, open_queue, open_schedules

    with (
        for_reading(settings) as found,
        closing(open_ledger(found)) as ledger,
        closing(open_queue(found)) as queue,
    ):
        latest = ended_first(ledger.latest(2))
        return Standings(
            models=latest,
            since=since(latest, queue),
            applied=applied(latest, queue),
            daemons=open_instances(queue).known(),
            orders=_unsettled(queue.orders(states=_OPEN), queue.newest_ended()),
            schedules=open_schedules(queue).known(),
            trained=trained(queue),
        )


def print_standings(found: Standings, *, json: bool) -> None:
    """Print how everything stands."""
    from auditor.wiring import SystemClock

    now = SystemClock().now()
    if json:
        print(record_to_json(found, indent=2))
        return
    told = {each.model for each in found.schedules if each.next_due is not None}
    print_status(found.models, now=now, json=False, since=found.since, told=told)
    for model, moment in found.applied.items():
        print(f"\n{model}: applied on {moment:%Y-%m-%d}; the next audit says whether it held")
    if found.schedules or found.orders:
        _print_daemon(found)
        _print_orders(found.orders, found.trained)
        _print_schedules(found.schedules, now=now)


def _unsettled(orders: Sequence[Order], ended: dict[str, int]) -> tuple[Order, ...]:
    """Leave out what was put into quarantine before an audit of the same schedule went well."""
    return tuple(
        order
        for order in orders
        if order.state is not OrderState.QUARANTINED or order.id > ended.get(order.schedule, 0)
    )


def _print_daemon(found: Standings) -> None:
    if not found.alive and (found.schedules or not all(order.by_hand for order in found.orders)):
        print("\nno daemon runs; start `auditor daemon`")
    for each in found.alive:
        print(
            f"\ndaemon {each.id[:8]} runs since {each.started_at:%Y-%m-%d %H:%M}Z, "
            f"last tick {each.silent_seconds:.0f} s ago"
        )


def _print_orders(orders: Sequence[Order], trained: Mapping[int, int]) -> None:
    if not orders:
        return
    rows = [
        (
            str(order.id),
            order.state.value,
            order.schedule,
            order.occasion.said
            + (f" ({order.occasion.missed} slots missed)" if order.occasion.missed else ""),
            str(order.attempts),
            order.reason or _doing(order, trained),
        )
        for order in orders[:_SHOWN]
    ]
    print()
    print_table(("order", "state", "schedule", "because", "attempts", "what happened"), rows)
    if len(orders) > _SHOWN:
        print(f"… and {len(orders) - _SHOWN} more")


def _doing(order: Order, trained: Mapping[int, int]) -> str:
    """Return how far an order is that runs."""
    if order.state is not OrderState.RUNNING or order.started_at is None:
        return "–"
    count = trained.get(order.audit_id or 0, 0)
    return f"since {order.started_at:%Y-%m-%d %H:%M}Z, {count} training{'' if count == 1 else 's'} done"


def _print_schedules(schedules: Sequence[KeptSchedule], *, now: datetime) -> None:
    if not schedules:
        return
    rows = [
        (
            each.name,
            each.model,
            "–" if each.next_due is None else f"{each.next_due:%Y-%m-%d %H:%M}Z",
            each.next_reason,
            state_of(each, now=now),
        )
        for each in schedules
    ]
    print()
    print_table(("schedule", "model", "next due", "because", "state"), rows)


def state_of(schedule: KeptSchedule, *, now: datetime) -> str:
    """Return how a schedule is, in a word or two."""
    if schedule.problem:
        return f"BROKEN: {in_a_line(schedule.problem)}"
    if schedule.paused:
        return "paused"
    if schedule.next_due is not None and schedule.next_due < now - OVERDUE_AFTER:
        return "OVERDUE"
    return "by hand" if schedule.next_due is None else "waits"
