"""One suite over every ledger: what ``ports.Ledger`` promises."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from auditor.core.records import Application, Call, Fold, OpenAudit, Part, Result, SettingChange
from auditor.ports import Ledger
from auditor.storage.ledger import SqlLedger
from tests.examples import AWKWARD, NOON, a_capture, a_failed_result, a_result, a_snapshot, an_audit
from tests.fakes import BreakingLedger, ListedLedger, MemoryLedger

PLAN = "p" * 64


PORT = Ledger
IMPLEMENTATIONS = (SqlLedger, MemoryLedger, ListedLedger, BreakingLedger)
FAKES = {
    "memory": MemoryLedger,
    "listed": lambda: ListedLedger(()),
    "not broken yet": lambda: BreakingLedger(sys.maxsize, after=False),
}


@pytest.fixture(params=[*FAKES, "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param in FAKES:
        yield FAKES[request.param]()
        return
    url = f"sqlite:///{tmp_path}/a.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    kept = SqlLedger(url)
    yield kept
    kept.close()


def begun(ledger: Ledger, *, model: str = "churn", seed: int | None = 42, now: datetime = NOON) -> OpenAudit:
    return ledger.begin(
        model=model,
        plan_digest=PLAN,
        capture=ledger.add_capture(a_capture(model)),
        snapshot=a_snapshot(),
        seed=seed,
        now=now,
    )


def plain(result: Result) -> tuple[object, ...]:
    """A result as values that can be compared, floats to the bit, ``1`` apart from ``1.0``."""
    losses = None if result.losses is None else (result.losses.dtype.str, result.losses.tobytes())
    fields = dataclasses.asdict(dataclasses.replace(result, losses=None))
    return repr(fields), losses


# ---------------------------------------------------------------- applications


def test_applications_come_back_whole_in_their_order_and_by_model(ledger: Ledger) -> None:
    audits = {model: begun(ledger, model=model) for model in ("churn", "late")}
    changes = (
        SettingChange(name="rate", before=1, after=1.0, origin="json:params.json#/model"),
        SettingChange(name="depth", before=None, after="none", origin="schedule"),
    )
    wanted = [
        Application(
            audit=audits[model].id,
            model=model,
            changes=changes,
            capture=audits[model].capture.id,
            applied_at=NOON,
            back=back,
        )
        for model, back in (("churn", False), ("late", False), ("churn", True))
    ]

    kept = [ledger.add_application(application) for application in wanted]

    assert [dataclasses.replace(application, id=0) for application in kept] == wanted
    assert ledger.applications("churn") == (kept[0], kept[2])
    assert repr(ledger.applications("late")[0].changes) == repr(changes)
    assert ledger.applications("other") == ()


# ---------------------------------------------------------------- captures


def test_a_capture_comes_back_whole_with_its_number(ledger: Ledger) -> None:
    capture = a_capture()

    first = ledger.add_capture(capture)
    second = ledger.add_capture(capture)

    assert dataclasses.replace(first, id=0) == capture
    assert second.id > first.id > 0
    assert ledger.captures("churn") == (first, second)
    assert ledger.latest_capture("churn") == second


def test_captured_values_keep_their_types(ledger: Ledger) -> None:
    ledger.add_capture(a_capture())

    capture = ledger.latest_capture("churn")

    assert capture is not None
    assert repr(capture.config) == repr(dict(AWKWARD))


def test_a_capture_without_a_snapshot_comes_back_without_one(ledger: Ledger) -> None:
    ledger.add_capture(a_capture(snapshot=None))

    (capture,) = ledger.captures("churn")

    assert capture.snapshot is None


def test_models_do_not_see_each_others_captures(ledger: Ledger) -> None:
    ledger.add_capture(a_capture("churn"))

    assert ledger.captures("fraud") == ()
    assert ledger.latest_capture("fraud") is None


def test_rows_that_were_captured_are_the_reference(ledger: Ledger) -> None:
    capture = ledger.add_capture(a_capture(snapshot="d" * 64))

    assert ledger.reference(capture) == "d" * 64


def test_without_captured_rows_those_of_the_earliest_finished_audit_are_the_reference(ledger: Ledger) -> None:
    capture = ledger.add_capture(a_capture(snapshot=None))
    other = ledger.add_capture(a_capture(snapshot=None))
    digests = ["1" * 64, "2" * 64, "3" * 64]
    audits = [
        ledger.begin(
            model="churn",
            plan_digest=PLAN,
            capture=capture,
            snapshot=dataclasses.replace(a_snapshot(), digest=digest),
            seed=1,
            now=NOON,
        )
        for digest in digests
    ]
    before = ledger.reference(capture)
    ledger.finish(dataclasses.replace(an_audit(), id=audits[0].id, error="no rows", call=None))
    ledger.finish(dataclasses.replace(an_audit(), id=audits[2].id))
    ledger.finish(dataclasses.replace(an_audit(), id=audits[1].id))

    assert before is None
    assert ledger.reference(capture) == digests[1]
    assert ledger.reference(other) is None


# ---------------------------------------------------------------- beginning and ending


def test_a_begun_audit_is_unfinished_until_it_ends_and_comes_back_whole(ledger: Ledger) -> None:
    capture = ledger.add_capture(a_capture())

    audit = ledger.begin(
        model="churn", plan_digest=PLAN, capture=capture, snapshot=a_snapshot(), seed=2**63 - 1, now=NOON
    )

    assert audit == OpenAudit(
        id=audit.id,
        model="churn",
        plan_digest=PLAN,
        capture=capture,
        snapshot=a_snapshot(),
        seed=2**63 - 1,
        started_at=NOON,
    )
    assert ledger.unfinished("churn") == audit
    assert ledger.unfinished("fraud") is None


def test_without_a_seed_the_audits_own_number_is_its_seed(ledger: Ledger) -> None:
    begun(ledger)

    audit = begun(ledger, seed=None)

    assert audit.seed == audit.id
    assert ledger.unfinished("churn") == audit


def test_seed_zero_is_a_seed(ledger: Ledger) -> None:
    assert begun(ledger, seed=0).seed == 0


def test_equal_rows_taken_twice_keep_the_moment_of_each_audit(ledger: Ledger) -> None:
    capture = ledger.add_capture(a_capture())
    later = dataclasses.replace(
        a_snapshot(), taken_at=NOON + timedelta(days=1), source="other", first=None, last=None
    )
    begun(ledger)

    ledger.begin(model="churn", plan_digest=PLAN, capture=capture, snapshot=later, seed=1, now=NOON)

    unfinished = ledger.unfinished("churn")
    assert unfinished is not None
    assert unfinished.snapshot == later


def test_moments_come_back_in_utc_whatever_zone_they_were_written_in(ledger: Ledger) -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    capture = ledger.add_capture(a_capture())

    ledger.begin(
        model="churn",
        plan_digest=PLAN,
        capture=capture,
        snapshot=a_snapshot(),
        seed=1,
        now=NOON.astimezone(kolkata),
    )

    audit = ledger.unfinished("churn")
    assert audit is not None
    assert audit.started_at == NOON
    assert audit.started_at.astimezone(UTC).isoformat() == NOON.isoformat()


def test_the_newest_of_several_unfinished_audits_is_given(ledger: Ledger) -> None:
    begun(ledger)
    newest = begun(ledger)

    assert ledger.unfinished("churn") == newest


def test_an_abandoned_audit_is_closed_without_an_outcome(ledger: Ledger) -> None:
    older = begun(ledger)
    audit = begun(ledger)

    ledger.abandon(audit.id, "the schedule was edited", NOON)

    assert ledger.unfinished("churn") == older
    assert ledger.audit(audit.id) is None
    assert [summary.id for summary in ledger.summaries()] == [older.id]


def test_a_finished_audit_comes_back_equal(ledger: Ledger) -> None:
    audit = an_audit(begun(ledger).id)

    ledger.finish(audit)

    assert ledger.audit(audit.id) == audit
    assert ledger.unfinished("churn") is None


def test_an_outcome_is_written_once(ledger: Ledger) -> None:
    audit = an_audit(begun(ledger).id)
    ledger.finish(audit)

    with pytest.raises(ValueError, match="not running"):
        ledger.finish(dataclasses.replace(audit, headline="changed"))

    assert ledger.audit(audit.id) == audit


def test_a_closed_audit_takes_no_more_trials_and_is_not_abandoned(ledger: Ledger) -> None:
    audit = begun(ledger)
    ledger.abandon(audit.id, "stopped", NOON)

    with pytest.raises(ValueError, match="not running"):
        ledger.append(audit.id, [a_result(0)])
    with pytest.raises(ValueError, match="not running"):
        ledger.abandon(audit.id, "again", NOON)
    with pytest.raises(ValueError, match="not running"):
        ledger.finish(an_audit(audit.id))

    assert ledger.history(audit.id) == ()


def test_an_audit_that_never_began_has_nothing(ledger: Ledger) -> None:
    assert ledger.audit(99) is None
    assert ledger.history(99) == ()
    with pytest.raises(ValueError, match="99"):
        ledger.append(99, [a_result(0)])


def test_an_audit_of_a_capture_that_was_not_recorded_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match=r"(?i)capture|foreign key"):
        ledger.begin(
            model="churn",
            plan_digest=PLAN,
            capture=a_capture(id=99),
            snapshot=a_snapshot(),
            seed=1,
            now=NOON,
        )

    assert ledger.unfinished("churn") is None


# ---------------------------------------------------------------- trials


def test_results_come_back_bit_for_bit(ledger: Ledger) -> None:
    audit = begun(ledger)
    awkward = np.array([0.0, -0.0, 5e-324, 1 / 3, np.inf, np.nan], dtype=np.float64)
    written = [
        a_result(0, rows=1000),
        a_failed_result(1),
        dataclasses.replace(a_result(2), losses=awkward, loss=1 / 3),
        dataclasses.replace(a_result(3), losses=None, iterations=None, curve=()),
        dataclasses.replace(a_result(4), losses=np.array([])),
        a_result(5, config=AWKWARD),
    ]

    ledger.append(audit.id, written)

    assert [plain(result) for result in ledger.history(audit.id)] == [plain(result) for result in written]


@pytest.mark.parametrize("part", Part)
def test_a_trial_comes_back_from_whichever_rows_it_stands_on(ledger: Ledger, part: Part) -> None:
    audit, result = begun(ledger), a_result(0)
    proposal = dataclasses.replace(result.trial.proposal, fold=Fold(part, 2, 1))
    written = dataclasses.replace(result, trial=dataclasses.replace(result.trial, proposal=proposal))

    ledger.append(audit.id, [written])

    (found,) = ledger.history(audit.id)
    assert plain(found) == plain(written)


def test_history_is_in_trial_order_whatever_the_order_of_writing(ledger: Ledger) -> None:
    audit = begun(ledger)

    ledger.append(audit.id, [a_result(11), a_result(2)])
    ledger.append(audit.id, [a_failed_result(10), a_result(0)])

    assert [result.trial.id for result in ledger.history(audit.id)] == [0, 2, 10, 11]


def test_audits_do_not_see_each_others_trials(ledger: Ledger) -> None:
    one, other = begun(ledger), begun(ledger)

    ledger.append(one.id, [a_result(0)])
    ledger.append(other.id, [a_result(0), a_result(1)])

    assert len(ledger.history(one.id)) == 1
    assert len(ledger.history(other.id)) == 2


def test_a_batch_with_a_trial_that_was_written_before_is_refused_whole(ledger: Ledger) -> None:
    audit = begun(ledger)
    ledger.append(audit.id, [a_result(0), a_result(1)])

    with pytest.raises(ValueError, match=r".+"):
        ledger.append(audit.id, [a_result(2), a_result(1), a_result(3)])

    assert [result.trial.id for result in ledger.history(audit.id)] == [0, 1]


def test_an_empty_batch_is_no_batch(ledger: Ledger) -> None:
    audit = begun(ledger)

    ledger.append(audit.id, [])

    assert ledger.history(audit.id) == ()


def test_losses_that_are_changed_after_they_were_written_stay_as_they_were(ledger: Ledger) -> None:
    audit, result = begun(ledger), a_result(0)
    assert result.losses is not None
    before = result.losses.copy()
    ledger.append(audit.id, [result])

    result.losses[0] = 99.0

    (kept,) = ledger.history(audit.id)
    assert kept.losses is not None
    np.testing.assert_array_equal(kept.losses, before)


# ---------------------------------------------------------------- listings


def test_a_running_audit_is_listed_without_an_outcome(ledger: Ledger) -> None:
    audit = begun(ledger)

    (summary,) = ledger.summaries()

    assert (summary.id, summary.model, summary.state) == (audit.id, "churn", "running")
    assert summary.plan_digest == PLAN
    assert (summary.started_at, summary.finished_at, summary.call) == (NOON, None, None)
    assert (summary.gain, summary.margin, summary.stale_settings) == (None, None, ())
    assert (summary.headline, summary.unit, summary.next_due) == ("", "", None)


def test_a_finished_audit_is_listed_in_one_line(ledger: Ledger) -> None:
    audit = an_audit(begun(ledger).id)
    ledger.finish(audit)

    (summary,) = ledger.summaries()

    assert (summary.id, summary.model, summary.state) == (audit.id, "churn", "done")
    assert summary.plan_digest == PLAN
    assert (summary.started_at, summary.finished_at) == (audit.started_at, audit.finished_at)
    assert (summary.call, summary.gain, summary.unit) == (audit.call, audit.gain, "log-loss")
    assert (summary.headline, summary.margin) == (audit.headline, 0.01)
    assert summary.stale_settings == ("rate",)
    assert summary.settings == audit.summary.settings
    assert [(line.name, line.call) for line in summary.settings][:1] == [("rate", Call.STALE)]
    assert (summary.next_due, summary.next_reason) == (audit.next_audit.due, audit.next_audit.reason)


def test_the_line_of_a_finished_audit_says_what_it_stands_on_and_what_all_audits_say(ledger: Ledger) -> None:
    opened = begun(ledger)
    made = an_audit(opened.id, snapshot=opened.snapshot)
    provenance = dataclasses.replace(made.provenance, seed=opened.seed)
    audit = dataclasses.replace(made, capture=opened.capture, provenance=provenance)
    ledger.finish(audit)

    (summary,) = ledger.summaries()

    assert audit.repeated is not None
    assert (summary.repeat, summary.alarm) == (audit.repeated.policy, audit.repeated.alarm)
    assert (summary.p_value, summary.detector) == (audit.repeated.p_value, audit.repeated.detector)
    assert (summary.seed, summary.snapshot) == (opened.seed, opened.snapshot.digest)
    assert (summary.capture, summary.newest) == (opened.capture.id, opened.snapshot.last)


def test_an_audit_with_an_error_is_listed_as_failed(ledger: Ledger) -> None:
    audit = dataclasses.replace(
        an_audit(begun(ledger).id), call=None, gain=None, confirmation=None, error="no rows"
    )

    ledger.finish(audit)

    (summary,) = ledger.summaries()
    assert (summary.state, summary.call, summary.gain, summary.margin) == ("failed", None, None, None)
    assert ledger.audit(audit.id) == audit


def test_summaries_are_newest_first_of_one_model_or_of_all(ledger: Ledger) -> None:
    ids = [begun(ledger, model=model).id for model in ("churn", "fraud", "churn", "Zeta")]

    assert [summary.id for summary in ledger.summaries()] == ids[::-1]
    assert [summary.id for summary in ledger.summaries("churn")] == [ids[2], ids[0]]
    assert [summary.id for summary in ledger.summaries(limit=2)] == [ids[3], ids[2]]
    assert [summary.id for summary in ledger.summaries("churn", 1)] == [ids[2]]
    assert ledger.summaries("nobody") == ()


def test_summaries_end_at_an_audit_or_within_a_span(ledger: Ledger) -> None:
    ids = [begun(ledger, now=NOON + timedelta(days=day)).id for day in range(4)]

    def days(first: int, last: int) -> tuple[datetime, datetime]:
        return NOON + timedelta(days=first), NOON + timedelta(days=last)

    assert [one.id for one in ledger.summaries("churn", 2, up_to=ids[2])] == [ids[2], ids[1]]
    assert [one.id for one in ledger.summaries("churn", within=days(1, 3))] == [ids[2], ids[1]]
    assert ledger.summaries("churn", within=days(9, 10)) == ()


def test_the_newest_few_of_every_model_come_by_model_and_newest_first(ledger: Ledger) -> None:
    ids = [begun(ledger, model=model).id for model in ("churn", "fraud", "churn", "Zeta", "churn")]
    ledger.abandon(ids[4], "gone", NOON)

    assert [one.id for one in ledger.latest(1)] == [ids[3], ids[2], ids[1]]
    assert [one.id for one in ledger.latest(2)] == [ids[3], ids[2], ids[0], ids[1]]
    assert [one.id for one in ledger.latest(9)] == [ids[3], ids[2], ids[0], ids[1]]


def test_a_model_began_with_its_first_audit(ledger: Ledger) -> None:
    begun(ledger, now=NOON)
    begun(ledger, now=NOON + timedelta(days=1))

    assert ledger.began("churn") == NOON
    assert ledger.began("nobody") is None


def test_latest_gives_the_newest_audit_of_every_model_by_name(ledger: Ledger) -> None:
    ids = [begun(ledger, model=model).id for model in ("fraud", "churn", "fraud", "Zeta", "churn")]
    ledger.abandon(ids[4], "stopped", NOON)

    assert [(summary.model, summary.id) for summary in ledger.latest()] == [
        ("Zeta", ids[3]),
        ("churn", ids[1]),
        ("fraud", ids[2]),
    ]


# ---------------------------------------------------------------- two processes


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/a.db"


WRITE_FOR_EVER = """
import sys
from auditor.storage.ledger import SqlLedger
from tests.examples import a_result
ledger, audit, batch = SqlLedger(sys.argv[1]), int(sys.argv[2]), 7
for start in range(0, int(sys.argv[3]) * batch, batch):
    ledger.append(audit, [a_result(start + number, rows=2000) for number in range(batch)])
    print(start, flush=True)
