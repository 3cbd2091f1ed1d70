"""Schedules as they are kept: a cursor each, which moves in one transaction with the orders it gives.

So a daemon that is killed at any moment has either given the orders of a slot and moved on, or done neither;
and any number of daemons may keep one schedule, because a slot is ordered once whoever is first.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

import auditor.storage.queue_tables  # noqa: F401  # fills the metadata
from auditor.core.records import Asked, KeptSchedule, Occasion, OrderState, Plan, When, Why, digest_of
from auditor.core.slots import Kept, Slots, due_slots
from auditor.core.triggers import Fired, Seen, judge
from auditor.storage.events import note
from auditor.storage.fencing import ORDERS
from auditor.storage.lines import Cells, schedule_of_cells
from auditor.storage.orders import insert_order, inserting
from auditor.storage.queue import SqlQueue

PAUSED = "it is paused"

_TOGETHER = 200
"""Schedules that are kept in one transaction."""

SCHEDULES = SQLModel.metadata.tables["schedule"]
_AUDITS = SQLModel.metadata.tables["audit"]


def when_digest(when: When) -> str:
    """Return what changes when a schedule's times were edited, and not with its triggers."""
    return digest_of(f"{when.every} {when.auto} {when.stale_cost} {when.cron} {when.timezone}")


