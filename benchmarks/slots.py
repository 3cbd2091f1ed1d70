"""How many due slots are lost or doubled, in every IANA zone, at 48 half-hours a day, over three years.

``python -m benchmarks.slots`` walks ``auditor.core.slots.due_slots`` as the daemon does, with ticks that
fall anywhere from an hour to a month apart, and compares what it orders or records as missed with an
oracle that knows no cron: a wall time is kept at the first moment at which the clocks of its zone show
it, and one that they jump over at the moment at which they land. The oracle asks the zone for its offset,
and nothing else; moments of change are found by bisection.
"""

import argparse
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from auditor.core.records import When
from auditor.core.slots import Kept, due_slots

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
HALF_HOURS = tuple((minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30))
RESULT = Path(__file__).parent / "results" / "slots.json"
DAY = timedelta(days=1)


def oracle(zone: ZoneInfo, hour: int, minute: int) -> Iterator[datetime]:
    """Yield when a wall time is to be kept, day by day, in UTC."""
    day = FIRST
    while day <= LAST:
        wall = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - a wall time
        first = wall.replace(tzinfo=zone).astimezone(UTC)
        if first.astimezone(zone).replace(tzinfo=None) != wall:
            first = change(zone, first - DAY, first + DAY)
        yield first
        day += DAY


def change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second at which the offset of a zone is another one, between two moments."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return before + timedelta(seconds=high)


def walk(name: str, cron: str, start: datetime, end: datetime, *, seed: int) -> Iterator[datetime]:
    """Yield every slot that the daemon orders or records as missed, with ticks that fall anywhere."""
    chance = np.random.default_rng(seed)
    when, cursor, now = When(cron=cron, timezone=name), start, start
    while now < end:
        now = min(end, now + timedelta(seconds=float(chance.exponential(6 * 86_400)) + 15.0))
        found = due_slots(when, Kept(cursor=cursor), now=now)
        if found.due is not None:
            yield from found.missed
            yield found.due
            cursor = found.due


def scan(name: str) -> dict[str, object]:
    """Return what was lost and doubled in one zone."""
    zone = ZoneInfo(name)
    lost = doubled = slots = 0
    for number, (hour, minute) in enumerate(HALF_HOURS):
        wanted = list(oracle(zone, hour, minute))
        start, end = wanted[0] - timedelta(minutes=1), wanted[-1] + timedelta(minutes=1)
        kept = Counter(walk(name, f"{minute} {hour} * * *", start, end, seed=number))
        asked = Counter(wanted)
        slots += len(wanted)
        lost += sum((asked - kept).values())
        doubled += sum((kept - asked).values())
    return {"zone": name, "slots": slots, "lost": lost, "doubled": doubled}


def clocks(name: str) -> tuple[object, ...]:
    """Return all that a zone's clocks do in these years: zones that do the same are scanned once."""
    zone = ZoneInfo(name)
    moment = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) - 2 * DAY
    end = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) + 2 * DAY
    seen: list[object] = [moment.astimezone(zone).utcoffset()]
    while moment < end:
        after = moment + timedelta(hours=1)
        if after.astimezone(zone).utcoffset() != moment.astimezone(zone).utcoffset():
            at = change(zone, moment, after)
            seen += [at, at.astimezone(zone).utcoffset()]
        moment = after
    return tuple(seen)


def total(rows: list[dict[str, object]]) -> dict[str, int]:
    """Return the sums over zones."""
    return {key: sum(int(str(row[key])) for row in rows) for key in ("slots", "lost", "doubled")}


def main() -> None:
    """Scan all zones and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", nargs="*", help="only these")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    names = given.zones or sorted(available_timezones())
    began = time.monotonic()
    alike: dict[tuple[object, ...], list[str]] = {}
    for name in names:
        alike.setdefault(clocks(name), []).append(name)
    print(f"{len(names)} zones, of which {len(alike)} differ in these years", flush=True)
    with multiprocessing.Pool(given.workers) as pool:
        rows = []
        for row in pool.imap_unordered(scan, [same[0] for same in alike.values()]):
            (same,) = [same for same in alike.values() if same[0] == row["zone"]]
            rows += [{**row, "zone": name} for name in same]
            if row["lost"] or row["doubled"]:
                print(row, flush=True)
    found = {
        "from": FIRST.isoformat(),
        "to": LAST.isoformat(),
        "zones": len(rows),
        "different_zones": len(alike),
        **total(rows),
        "zones_with_faults": [row for row in rows if row["lost"] or row["doubled"]],
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(found, indent=1))
    if not given.zones:
        RESULT.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    os.nice(15)
    main()
