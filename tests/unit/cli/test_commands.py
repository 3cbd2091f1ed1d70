"""Every command: what it says, and the exit code that scripts rely on."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from auditor.core.document import audit_from_json
from auditor.core.records import Call, Failure, FailureKind
from tests.examples import NOON, a_capture, a_snapshot, an_audit
from tests.planted import Planted, bowl

MOVED = Planted(truth=bowl(rate=0.1), noise=0.05)
UNMOVED = Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.03)
DROWNED = replace(MOVED, noise=3.0)
BROKEN = replace(MOVED, failing=lambda job: Failure(FailureKind.ERROR, "no such column"))


def keep(project, *audits):
    """Put finished audits into the ledger, one for each model given with its call."""
    for model, call in audits:
        ledger = project.world.ledger
        opened = ledger.begin(
            model=model,
            plan_digest="p",
            capture=ledger.add_capture(a_capture(model)),
            snapshot=a_snapshot(),
            seed=1,
            now=NOON,
        )
        error = "no rows" if call is None else None
        ledger.finish(replace(an_audit(opened.id, model=model), call=call, error=error))


def test_help_lists_every_command(project):
    ran = project.run("--help")

    assert ran.code == 0
    for command in ("demo", "check", "capture", "run", "status", "log", "show", "report"):
        assert f"\n  {command} " in ran.out
    assert "Exit codes: 0 all fresh, 1 something stale, 2 could not run" in ran.out


# ---------------------------------------------------------------- run


@pytest.mark.parametrize(
    ("work", "code", "word"),
    [(MOVED, 1, "▲ STALE"), (UNMOVED, 0, "● FRESH"), (DROWNED, 3, "◆ UNDECIDED")],
)
def test_run_leaves_with_what_was_found_and_says_where_the_page_is(project, work, code, word):
    project.declare()
    project.plant(work)

    ran = project.run("run", "churn")

    assert ran.code == code
    assert word in ran.out
    assert ran.out.splitlines()[-1] == "report: churn/1.html"
    assert "search: 1 of about" in ran.err


def test_run_prints_the_twin_and_nothing_else_when_asked_for_facts(project):
    project.declare()

    ran = project.run("run", "churn", "--json")

    assert audit_from_json(ran.out) == project.world.publisher.pages[0]
    assert ran.err == ""


def test_an_audit_that_cannot_be_carried_out_is_one_line_and_code_2(project):
    project.declare()
    project.plant(BROKEN)

    ran = project.run("run", "churn")

    assert ran.code == 2
    assert ran.err.splitlines()[-1] == ("auditor: production itself does not train (error): no such column")
    assert "Traceback" not in ran.err


def test_a_schedule_that_is_not_there_is_one_line_with_a_suggestion(project):
    project.declare()

    ran = project.run("run", "chrn")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == ("auditor: no schedule 'chrn' in schedules/; there are: churn; did you mean 'churn'?\n")


def test_what_the_command_line_asks_for_goes_before_the_schedule_and_into_the_command(project):
    project.declare()

    project.run("run", "churn", "--trials", "7", "--time", "3", "--workers", "5", "--seed", "9")

    (audit,) = project.world.publisher.pages
    assert (audit.budget.trials, audit.budget.time, audit.budget.workers) == (7, timedelta(minutes=3), 5)
    assert audit.provenance.command == "auditor run churn --trials 7 --time 3 --workers 5 --seed 9"
    assert project.opened[0]["workers"] == 5


def test_the_command_on_the_page_gets_the_same_audit_again(project):
    project.declare()
    project.run("run", "churn", "--trials", "7")
    first = project.world.publisher.pages[0]

    project.run(*first.provenance.command.split()[1:])

    second = project.world.publisher.pages[1]
    # Only what is said about earlier audits differs: now there is one.
    about_others = {name: getattr(first, name) for name in ("drift", "canary", "cause", "repeated")}
    assert replace(second, id=first.id, **about_others) == first
    assert second.repeated.reason == "it does audit 1 over, on the same rows"


def interrupt(project):
    def run(jobs):
        raise KeyboardInterrupt
        yield

    project.world.executor.run = run


def test_ctrl_c_never_says_stale_whatever_the_command(project, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("auditor.cli.checking.check_all", stop)

    stopped = project.run("check")

    assert (stopped.code, stopped.err) == (130, "auditor: interrupted\n")


@pytest.mark.parametrize(
    ("again", "same"),
    [([], True), (["--workers", "3"], True), (["--trials", "8"], False), (["--time", "9"], False)],
)
def test_an_interrupted_run_is_gone_on_with_unless_another_budget_is_asked_for(project, again, same):
    project.declare()
    interrupt(project)
    stopped = project.run("run", "churn")
    project.plant(MOVED)

    project.run("run", "churn", *again)

    assert stopped.code == 130
    assert stopped.err == (
        "auditor: interrupted; what was trained is recorded, and the same command goes on from there\n"
    )
    assert project.world.publisher.pages[0].id == (1 if same else 2)


@pytest.mark.parametrize(
    "wrong",
    [
        ("run",),
        ("run", "churn", "--trials", "5"),
        ("run", "churn", "--time", "0"),
        ("run", "churn", "--workers", "0"),
        ("run", "churn", "--seed", "-1"),
        ("show", "one"),
        ("show", "0"),
        ("log", "--limit", "0"),
        ("audit", "churn"),
    ],
)
def test_a_command_line_that_makes_no_sense_could_not_run(project, wrong):
    project.declare()

    ran = project.run(*wrong)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err


# ---------------------------------------------------------------- status, log, show, report


@pytest.mark.parametrize(
    ("calls", "code"),
    [
        ((), 0),
        ((Call.FRESH,), 0),
        ((Call.FRESH, Call.UNDECIDED), 3),
        ((Call.UNDECIDED, Call.STALE), 1),
        ((Call.FRESH, None), 2),
        ((Call.UNDECIDED, None), 2),
        ((Call.STALE, None), 1),
    ],
)
def test_status_leaves_with_the_worst_of_all_models(project, calls, code):
    keep(project, *((f"model-{number}", call) for number, call in enumerate(calls)))

    ran = project.run("status")

    assert ran.code == code
    assert all(f"model-{number}" in ran.out for number in range(len(calls)))


def test_only_the_latest_audit_of_a_model_counts(project):
    keep(project, ("churn", Call.STALE), ("churn", Call.FRESH))

    assert project.run("status").code == 0


def test_status_without_audits_says_what_to_do(project):
    assert project.run("status").out == (
        "no audits yet; `auditor check` tries your schedules, `auditor run NAME` audits one\n"
    )


def test_facts_of_status_are_json(project):
    keep(project, ("churn", Call.STALE), ("flights", None))

    facts = json.loads(project.run("status", "--json").out)

    assert [(each["model"], each["call"], each["state"]) for each in facts["models"]] == [
        ("churn", "stale", "done"),
        ("flights", None, "failed"),
    ]


def test_log_lists_audits_newest_first_by_schedule_or_by_model(project):
    project.declare("nightly", model="churn")
    keep(project, ("churn", Call.STALE), ("flights", Call.FRESH), ("churn", Call.FRESH))

    def listed(*arguments):
        return [each["id"] for each in json.loads(project.run("log", *arguments, "--json").out)]

    assert listed() == [3, 2, 1]
    assert listed("--limit", "2") == [3, 2]
    assert listed("nightly") == listed("churn") == [3, 1]
    assert listed("flights") == [2]


def test_log_without_audits_says_what_to_do(project):
    assert project.run("log").out == "no audits yet; `auditor run NAME` audits a schedule\n"
    assert project.run("log", "nix").out == "no audits of 'nix' yet; `auditor run NAME` audits a schedule\n"


def test_show_prints_one_audit_in_full(project):
    keep(project, ("churn", Call.STALE))

    ran = project.run("show", "1")

    assert ran.code == 0
    assert "1 of 2 settings has gone stale" in ran.out
    assert audit_from_json(project.run("show", "1", "--json").out).id == 1


def test_an_audit_that_is_not_there_is_answered_with_those_that_are(project):
    keep(project, ("churn", Call.STALE), ("churn", Call.FRESH))

    ran = project.run("show", "9")

    assert ran.code == 2
    assert ran.err == "auditor: no finished audit 9 in the ledger; the newest are: 2, 1\n"


def test_report_renders_a_page_again(project):
    keep(project, ("churn", Call.STALE))

    ran = project.run("report", "1")

    assert (ran.code, ran.out) == (0, "churn/1.html\n")
    assert [page.id for page in project.world.publisher.pages] == [1]


def test_report_prints_the_twin_or_the_trials(project):
    keep(project, ("churn", Call.STALE))

    twin, trials = (project.run("report", "1", "--format", into) for into in ("json", "csv"))

    assert audit_from_json(twin.out) == project.world.ledger.audit(1)
    assert trials.out.startswith("trial,round,rows,")
    assert (twin.code, trials.code, project.world.publisher.pages) == (0, 0, [])


def test_report_refuses_another_format(project):
    ran = project.run("report", "1", "--format", "pdf")

    assert ran.code == 2
    assert "'html', 'json', 'csv'" in ran.err


# ---------------------------------------------------------------- capture, demo


def test_capture_records_production_with_its_rows(project):
    project.declare()

    ran = project.run("capture", "churn")

    recorded = project.world.ledger.latest_capture("churn")
    assert ran.code == 0
    assert ran.out.startswith("captured 'churn' as capture 1\n")
    assert recorded.snapshot == project.world.vault.digests[0]


def test_capture_can_leave_the_rows_out(project):
    project.declare()

    project.run("capture", "churn", "--no-data", "--json")

    assert project.world.ledger.latest_capture("churn").snapshot is None
    assert project.world.vault.digests == ()


def test_a_demo_leaves_with_0_whatever_it_finds(project):
    project.world.sources.settings = {"knn__n_neighbors": 27, "knn__weights": "distance", "knn__p": 2}
    project.world.sources.columns = {"late": np.arange(400) % 2, "ts": np.arange(400)}
    project.plant(replace(MOVED, truth=lambda config: 0.3 * (config["knn__p"] == 2)))

    ran = project.run("demo")

    assert project.world.publisher.pages[0].call is Call.STALE
    assert ran.code == 0
    assert ran.out.splitlines()[-1].startswith("report: auditor-demo/")
    assert (project.folder / "auditor-demo" / "schedules" / "flight-delays.toml").exists()


def test_a_demo_that_cannot_be_written_is_one_line(project):
    (project.folder / "taken").write_text("a file")

    ran = project.run("demo", "--folder", "taken")

    assert ran.code == 2
    assert ran.err.startswith("auditor: cannot make the demo project in 'taken': ")
