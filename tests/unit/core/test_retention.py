from datetime import UTC, datetime, timedelta

from auditor.core.retention import Holding, Retention, doomed

NOW = datetime(2026, 3, 15, tzinfo=UTC)
LIMITS = Retention(newest=2, younger_than=timedelta(days=30))


def held(number: int, *, days: float, state: str = "done", model: str = "churn") -> Holding:
    return Holding(
        id=number,
        model=model,
        state=state,
        at=NOW - timedelta(days=days),
        snapshots=frozenset({f"s{number}"}),
    )


def going(holdings, *, pinned=(), needed=()):
    snapshots = [name for each in holdings for name in each.snapshots]
    found = doomed(holdings, pinned=pinned, needed=needed, snapshots=snapshots, limits=LIMITS, now=NOW)
    return found.audits, found.snapshots


def test_the_newest_stay_however_old_and_the_young_however_many():
    old = [held(number, days=400 - number) for number in range(1, 5)]
    young = [held(number, days=5) for number in range(5, 9)]

    assert going(old) == ((1, 2), ("s1", "s2"))
    assert going(young) == ((), ())
    assert going([*old, *young]) == ((1, 2, 3, 4), ("s1", "s2", "s3", "s4"))


def test_each_model_has_its_own_newest():
    audits = [held(1, days=99), held(2, days=98), held(3, days=97, model="fraud")]

    assert going(audits) == ((), ())


def test_what_runs_stays_and_what_was_abandoned_counts_for_none():
    audits = [
        held(1, days=99, state="running"),
        held(2, days=98, state="abandoned"),
        held(3, days=97),
        held(4, days=96),
    ]

    assert going(audits) == ((2,), ("s2",))


def test_what_is_pinned_or_needed_stays():
    old = [held(number, days=400) for number in range(1, 6)]

    assert going(old, pinned={1}, needed={"s2"}) == ((2, 3), ("s3",))


def test_a_snapshot_that_a_kept_audit_shares_stays():
    shared = frozenset({"s"})
    audits = [
        Holding(id=number, model="m", state="done", at=NOW - timedelta(days=400), snapshots=shared)
        for number in range(1, 6)
    ]

    assert going(audits) == ((1, 2, 3), ())
