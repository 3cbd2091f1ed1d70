"""False alarms over two years of monthly audits of many models, and the cost of the cadence, in simulation.

The table of statistics, sections 6 and 7, in order of magnitude, with the product's own functions.
"""

import pytest

from benchmarks import cadence, many_audits

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def models_go_stale():
    return many_audits.table(hazard=0.04, effect=3.0, worlds=3)


def test_evidence_that_adds_up_raises_hardly_any_false_alarm_and_misses_little(models_go_stale):
    row = models_go_stale["evidence"]

    assert row["false_discovery_rate"] <= 0.02
    assert row["recall"] >= 0.9
    assert row["delay_months"] <= 1.5


def test_evidence_that_was_cut_short_takes_longer(models_go_stale):
    assert (
        models_go_stale["evidence, cut short"]["delay_months"] > models_go_stale["evidence"]["delay_months"]
    )


def test_models_weighed_together_are_named_wrongly_within_what_is_promised(models_go_stale):
    row = models_go_stale["fleet"]

    assert row["false_discovery_rate"] <= 0.10
    assert row["recall"] >= 0.9


def test_audits_that_stand_alone_are_wrong_more_often(models_go_stale):
    alone, together = models_go_stale["alone"], models_go_stale["evidence"]

    assert alone["false_alarms_per_model_year"] > together["false_alarms_per_model_year"]


def test_where_nothing_goes_stale_no_alarm_is_raised_in_hundreds_of_model_years():
    row = many_audits.table(hazard=0.0, effect=3.0, worlds=3)["evidence"]

    assert row["false_alarms_per_model_year"] <= 0.02


@pytest.mark.parametrize("undecided", [0.0, 0.3])
def test_the_cadence_costs_little_more_than_knowing_the_hazard(undecided):
    for hazard, row in cadence.table(histories=150, undecided=undecided).items():
        calendars = (row["weekly"], row["monthly"], row["quarterly"])
        assert row["adaptive"] <= 1.15 * min(calendars), hazard
        assert row["adaptive"] <= row["oracle"] + 0.15, hazard
