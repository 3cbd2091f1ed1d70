"""The outcome is written once, then shown."""

import pytest

from auditor.stages.report import report
from tests.examples import NOON, a_capture, a_snapshot, an_audit
from tests.planted import Planted, a_world, bowl


def test_an_audit_is_in_the_ledger_before_its_page_is_made():
    world = a_world(Planted(truth=bowl()), {"rate": 0.1})
    opened = world.ledger.begin(
        model="churn",
        plan_digest="p",
        capture=world.ledger.add_capture(a_capture()),
        snapshot=a_snapshot(),
        seed=1,
        now=NOON,
    )

    page = report(an_audit(opened.id), world.tools)

    assert page == "churn/1.html"
    assert world.ledger.audit(opened.id) == an_audit(opened.id)
    assert world.publisher.pages == [an_audit(opened.id)]
    assert [summary.state for summary in world.publisher.pasts[0]] == ["done"]


def test_an_audit_that_was_not_begun_is_not_shown():
    world = a_world(Planted(truth=bowl()), {"rate": 0.1})

    with pytest.raises(ValueError, match="not running"):
        report(an_audit(9), world.tools)

    assert world.publisher.pages == []
