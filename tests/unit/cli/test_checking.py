"""`auditor check`: everything that is wrong, at once."""

import json

from auditor.core.records import Failure, FailureKind
from tests.planted import Planted, bowl
from tests.unit.cli.conftest import SCHEDULE


def test_schedules_that_are_ready_say_what_an_audit_would_do(project):
    project.declare()

    ran = project.run("check")

    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "churn: ready"
    assert "  production  rate = 0.001, share = 0.5" in lines
    assert "  data        400 rows, 1 columns" in lines
    assert any(line.startswith("  an audit    at most about 88 full trainings, ") for line in lines)
    assert "  next due    by hand: the schedule names no time: audits are run by hand" in lines


def test_every_problem_of_every_schedule_is_printed(project):
    project.declare("good")
    project.declare("typo", text=SCHEDULE.format(model="typo").replace("margin", "margn"))
    project.declare("range", text=SCHEDULE.format(model="range").replace("low = 1e-4", "low = -1.0"))

    ran = project.run("check")

    assert ran.code == 2
    assert "good: ready" in ran.out
    assert "auditor: schedules/typo.toml: 1 problem" in ran.err
    assert "policy.margn  unknown key; did you mean 'margin'?" in ran.err
    assert "auditor: schedules/range.toml: 1 problem" in ran.err
    assert "Traceback" not in ran.err


def test_what_fails_beyond_the_declaration_is_told_with_its_schedule(project):
    project.declare("one")
    project.declare("two")
    project.plant(Planted(truth=bowl(), failing=lambda job: Failure(FailureKind.ERROR, "no such column")))

    ran = project.run("check")

    lines = ran.err.splitlines()
    assert ran.code == 2
    assert len(lines) == 2
    assert all(
        line.startswith(f"auditor: schedules/{name}.toml: production itself does not train")
        for line, name in zip(lines, ("one", "two"), strict=True)
    )


def test_one_schedule_can_be_checked_by_name(project):
    project.declare("good")
    project.declare("typo", text="nonsense")

    assert project.run("check", "good").code == 0
    assert project.run("check", "typo").code == 2


def test_facts_are_json(project):
    project.declare()

    (facts,) = json.loads(project.run("check", "--json").out)

    assert (facts["name"], facts["rows"]) == ("churn", 400)


def test_a_check_trains_in_a_vault_of_its_own(project):
    project.declare()

    project.run("check")

    assert project.opened[0]["settings"].vault != project.folder / "vault"
    assert not project.opened[0]["settings"].vault.exists()
    assert project.world.ledger.summaries() == ()


def test_a_folder_without_schedules_says_what_to_do(project):
    ran = project.run("check")

    assert ran.code == 2
    assert ran.err == "auditor: no schedules in 'schedules'; write one, or try `auditor demo`\n"
