"""Planted truths, through the command line: the product must tell what is known to be so."""

import pytest

from tests.acceptance.conftest import NEIGHBOURS

pytestmark = pytest.mark.slow


def test_a_moved_optimum_is_called_stale_and_the_right_setting_is_named(project, waves):
    project.rows(waves(1500, noise=1.0, seed=1))
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=3, margin="2%"))

    ran = project.run("run", "waves", "--json")

    assert ran.code == 1, ran.err
    calls = {finding["name"]: finding["call"] for finding in ran.facts["settings"]}
    assert ran.facts["call"] == "stale"
    assert calls["n_neighbors"] == "stale"
    assert calls["weights"] != "stale"
    found = {finding["name"]: finding["recommended"] for finding in ran.facts["settings"]}
    assert found["n_neighbors"] >= 10
    assert ran.facts["gain"]["low"] > 0.0


def test_an_optimum_that_stayed_is_called_fresh(project, waves):
    project.rows(waves(3000, noise=1.0, seed=2))
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=45, margin="3%"))

    ran = project.run("run", "waves", "--json")

    assert ran.code == 0, (ran.err, ran.facts["sentence"])
    assert ran.facts["call"] == "fresh"
    assert {finding["call"] for finding in ran.facts["settings"]} == {"fresh"}


def test_a_drowned_signal_is_called_undecided_and_never_fine(project, waves):
    project.rows(waves(260, noise=3.0, seed=3))
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=12, margin="1%"))

    ran = project.run("run", "waves", "--json")

    assert ran.code == 3, (ran.err, ran.facts["sentence"])
    assert ran.facts["call"] == "undecided"
    assert {finding["call"] for finding in ran.facts["settings"]} == {"undecided"}
    assert ran.facts["headline"].startswith("Cannot tell")
