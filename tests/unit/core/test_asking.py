"""What is asked for on top of a schedule."""

from datetime import timedelta

import pytest

from auditor.core.asking import command_of, with_asked
from auditor.core.records import Asked
from tests.planted import a_plan


def test_what_is_not_asked_for_is_left_to_the_schedule():
    assert with_asked(a_plan(), Asked()) == a_plan()


@pytest.mark.parametrize("asked", [Asked(trials=7), Asked(minutes=3.0), Asked(strategy="panda")])
def test_what_changes_what_is_found_makes_another_audit(asked):
    plan = with_asked(a_plan(), asked)

    assert plan.digest != a_plan().digest
    assert (plan.budget.trials, plan.budget.time, plan.budget.strategy) == (
        asked.trials or a_plan().budget.trials,
        timedelta(minutes=asked.minutes) if asked.minutes else a_plan().budget.time,
        asked.strategy or a_plan().budget.strategy,
    )


def test_neither_more_workers_nor_the_same_strategy_make_another_audit():
    asked = Asked(workers=9, strategy=a_plan().budget.strategy)

    assert with_asked(a_plan(), asked).digest == a_plan().digest
    assert with_asked(a_plan(), asked).budget.workers == 9


def test_the_command_line_asks_the_same():
    asked = Asked(trials=12, minutes=1.5, workers=2, strategy="caviar", seed=3)

    assert (
        command_of("churn", asked) == "auditor run churn --strategy caviar --trials 12 --time 1.5 --workers 2"
    )