class SqlSchedules:
    """Schedules in the database of a queue."""

    def __init__(self, queue: SqlQueue) -> None:
        self._queue = queue

    def keep(self, plans: Sequence[Plan], *, now: datetime) -> int:
        """Order what has come due, move the cursors, and return how many orders were given.

        One transaction for a few schedules: thousands of new ones would wait for the disk each.

        A schedule that is new, or whose times were edited, starts from now. A cursor that lies ahead,
        because the clock was set back, is set back as well: what was ordered keeps its key and is not
        ordered twice.
        """
        ordered = 0
        # By name: two daemons that lock rows in different orders would wait for each other.
        in_order = sorted(plans, key=lambda plan: plan.name)
        for first in range(0, len(in_order), _TOGETHER):
            with self._queue.writing() as connection:
                for plan in in_order[first : first + _TOGETHER]:
                    ordered += self._keep(connection, plan, now=now)
        return ordered

    def _keep(self, connection: Connection, plan: Plan, *, now: datetime) -> int:
        row = self._row(connection, plan, now=now)
        cursor = min(row["cursor"], now)
        kept = Kept(cursor=cursor, last_slot=row["last_slot"], **_last_audit(connection, plan.model))
        found = Slots(reason=PAUSED) if row["paused"] else due_slots(plan.when, kept, now=now)
        ordered = self._order(connection, plan, found, now=now)
        connection.execute(
            SCHEDULES.update()
            .where(SCHEDULES.c.name == plan.name)
            .values(
                model=plan.model,
                when_digest=when_digest(plan.when),
                cursor=found.due or (now if row["paused"] else cursor),
                last_slot=found.due or row["last_slot"],
                next_due=found.following,
                next_reason=found.reason,
                problem="",
            )
        )
        return ordered

    def reckon(self, plan: Plan, *, now: datetime) -> None:
        """Say anew when a schedule is due, after an audit that no daemon carried out; orders nothing.

        Only of a schedule that a daemon keeps, by the times that it knows.
        """
        with self._queue.writing() as connection:
            this = SCHEDULES.c.name == plan.name
            row = connection.execute(SCHEDULES.select().where(this).with_for_update()).mappings().first()
            if row is None or row["paused"] or row["when_digest"] != when_digest(plan.when):
                return
            last = _last_audit(connection, plan.model)
            kept = Kept(cursor=min(row["cursor"], now), last_slot=row["last_slot"], **last)
            found = due_slots(plan.when, kept, now=now)
            connection.execute(
                SCHEDULES.update()
                .where(this)
                .values(next_due=found.due or found.following, next_reason=found.due_reason or found.reason)
            )

    def known(self) -> tuple[KeptSchedule, ...]:
        """Return every schedule that was ever kept, by name."""
        with self._queue.reading() as connection:
            rows = connection.execute(SCHEDULES.select().order_by(SCHEDULES.c.name)).mappings().all()
        return tuple(schedule_of_cells(dict(row)) for row in rows)

    def digests(self) -> dict[str, str]:
        """Return, by name, by which times each schedule was last kept."""
        with self._queue.reading() as connection:
            rows = connection.execute(select(SCHEDULES.c.name, SCHEDULES.c.when_digest))
            return {row.name: row.when_digest for row in rows}

    def come(self, *, now: datetime) -> tuple[str, ...]:
        """Return the schedules whose next slot has come, and those whose cursor lies ahead, by name."""
        due = (SCHEDULES.c.next_due <= now) | (SCHEDULES.c.cursor > now)
        with self._queue.reading() as connection:
            return tuple(
                connection.execute(
                    select(SCHEDULES.c.name).where(due, SCHEDULES.c.paused.is_(False))
                ).scalars()
            )

    def pause(self, plan: Plan, *, paused: bool, now: datetime) -> bool:
        """Pause a schedule, or go on with it from now; return False where it was so already."""
        with self._queue.writing() as connection:
            row = self._row(connection, plan, now=now)
            if bool(row["paused"]) == paused:
                return False
            this = SCHEDULES.c.name == plan.name
            connection.execute(SCHEDULES.update().where(this).values(paused=paused, cursor=now))
            note(connection, "schedule_paused" if paused else "schedule_resumed", at=now, schedule=plan.name)
            self._keep(connection, plan, now=now)
        return True

    def complain(self, name: str, problem: str, *, now: datetime) -> None:
        """Record what is wrong with a schedule's file."""
        with self._queue.writing() as connection:
            new = {**_new(name, name, "", now=now), "problem": problem}
            adding = inserting(connection, SCHEDULES).values(**new)
            connection.execute(
                adding.on_conflict_do_update(index_elements=["name"], set_={"problem": problem})
            )
            note(connection, "schedule_broken", at=now, schedule=name, facts={"problem": problem})

    def forget(self, name: str, *, now: datetime) -> None:
        """Drop a schedule whose file is gone; what it ordered and nobody has begun is cancelled."""
        with self._queue.writing() as connection:
            connection.execute(SCHEDULES.delete().where(SCHEDULES.c.name == name))
            note(connection, "schedule_gone", at=now, schedule=name)
            connection.execute(
                ORDERS.update()
                .where(ORDERS.c.schedule == name, ORDERS.c.state == "queued")
                .values(state="cancelled", ended_at=now, reason="its schedule is gone")
            )

    def trigger(self, plan: Plan, seen: Seen, *, now: datetime) -> tuple[Fired, ...]:
        """Order an audit for every trigger that fires, remember what was seen, and return what fired.

        While an audit of the schedule is waiting, none is added: it will look at the same. In a pause it is
        ordered all the same, and waits for its end.
        """
        with self._queue.writing() as connection:
            row = self._row(connection, plan, now=now)
            fired, state = judge(plan.when, seen, json.loads(row["watched"]))
            if seen.drift is not None:
                state["data_looked_at"] = now.isoformat()
            this = SCHEDULES.update().where(SCHEDULES.c.name == plan.name)
            connection.execute(this.values(watched=json.dumps(state)))
            for one in fired:
                note(connection, "triggered", at=now, schedule=plan.name, facts={"why": one.why.value})
                if not _waits(connection, plan.name):
                    occasion = Occasion(why=one.why, said=one.said, due=now)
                    key = f"{one.why.value} {plan.name} {now.isoformat()}"
                    self._add(connection, plan, occasion, now=now, key=key)
        return fired

    def watched(self, name: str) -> Mapping[str, Any]:
        """Return what the triggers of a schedule saw last."""
        with self._queue.reading() as connection:
            text = connection.scalar(select(SCHEDULES.c.watched).where(SCHEDULES.c.name == name))
        found: dict[str, Any] = json.loads(text or "{}")
        return found

    def _row(self, connection: Connection, plan: Plan, *, now: datetime) -> Cells:
        """Return a schedule's row, locked; made, or begun anew, where it is new or its times were edited."""
        digest = when_digest(plan.when)
        adding = inserting(connection, SCHEDULES).values(**_new(plan.name, plan.model, digest, now=now))
        connection.execute(adding.on_conflict_do_nothing(index_elements=["name"]))
        locked = SCHEDULES.select().where(SCHEDULES.c.name == plan.name).with_for_update()
        row = dict(connection.execute(locked).mappings().one())
        if row["when_digest"] == digest:
            return row
        if row["when_digest"]:
            note(connection, "schedule_edited", at=now, schedule=plan.name)
        return {**row, "cursor": now}

    def _order(self, connection: Connection, plan: Plan, found: Slots, *, now: datetime) -> int:
        if found.due is None:
            return 0
        waiting = _superseded(connection, plan.name, found.due, now=now)
        slots = [row for row in waiting if row["why"] == Why.SLOT]
        brought = [row["said"] for row in waiting if row["why"] != Why.SLOT]
        older = [*(row["first_missed"] or row["due"] for row in slots), *found.missed]
        missed = len(found.missed) + sum(row["missed"] + 1 for row in slots)
        for slot in found.missed:
            self._add(connection, plan, _missed(slot), now=now, state=OrderState.SKIPPED)
        occasion = Occasion(
            why=Why.SLOT,
            said="; ".join((found.due_reason or found.reason, *brought)),
            due=found.due,
            missed=missed,
            first_missed=min(older, default=None),
        )
        return self._add(connection, plan, occasion, now=now)

    def _add(
        self,
        connection: Connection,
        plan: Plan,
        occasion: Occasion,
        *,
        now: datetime,
        state: OrderState = OrderState.QUEUED,
        key: str | None = None,
    ) -> bool:
        return insert_order(
            connection,
            key=key or slot_key(plan.name, occasion.due),
            schedule=plan.name,
            model=plan.model,
            occasion=occasion,
            asked=Asked(),
            now=now,
            state=state,
        )


