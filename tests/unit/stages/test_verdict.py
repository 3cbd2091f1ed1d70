"""All evidence in, the document out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import (
    Attribution,
    Call,
    Change,
    DimensionRecord,
    Effect,
    Estimate,
    Finalist,
    Fold,
    Part,
    Proposal,
    Result,
    Round,
    ScaleName,
    SearchRecord,
    Trial,
)
from auditor.core.verdict import Blame
from auditor.stages.verdict import Circumstances, Evidence, conclude, failed, recorded
from tests.examples import NOON, a_capture, a_confirmation, a_failed_result, a_result, a_snapshot
from tests.examples import an_open_audit as opened
from tests.planted import CODE, MACHINE, a_plan

GAIN = Estimate(0.05, 0.04, 0.06)


def a_dimension(name):
    return DimensionRecord(
        name=name, scale=ScaleName.LOG, low=0.1, high=10.0, integer=False, choices=None, defaulted=False
    )


def evidence(call=Call.STALE, *, blamed=("rate",)):
    look = a_confirmation(GAIN).finalists[0].looks[0]
    winner = Finalist(config={"rate": 0.1, "count": 2}, search_gain=0.1, looks=(look,), excluded=False)
    shared = Attribution(
        method="shapley", effects=tuple(Effect(name=name, effect=GAIN) for name in blamed), groups=(("x",),)
    )
    blame = Blame(attribution=shared, moved=blamed[:1], kept=0.95, bundles={})
    return Evidence(
        search=SearchRecord(
            strategy="caviar",
            reason="trials are short",
            space=(a_dimension("rate"), a_dimension("count")),
            rungs=(1.0,),
            screened=0.9,
            trials=(),
        ),
        confirmation=a_confirmation(GAIN, call=call, finalists=(winner,)),
        blame=blame if call is Call.STALE else None,
        edges={"rate": "low"},
        notes=("rate: a note",),
    )


def around(**changes):
    fields = {
        "plan": a_plan(),
        "opened": replace(opened(), capture=a_capture("churn", id=7)),
        "command": "auditor run churn",
        "environment": MACHINE,
        "code": CODE,
        "finished_at": NOON + timedelta(hours=1),
        "wall_seconds": 12.5,
    }
    return Circumstances(**{**fields, **changes})


def results(*rounds):
    found = []
    for number, purpose in enumerate(rounds):
        proposal = Proposal(config={"rate": 1.0}, round=purpose, fold=Fold(Part.SEARCH, 0))
        found.append(Result(trial=Trial(id=number, proposal=proposal, seed=1), loss=1.0, seconds=0.5))
    return found


def concluded(given=None, history=(), **changes):
    return conclude(given or evidence(), around(**changes), history, search_rows=40, confirm_rows=60)


def test_the_document_says_what_was_found():
    audit = concluded()

    assert (audit.call, audit.gain) == (Call.STALE, GAIN)
    assert [finding.name for finding in audit.settings] == ["rate", "count"]
    assert [finding.call for finding in audit.settings] == [Call.STALE, Call.FRESH]
    assert audit.settings[0].at_edge == "low"
    assert audit.headline == "1 of 2 settings has gone stale"
    assert audit.sentence.startswith("Changing rate from 1 to 0.1 lowers squared error by 12.5 %")
    assert (audit.search_rows, audit.confirm_rows) == (40, 60)
    assert audit.groups == (("x",),)
    assert audit.notes == ("rate: a note",)


def test_confidence_is_shared_out_over_the_settings_that_changed():
    assert concluded(evidence(blamed=("rate",))).setting_confidence == 0.95
    two = concluded(evidence(blamed=("rate", "count")))
    assert two.setting_confidence == pytest.approx(0.975)
    assert "(97.5 % interval" in two.settings[0].sentence
    assert "(95 % interval" in two.sentence


def test_without_a_stale_verdict_nothing_is_attributed():
    audit = concluded(evidence(Call.FRESH))

    assert audit.attribution is None
    assert (audit.groups, audit.either_of) == ((), ())
    assert audit.headline == "All 2 settings hold"


def test_runs_are_counted_by_what_they_were_for():
    history = [
        *results(Round.PRODUCTION, Round.COARSE, Round.FINE, Round.RESPLIT, Round.CONFIRM, Round.ATTRIBUTE),
        a_failed_result(6),
    ]

    spent = concluded(history=history).spent

    assert (spent.search_trials, spent.confirm_trials, spent.attribute_trials) == (5, 1, 1)
    assert spent.failed_trials == 1
    assert spent.training_seconds == 3.5
    assert spent.wall_seconds == 12.5


def test_provenance_is_what_it_takes_to_get_the_page_again():
    kept = concluded().provenance

    assert kept.command == f"auditor run churn --seed {opened().seed}"
    assert kept.versions == {"python": "3.11.9", "numpy": "2.0"}
    assert (kept.schedule_digest, kept.schedule_text) == (a_plan().digest, a_plan().text)
    assert kept.snapshot_digest == a_snapshot().digest


def test_changes_since_the_capture_and_the_next_date_are_told():
    audit = concluded()

    assert Change("numpy", "2.0", "2.0") not in audit.environment_changes
    assert Change("scikit-learn", "1.9.1", "none") in audit.environment_changes
    assert Change("trainer", "shop:train", "shop:Model") in audit.code_changes
    assert audit.next_audit.due == audit.finished_at + timedelta(days=14)


def test_a_failed_audit_says_why_and_nothing_about_settings():
    audit = failed("memory: 30 rows\nand more", around(wall_seconds=None), results(Round.PRODUCTION))

    assert (audit.call, audit.gain, audit.settings) == (None, None, ())
    assert audit.headline == "The audit failed: memory: 30 rows"
    assert audit.error == "memory: 30 rows\nand more"
    assert audit.sentence == "Nothing is said about the settings. Mend the cause and run the audit again."
    assert audit.spent.search_trials == 1


@pytest.mark.parametrize("audit", [concluded(), failed("no rows", around(), ())])
def test_a_document_survives_its_twin(audit):
    assert audit_from_json(audit_to_json(audit)) == audit


def test_a_trial_is_kept_without_its_losses():
    result = a_result(3)

    kept = recorded(result)

    assert (kept.id, kept.seed, kept.loss, kept.curve) == (3, result.trial.seed, result.loss, result.curve)
    assert (kept.round, kept.fold, kept.fidelity) == (Round.FINE, "confirm 3.1", 1 / 3)
    assert recorded(a_failed_result(4)).failure is not None
