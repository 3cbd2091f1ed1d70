"""``auditor doctor``: everything that an audit and the daemon stand on, tried once."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from auditor.cli import COULD_NOT_RUN
from auditor.core.document import record_to_json
from auditor.core.records import KeptSchedule
from auditor.core.wording import counted
from auditor.errors import AuditorError, one_line
from auditor.settings import Settings
from auditor.wiring import SystemClock, for_reading, ledger_to_read, open_executor, open_queue, open_stock

_GIB = 1024**3
LEAST_FREE = _GIB
"""Less free space than this is worth a word."""

_CLOCKS_APART = 5.0
"""Seconds that the clocks of this machine and of the database may differ."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at, what is wrong with it, and what mends it; empty texts where it is well."""

    what: str
    fact: str
    wrong: str = ""
    mend: str = ""


def examine(settings: Settings) -> tuple[Examined, ...]:
    """Look at everything once."""
    checks: tuple[tuple[str, Callable[[Settings], Iterator[Examined]]], ...] = (
        ("database", _database),
        ("folders", _folders),
        ("disk", _disk),
        ("clock", _clock),
        ("executor", _executor),
        ("schedules", _schedules),
        ("daemon", _daemon),
    )
    found: list[Examined] = []
    for what, check in checks:
        try:
            found += check(settings)
        except AuditorError as error:
            problem, _, mend = str(error).partition("; ")
            found.append(Examined(what, "", problem, mend))
        except Exception as error:  # a doctor who faints helps nobody
            found.append(Examined(what, "", one_line(error), "look into it, or tell the authors of auditor"))
    return tuple(found)


def print_findings(found: tuple[Examined, ...], *, json: bool) -> int:
    """Print what was found, and return the exit code."""
    if json:
        print(record_to_json(found, tuple[Examined, ...], indent=2))
    else:
        for each in found:
            print(f"{'✗' if each.wrong else '✓'} {each.what:10} {each.wrong or each.fact}")
            if each.mend:
                print(f"             → {each.mend}")
    return COULD_NOT_RUN if any(each.wrong for each in found) else 0


def _database(settings: Settings) -> Iterator[Examined]:
    with for_reading(settings) as found, closing(open_queue(found)) as queue:
        with queue.writing() as connection:  # takes the write lock, and gives it back
            kind = connection.dialect.name
        if kind == "sqlite":
            with queue.reading() as connection:
                said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if said != "ok":
                yield Examined("database", "", f"SQLite says: {said}", "restore it from `auditor backup`")
                return
        fact = "can be read and written" if found is settings else "is made by the first audit"
        yield Examined("database", f"{kind}, {fact}")


def _folders(settings: Settings) -> Iterator[Examined]:
    from auditor.storage.room import why_not_writable

    if settings.vault_url:
        from auditor.storage.remote import Remote

        Remote(settings.vault_url).probe()
        yield Examined("vault", f"{settings.vault_url} can be written to and read")
    for line in open_stock(settings).damaged():
        problem, _, mend = line.partition("; ")
        yield Examined("vault", "", problem, f"{mend}; other audits go on")
    for name, folder in (("vault", settings.vault), ("reports", settings.reports)):
        problem = why_not_writable(folder)
        variable = (
            "AUDITOR_VAULT_CACHE" if name == "vault" and settings.vault_url else f"AUDITOR_{name.upper()}"
        )
        mend = what_opens(folder, problem, variable=variable) if problem else ""
        yield Examined(name, f"{folder} can be written to", problem, mend)


def what_opens(folder: Path, problem: str, *, variable: str) -> str:
    """Return what to do about a folder that cannot be written to."""
    if "no space left" in problem or "quota" in problem:
        return "free some space, or run `auditor prune`"
    return f"make {str(folder)!r} writable for this user, or set {variable}"


def _disk(settings: Settings) -> Iterator[Examined]:
    places = {
        "vault": settings.vault,
        "reports": settings.reports,
        "temporary files": Path(tempfile.gettempdir()),
    }
    for name, place in places.items():
        if not place.exists():
            continue
        free = shutil.disk_usage(place).free
        fact = f"{free / _GIB:.1f} GiB free for the {name}"
        if free < LEAST_FREE:
            yield Examined("disk", "", f"only {fact}", "free some space, or run `auditor prune`")
        else:
            yield Examined("disk", fact)


