"""Whole audits of trainers that give one number, in a world whose truth is known."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import Call, DataSpec, Job, Part, Result, TrainerFacts
from auditor.core.units import UNITS
from auditor.errors import DataError
from tests.planted import Planted, a_plan, a_world, bowl

ONE_NUMBER = TrainerFacts(classifier=False, curve=None, defaults={}, by_row=False)
BEST = {"rate": 0.01, "share": 0.5}


@dataclass(frozen=True, kw_only=True)
class OneNumber(Planted):
    """The same world, of which a training tells the mean only."""

    def __call__(self, job: Job) -> Result:
        result = super().__call__(job)
        return replace(result, losses=np.array([result.loss]))


def audited(*, rows=1_200, plan=None, **production):
    work = OneNumber(truth=bowl(**BEST), noise=0.05, rows=rows)
    world = a_world(work, {**BEST, **production}, facts=ONE_NUMBER)
    return world.audit(plan).audit, world


def test_settings_that_are_far_off_are_stale_and_the_page_says_what_one_number_costs():
    audit, _ = audited(rate=1.0)

    assert audit.call is Call.STALE
    assert {finding.name: finding.call for finding in audit.settings}["rate"] is Call.STALE
    assert any("scored one of 12 parts of the confirming rows" in note for note in audit.notes)
    assert audit.provenance.layout is not None
    assert audit.provenance.layout.units == UNITS
    assert audit_from_json(audit_to_json(audit)) == audit


def test_no_two_confirming_trainings_of_a_configuration_score_the_same_rows():
    audit, world = audited()
    confirming = [
        result for result in world.ledger.history(audit.id) if result.trial.proposal.fold.part is Part.CONFIRM
    ]

    of_production = [result.trial.proposal.fold for result in confirming if result.config == BEST]

    assert audit.call is not Call.STALE
    assert len(of_production) == len(set(of_production)) <= UNITS
    assert all(result.losses is not None and result.losses.shape == (1,) for result in confirming)


def test_rows_in_time_order_come_with_a_warning_about_neighbours():
    plan = a_plan(data=DataSpec(source="memory", target="y", time="day"))
    work = OneNumber(truth=bowl(**BEST), noise=0.05, rows=1_200)
    world = a_world(work, {**BEST, "rate": 1.0}, facts=ONE_NUMBER)
    world.sources.columns["day"] = np.arange(1_200)

    audit = world.audit(plan).audit

    assert any("neighbouring rows are alike in time cannot be checked" in note for note in audit.notes)


def test_too_few_rows_to_cut_are_refused():
    with pytest.raises(DataError, match="too few confirming rows for a trainer that gives one number"):
        audited(rows=400)