"""


def writer(url: str, audit: OpenAudit, batches: int) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", WRITE_FOR_EVER, url, str(audit.id), str(batches)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_once_and_nothing_is_lost(url: str) -> None:
    ledger = SqlLedger(url)
    audits = [begun(ledger), begun(ledger)]

    processes = [writer(url, audit, 30) for audit in audits]

    for process in processes:
        process.communicate(timeout=500)
        assert process.returncode == 0
    for audit in audits:
        assert [result.trial.id for result in ledger.history(audit.id)] == list(range(210))
    ledger.close()


def test_a_process_killed_while_it_writes_leaves_whole_batches(url: str) -> None:
    ledger = SqlLedger(url)
    audit = begun(ledger)
    process = writer(url, audit, 1_000_000)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(5)]

    process.kill()
    process.communicate()

    history = ledger.history(audit.id)
    assert len(history) % 7 == 0
    assert len(history) >= told[-1] + 7
    assert [plain(result) for result in history] == [
        plain(a_result(number, rows=2000)) for number in range(len(history))
    ]
    assert ledger.unfinished("churn") == audit
    ledger.append(audit.id, [a_result(len(history))])
    ledger.close()


def test_two_processes_that_open_an_empty_database_at_once_both_can_use_it(url: str) -> None:
    code = (
        "import sys; from auditor.storage.ledger import SqlLedger; print(SqlLedger(sys.argv[1]).summaries())"
    )

    processes = [
        subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]

    assert [process.communicate(timeout=500)[0].strip() for process in processes] == ["()"] * 3