def _clock(settings: Settings) -> Iterator[Examined]:
    from sqlalchemy import select

    from auditor.storage.orders import seconds_now

    clock = SystemClock()
    with for_reading(settings) as found, closing(open_queue(found)) as queue, queue.reading() as connection:
        theirs = float(connection.scalar(select(seconds_now(connection))) or 0.0)
        apart = theirs - clock.now().timestamp()
    if abs(apart) > _CLOCKS_APART:
        wrong = f"the database's clock is {apart:+.0f} s from this machine's"
        yield Examined("clock", "", wrong, "let both follow a time server (`timedatectl set-ntp true`)")
        return
    with ledger_to_read(settings) as ledger:
        newest = [each.started_at for each in ledger.summaries(limit=1)]
    if newest and newest[0] > clock.now() + timedelta(minutes=5):
        wrong = f"the newest audit began at {newest[0]:%Y-%m-%d %H:%M}Z, which is still to come"
        yield Examined("clock", "", wrong, "set the clock right (`timedatectl`); slots are kept from now on")
        return
    yield Examined("clock", f"{clock.now():%Y-%m-%d %H:%M:%S}Z, as the database has it")


def _executor(settings: Settings) -> Iterator[Examined]:
    with closing(open_executor(settings, workers=1)) as executor:
        worker = executor.call(os.getpid, timeout_seconds=120.0)
    yield Examined("executor", f"{settings.executor}: a worker answers (process {worker})")


def _schedules(settings: Settings) -> Iterator[Examined]:
    from auditor.declarations import load_plans

    if not settings.schedules.is_dir():
        wrong = f"there is no folder {str(settings.schedules)!r} here"
        mend = "run auditor where it lies, or set AUDITOR_SCHEDULES"
        yield Examined("schedules", "", wrong, f"{mend}; `auditor init NAME --data rows.csv` makes one")
        return
    plans, broken = load_plans(settings.schedules)
    for error in broken:
        first, *rest = str(error).splitlines()
        yield Examined(
            "schedules",
            "",
            f"{first} {' | '.join(line.strip() for line in rest)}".strip(),
            "mend the file; `auditor check` tries it again",
        )
    if plans:
        yield Examined("schedules", f"{len(plans)} can be read")
    elif not broken:
        yield Examined("schedules", "", "there are none", "draft one: `auditor init NAME --data rows.csv`")


def what_waits(schedules: Sequence[KeptSchedule], *, orders: int, now: datetime) -> str:
    """Return what there is for a daemon to do: orders, what is due, or when the next audit will be."""
    if orders:
        return f"and {counted(orders, 'order waits', many='orders wait')}"
    dates = [each.next_due for each in schedules if each.next_due is not None]
    if not dates:
        return "and schedules are to be kept"
    if min(dates) <= now:
        return "and audits are due"
    return f"so the next audit, due {min(dates):%Y-%m-%d %H:%M}Z, will not begin by itself"


def _daemon(settings: Settings) -> Iterator[Examined]:
    from auditor.cli.standing import look_around, state_of

    found, now = look_around(settings), SystemClock().now()
    wanted = [each for each in found.schedules if each.next_due is not None or each.problem]
    waiting = sum(order.state.value != "quarantined" and not order.by_hand for order in found.orders)
    if found.alive:
        yield Examined("daemon", f"{len(found.alive)} run{'s' if len(found.alive) == 1 else ''}")
    elif wanted or not all(order.by_hand for order in found.orders):
        what = what_waits(wanted, orders=waiting, now=now)
        yield Examined("daemon", "", f"none runs, {what}", "start `auditor daemon`")
    else:
        yield Examined("daemon", "none runs, and none is needed yet")
    for order in found.orders:
        if order.state.value == "quarantined":
            wrong = f"order {order.id} of {order.schedule!r} is in quarantine: {order.reason}"
            yield Examined("queue", "", wrong, f"mend that, then `auditor run {order.schedule} --queue`")
    for each in found.schedules:
        if state_of(each, now=now) == "OVERDUE":
            wrong = f"{each.name} was due {each.next_due:%Y-%m-%d %H:%M}Z and is not queued"
            yield Examined(
                "schedules", "", wrong, "see whether the daemon reads this folder: AUDITOR_SCHEDULES"
            )