def slot_key(name: str, slot: datetime) -> str:
    """Return what makes two orders the same slot of the same schedule."""
    return f"slot {name} {slot.isoformat()}"


def _waits(connection: Connection, name: str) -> bool:
    waiting = select(ORDERS.c.id).where(ORDERS.c.schedule == name, ORDERS.c.state == "queued").limit(1)
    return connection.execute(waiting).first() is not None


def _missed(slot: datetime) -> Occasion:
    return Occasion(why=Why.SLOT, said="a newer slot has come before it was ordered", due=slot)


def _superseded(connection: Connection, name: str, slot: datetime, *, now: datetime) -> list[Any]:
    """Skip what nobody has begun, older slots and what triggers ordered: one audit stands for them all."""
    waiting = (ORDERS.c.schedule == name) & (ORDERS.c.state == "queued") & ORDERS.c.audit_id.is_(None)
    older = waiting & (ORDERS.c.why != Why.REQUEST) & ((ORDERS.c.why != Why.SLOT) | (ORDERS.c.due < slot))
    rows = list(connection.execute(ORDERS.select().where(older).with_for_update()).mappings())
    for row in rows:
        skipped = {"state": "skipped", "ended_at": now, "reason": "a newer slot came before it was begun"}
        connection.execute(ORDERS.update().where(ORDERS.c.id == row["id"]).values(**skipped))
        note(connection, "order_skipped", at=now, schedule=name, order_id=row["id"])
    return rows


def _last_audit(connection: Connection, model: str) -> dict[str, Any]:
    newest = (
        select(_AUDITS.c.finished_at, _AUDITS.c.next_due, _AUDITS.c.next_reason)
        .where(_AUDITS.c.model == model, _AUDITS.c.state.in_(("done", "failed")))
        .order_by(_AUDITS.c.id.desc())
        .limit(1)
    )
    found = connection.execute(newest).first()
    if found is None:
        return {}
    return {"last_audit": found[0], "planned": found[1], "planned_reason": found[2] or ""}


def _new(name: str, model: str, digest: str, *, now: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "model": model,
        "when_digest": digest,
        "cursor": now,
        "next_reason": "",
        "paused": False,
        "watched": "{}",
        "problem": "",
    }
