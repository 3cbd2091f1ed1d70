"""What production runs is read from where it lives, and recorded when it changes."""

from dataclasses import replace

import pytest

from auditor.core.records import ProductionSpec
from auditor.errors import CaptureError
from auditor.stages.capture import capture, current, look, notice
from tests.planted import Planted, a_plan, a_world, bowl

UNDECLARED = a_plan(production=ProductionSpec())


@pytest.fixture
def world():
    return a_world(Planted(truth=bowl()), {"rate": 0.1, "share": 0.5})


def test_the_first_audit_records_production_with_machine_code_and_time(world):
    found = current(a_plan(), world.tools)

    assert found.id == 1
    assert found.config == {"rate": 0.1, "share": 0.5}
    assert (found.environment, found.code) == (world.sources.machine, world.sources.trainer_code)
    assert found.captured_at == world.clock.now()
    assert world.ledger.latest_capture("churn") == found


def test_production_that_stayed_keeps_the_machine_it_was_captured_on(world):
    first = current(a_plan(), world.tools)
    world.sources.machine = replace(world.sources.machine, cores=64)

    assert current(a_plan(), world.tools) == first
    assert len(world.ledger.captures("churn")) == 1


def test_production_that_changed_is_captured_anew(world):
    first = current(a_plan(), world.tools)
    world.sources.settings = {"rate": 0.2, "share": 0.5}

    second = current(a_plan(), world.tools)

    assert (second.id, second.config["rate"]) == (2, 0.2)
    assert world.ledger.captures("churn") == (first, second)


def test_a_change_is_noticed_and_recorded_once(world):
    first = notice(a_plan(), world.tools)
    world.sources.settings = {"rate": 0.2, "share": 0.5}
    second = notice(a_plan(), world.tools)

    assert (first.id, second.id, notice(a_plan(), world.tools)) == (1, 2, None)
    assert second.config["rate"] == 0.2
    assert current(a_plan(), world.tools) == second


def test_where_no_place_is_declared_nothing_is_noticed(world):
    assert notice(UNDECLARED, world.tools) is None
    assert world.ledger.captures("churn") == ()


def test_looking_records_nothing(world):
    assert look(a_plan(), world.tools).id == 0
    assert world.ledger.captures("churn") == ()


def test_without_a_declared_source_the_latest_capture_counts(world):
    recorded = capture(UNDECLARED, world.tools, settings={"rate": 0.3}, snapshot="f" * 64)

    assert current(UNDECLARED, world.tools) == recorded
    assert recorded.snapshot == "f" * 64


def test_without_a_source_or_a_capture_there_is_a_next_step(world):
    with pytest.raises(CaptureError) as caught:
        current(UNDECLARED, world.tools)

    assert str(caught.value) == (
        "nothing is known of what 'churn' runs in production: give its settings under [production] in "
        "schedules/churn.toml, or call auditor.capture('churn', settings) in its deploy job"
    )


def test_values_handed_over_override_those_of_the_source_and_say_so(world):
    recorded = capture(a_plan(), world.tools, settings={"rate": 0.2, "depth": 3})

    origins = {each.name: (each.value, each.raw, each.origin) for each in recorded.settings}
    assert origins == {
        "rate": (0.2, "0.2", "auditor.capture"),
        "share": (0.5, "0.5", "memory"),
        "depth": (3, "3", "auditor.capture"),
    }


def test_every_call_to_capture_is_recorded(world):
    capture(a_plan(), world.tools)
    capture(a_plan(), world.tools)

    assert [each.id for each in world.ledger.captures("churn")] == [1, 2]


@pytest.mark.parametrize("reading", [current, notice])
def test_what_another_process_recorded_meanwhile_is_not_recorded_again(world, reading):
    theirs = []
    environment = world.sources.environment

    def slowly():
        world.sources.environment = environment
        theirs.append(current(a_plan(), world.tools))
        return environment()

    world.sources.environment = slowly

    assert reading(a_plan(), world.tools) == (theirs[0] if reading is current else None)
    assert world.ledger.captures("churn") == tuple(theirs)
