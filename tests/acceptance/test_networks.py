"""Planted truths about networks, through the command line: what is off must be found, and nothing else."""

import pytest

pytestmark = pytest.mark.slow

WAVES = """
model = "waves"

[production]
{production}

[data]
source = "rows.parquet"
target = "y"

[trainer]
kind  = "torch"
loss  = "mse"
fixed = {{ hidden_units = 32, {fixed} }}

[policy]
margin = "{margin}"

[budget]
trials = 12
"""


def audited(project, rows, *, fixed, **given):
    project.rows(rows)
    given["fixed"] = fixed if "epochs" in fixed else f"epochs = 6, {fixed}"
    project.write("schedules/waves.toml", WAVES.format(**given))
    ran = project.run("run", "waves", "--json")
    assert ran.code != 2, ran.err
    return ran.facts, {finding["name"]: finding for finding in ran.facts["settings"]}


def test_a_learning_rate_ten_times_too_low_is_found(project, waves):
    facts, found = audited(
        project,
        waves(1200, noise=0.3, seed=1),
        production="learning_rate = 5e-4\nbeta2 = 0.999",
        fixed='optimizer = "adam"',
        margin="2%",
    )

    assert facts["call"] == "stale"
    assert found["learning_rate"]["call"] == "stale"
    assert found["learning_rate"]["recommended"] > 1.5e-3
    assert found["beta2"]["call"] != "stale"
    assert len(facts["search"]["trials"][-1]["curve"]) > 0


def test_momentum_that_was_never_switched_on_is_found_on_its_own_scale(project, waves):
    facts, found = audited(
        project,
        waves(1200, noise=0.3, seed=2),
        production="momentum = 0.0",
        fixed='optimizer = "sgd", learning_rate = 0.005',
        margin="2%",
    )

    assert facts["call"] == "stale"
    assert found["momentum"]["recommended"] > 0.6
    (dimension,) = facts["search"]["space"]
    assert dimension["scale"] == "one-minus-log"


def test_a_beta_of_nine_tenths_where_almost_one_is_right_is_found(project, waves):
    facts, found = audited(
        project,
        waves(1200, noise=0.3, seed=5),
        production="momentum = 0.9",
        fixed='optimizer = "sgd", learning_rate = 1e-4, batch_size = 8, epochs = 12',
        margin="2%",
    )

    assert facts["call"] == "stale"
    assert found["momentum"]["recommended"] > 0.98, "at 0.999 steps are a hundred times as long"
    (dimension,) = facts["search"]["space"]
    assert dimension["scale"] == "one-minus-log"


def test_where_nothing_is_off_nothing_is_called_stale(project, waves):
    facts, found = audited(
        project,
        waves(1200, noise=1.0, seed=3),
        production="learning_rate = 0.01\nweight_decay = 1e-4",
        fixed='optimizer = "adam"',
        margin="5%",
    )

    assert facts["call"] != "stale"
    assert {finding["call"] for finding in found.values()} <= {"fresh", "undecided"}


def test_findings_are_the_same_stacked_and_one_by_one_on_every_executor(project, waves):
    project.rows(waves(600, noise=0.3, seed=4))
    given = {"production": "learning_rate = 1e-3\nbatch_size = 32", "fixed": "epochs = 3, layers = 2"}
    project.write("schedules/waves.toml", WAVES.format(margin="2%", **given))

    pool = project.run("run", "waves", "--json", AUDITOR_DATABASE_URL="sqlite:///pool.db").facts
    inline = project.run(
        "run", "waves", "--json", AUDITOR_DATABASE_URL="sqlite:///inline.db", AUDITOR_EXECUTOR="inline"
    ).facts

    assert [trial["loss"] for trial in pool["search"]["trials"]] == [
        trial["loss"] for trial in inline["search"]["trials"]
    ]
    assert (pool["gain"], pool["settings"]) == (inline["gain"], inline["settings"])
