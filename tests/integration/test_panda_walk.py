"""One live model over days, on planted losses: found, not found, gone back, interrupted."""

from dataclasses import replace
from itertools import pairwise

import pytest

from auditor.core.records import (
    Budget,
    Call,
    DataSpec,
    DimensionSpec,
    Failure,
    FailureKind,
    Kept,
    Move,
    Part,
    Round,
    ScaleName,
)
from auditor.core.trails import checkpoints_needed
from auditor.errors import DataError, DeclarationError, EarlyError, SnapshotError, TrainerError
from tests.carried import Babysat, babysat, next_day, panda_plan, rows_until, same_but_for_times
from tests.fakes import BreakingLedger, ShuffledExecutor, StoppedExecutor
from tests.planted import RATE, SHARE, bowl

FINE = {"rate": 0.1, "share": 0.5}
pytestmark = pytest.mark.slow

SPOILED = {"rate": 1e-3, "share": 0.5}  # 10 % of the loss from the best rate: ten margins
MOVED = bowl(rate=0.1, share=0.5)


def days_of(world, plan, days, *, first=4):
    """Return the audits of so many days."""
    audits = []
    for day in range(first, first + days):
        next_day(world, day)
        audits.append(world.audit(plan).audit)
    return audits


def test_a_spoiled_setting_is_found_and_named_and_the_other_is_not():
    world = babysat(Babysat(MOVED), SPOILED)

    last = days_of(world, panda_plan(), 14)[-1]

    assert last.call is Call.STALE
    assert {found.name: found.call for found in last.settings}["rate"] is Call.STALE
    assert {found.name: found.call for found in last.settings}["share"] is not Call.STALE
    assert last.search.strategy == "panda"
    assert last.panda.lead.low > last.panda.margin


def test_nothing_moved_is_never_called_stale_and_becomes_fresh():
    world = babysat(Babysat(MOVED), FINE)

    audits = days_of(world, panda_plan(), 30)

    assert Call.STALE not in {audit.call for audit in audits}
    assert audits[-1].call is Call.FRESH
    assert audits[-1].headline == "All 2 settings hold"


def test_what_drowns_in_noise_is_undecided():
    world = babysat(Babysat(bowl(rate=0.05, share=0.5), noise=2.0), FINE)

    assert {audit.call for audit in days_of(world, panda_plan(), 12)} == {Call.UNDECIDED}


def test_every_turn_has_rows_of_its_own():
    world = babysat(Babysat(MOVED), FINE)

    turns = days_of(world, panda_plan(), 5)[-1].panda.turns

    assert [turn.number for turn in turns] == [1, 2, 3, 4, 5]
    assert all(earlier.last < later.first for earlier, later in pairwise(turns))
    assert [turn.audit_id for turn in turns] == [1, 2, 3, 4, 5]


def test_a_day_that_was_missed_is_made_up_for_by_the_next_turn():
    world = babysat(Babysat(MOVED), FINE)
    days_of(world, panda_plan(), 2)

    (late,) = days_of(world, panda_plan(), 1, first=8)

    assert late.panda.turns[-1].rows_fitted > 1.5 * late.panda.turns[-2].rows_fitted


def test_without_fresh_rows_nothing_begins():
    world = babysat(Babysat(MOVED), FINE)
    world.audit(panda_plan())

    with pytest.raises(DataError, match="no rows"):
        world.audit(panda_plan())

    assert len(world.ledger.summaries()) == 1


def test_several_turns_fit_into_one_audit_where_there_are_rows():
    world = babysat(Babysat(MOVED), FINE, days=8)

    audit = world.audit(panda_plan(budget=Budget(strategy="panda", turns=100))).audit

    assert len(audit.panda.turns) == 8 * 240 // 2 // 100
    assert all(turn.audit_id == audit.id for turn in audit.panda.turns)


def test_a_bad_day_is_gone_back_from():
    world = babysat(Babysat(MOVED, bad_day=6), FINE)

    turns = days_of(world, panda_plan(), 6)[-1].panda.turns

    (back,) = [turn for turn in turns if turn.rolled_back]
    bad = turns[back.number - 2]
    assert bad.last.day == 7
    assert back.parent == bad.parent
    assert back.setback.low > 0
    assert back.config == turns[bad.parent - 1].config or back.kept is Kept.NUDGED


def test_where_the_newest_models_are_lost_the_turn_goes_back_to_the_last_that_is_whole():
    world = babysat(Babysat(MOVED), FINE)
    before = days_of(world, panda_plan(), 4)[-1].panda
    world.vault.lost |= {turn.checkpoint for turn in before.turns[2:]}

    (audit,) = days_of(world, panda_plan(), 1, first=8)

    turn = audit.panda.turns[-1]
    assert (turn.number, turn.parent, turn.rolled_back) == (5, 2, True)
    assert turn.first > before.turns[-1].last, "no row is looked at twice"
    assert audit.notes == (
        f"Turn 5 went back to the model of turn 2: checkpoint {before.turns[3].checkpoint[:12]} is lost.",
    )
    assert days_of(world, panda_plan(), 1, first=9)[0].notes == ()


def test_where_every_model_is_lost_a_new_one_is_begun_and_that_is_said():
    world = babysat(Babysat(MOVED), FINE)
    before = days_of(world, panda_plan(), 3)[-1].panda
    world.vault.lost |= {before.start.checkpoint, *(turn.checkpoint for turn in before.turns)}

    anew, after = days_of(world, panda_plan(), 2, first=7)

    assert anew.notes[0].startswith("The live model of audit 3 cannot be gone on with: checkpoint ")
    assert anew.panda.start.audit_id == anew.id
    assert [turn.number for turn in after.panda.turns] == [1, 2]
    assert after.notes == ()


def test_a_model_that_is_lost_in_the_middle_of_a_turn_ends_that_audit_only():
    work = Babysat(MOVED)
    world = babysat(work, FINE)
    before = days_of(world, panda_plan(), 3)[-1].panda
    stopped = replace(world, executor=StoppedExecutor(ShuffledExecutor(work), 1))
    with pytest.raises(KeyboardInterrupt):
        days_of(stopped, panda_plan(), 1, first=7)
    world.vault.lost.add(before.turns[-1].checkpoint)

    with pytest.raises(SnapshotError, match=r"came or went while a turn was interrupted.*begins a new one"):
        world.audit(panda_plan())
    (audit,) = days_of(world, panda_plan(), 1, first=8)

    assert (audit.panda.turns[-1].number, audit.panda.turns[-1].parent) == (4, 2)


def test_too_few_fresh_rows_begin_nothing_and_are_not_lost():
    world = babysat(Babysat(MOVED), FINE)
    days_of(world, panda_plan(), 1)
    world.sources.columns = rows_until(4, more=99)

    with pytest.raises(EarlyError):
        world.audit(panda_plan())
    (audit,) = days_of(world, panda_plan(), 1, first=5)

    assert audit.id == 2
    assert f"{audit.panda.turns[-1].first:%Y-%m-%d %H:%M}" == "2026-01-05 00:00", "the first row of the day"


def test_times_that_are_no_dates_are_refused_or_leave_it_at_a_search():
    world = babysat(Babysat(MOVED, seconds=300.0), FINE)
    world.sources.columns = {name: column.astype(float) for name, column in rows_until(4).items()}

    with pytest.raises(DeclarationError, match=r"'panda' will not do: column 'at' .* holds numbers"):
        world.audit(panda_plan())

    assert world.ledger.summaries() == ()
    auto = world.audit(panda_plan(budget=Budget(strategy="auto"))).audit
    assert auto.search.strategy == "caviar"
    assert "one model cannot be carried on instead: column 'at'" in auto.search.reason


def test_audits_that_failed_do_not_push_the_live_model_out_of_sight():
    broken = []

    def failing(job):
        return Failure(FailureKind.ERROR, "no") if broken and _trains(job) else None

    world = babysat(Babysat(MOVED, failing=failing), FINE)
    days_of(world, panda_plan(), 2)
    broken.append(True)
    for _ in range(60):
        with pytest.raises(TrainerError):
            days_of(world, panda_plan(), 1, first=6)
    broken.clear()

    assert [turn.number for turn in days_of(world, panda_plan(), 1, first=6)[0].panda.turns] == [1, 2, 3]


def test_new_settings_in_production_begin_a_new_live_model():
    world = babysat(Babysat(MOVED), FINE)
    before = days_of(world, panda_plan(), 3)[-1]
    world.sources.settings = {"rate": 0.2, "share": 0.5}

    (after,) = days_of(world, panda_plan(), 1, first=7)

    assert len(before.panda.turns) == 3
    assert len(after.panda.turns) == 1
    assert after.panda.start.audit_id == after.id


def test_another_metric_begins_a_new_live_model():
    plan = panda_plan()
    world = babysat(Babysat(MOVED), FINE)
    days_of(world, plan, 2)

    other = replace(plan, policy=replace(plan.policy, metric="absolute_error"))

    assert len(days_of(world, other, 1, first=6)[0].panda.turns) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_turn_that_is_interrupted_anywhere_ends_as_if_it_had_not_been(after):
    undisturbed = babysat(Babysat(MOVED), SPOILED)
    wanted = [same_but_for_times(audit) for audit in days_of(undisturbed, panda_plan(), 3)]
    lots = len(undisturbed.executor.lots)

    for number in range(lots):
        work = Babysat(MOVED)
        world = babysat(work, SPOILED, executor=StoppedExecutor(ShuffledExecutor(work), number))
        if after:
            world = babysat(work, SPOILED, ledger=BreakingLedger(number, after=True))
        found = []
        for day in (4, 5, 6):
            next_day(world, day)
            try:
                found.append(world.audit(panda_plan()).audit)
            except KeyboardInterrupt:
                world = replace(world, executor=ShuffledExecutor(work, 1))
                unfinished = world.ledger.unfinished("churn")
                if unfinished is not None:
                    found.append(world.audit(panda_plan()).audit)
                else:  # stopped right after the outcome was written
                    found.append(world.ledger.audit(day - 3))

        assert [same_but_for_times(audit) for audit in found] == wanted, f"stopped at {number}"


def test_a_nudge_that_does_not_train_is_not_kept_and_is_no_evidence():
    def refuse(job):
        nudged = job.trial.proposal.fold.part is Part.TURN and job.trial.proposal.fold.half == 1
        return Failure(FailureKind.DIVERGED, "the loss ran away") if nudged else None

    world = babysat(Babysat(MOVED, failing=refuse), SPOILED)

    turn = days_of(world, panda_plan(), 2)[-1].panda.turns[-1]

    assert (turn.gain, turn.kept, turn.failure) == (None, Kept.UNCHANGED, "the loss ran away")


def test_a_live_model_that_cannot_be_carried_on_fails_the_audit_and_loses_no_rows():
    broken = []

    def refuse(job):
        return Failure(FailureKind.TIMEOUT, "took too long") if broken and _trains(job) else None

    world = babysat(Babysat(MOVED, failing=refuse), FINE)
    days_of(world, panda_plan(), 2)
    broken.append(True)
    with pytest.raises(TrainerError, match=r"cannot be carried on \(timeout\): took too long"):
        days_of(world, panda_plan(), 1, first=6)
    broken.clear()

    (mended,) = days_of(world, panda_plan(), 1, first=6)

    assert [turn.number for turn in mended.panda.turns] == [1, 2, 3]
    assert mended.panda.turns[-1].first > mended.panda.turns[-2].last


def _trains(job):
    return job.trial.proposal.round is Round.TURN


def test_settings_that_a_checkpoint_cannot_carry_are_left_out_and_named():
    world = babysat(Babysat(MOVED), FINE)
    world.facts = replace(world.facts, uncarried={"share": "a checkpoint cannot carry another share"})

    audit = world.audit(panda_plan()).audit

    assert [found.name for found in audit.settings] == ["rate"]
    assert audit.panda.left_out[0].name == "share"


def test_what_no_training_heeds_is_said_and_ends_the_panda():
    world = babysat(Babysat(lambda config: 0.0, noise=0.0), FINE)
    days_of(world, panda_plan(), 4)

    with pytest.raises(TrainerError, match="heeds none of rate, share"):
        days_of(world, panda_plan(), 1, first=8)


@pytest.mark.parametrize(
    ("facts", "plan", "problem"),
    [
        ({"continues": False}, {}, "cannot go on from a checkpoint"),
        ({}, {"data": DataSpec(source="memory", target="y")}, "data.time is not given"),
        ({"by_row": False}, {}, "one number a training"),
        ({"uncarried": {"rate": "no", "share": "no"}}, {}, "no searched setting can be changed"),
    ],
)
def test_a_panda_that_cannot_be_is_refused_with_the_reason(facts, plan, problem):
    world = babysat(Babysat(MOVED), FINE)
    world.facts = replace(world.facts, **facts)

    with pytest.raises(DeclarationError, match=problem):
        world.audit(panda_plan(**plan))

    assert world.ledger.summaries() == ()


def test_a_setting_that_exists_only_with_another_is_left_out():
    mode = DimensionSpec(scale=ScaleName.CHOICE, choices=("a", "b"))
    search = {"rate": RATE, "mode": mode, "share": replace(SHARE, only_if={"mode": ("a",)})}
    world = babysat(Babysat(lambda config: MOVED({"share": 0.5, **config})), {**FINE, "mode": "a"})

    audit = world.audit(panda_plan(search=search)).audit

    assert [found.name for found in audit.settings] == ["rate"]
    assert {each.name for each in audit.panda.left_out} == {"mode", "share"}


def test_what_the_next_turn_needs_is_the_newest_model_and_its_parent():
    world = babysat(Babysat(MOVED), FINE)
    first, *_, last = days_of(world, panda_plan(), 4)

    assert first.panda.start.checkpoint in checkpoints_needed(first.panda)
    turns = last.panda.turns
    assert checkpoints_needed(last.panda) == {
        digest for turn in turns[-2:] for digest in (turn.checkpoint, turn.production_checkpoint)
    }


# ---------------------------------------------------------------- the choice


def test_auto_searches_where_the_budget_allows():
    world = babysat(Babysat(MOVED), FINE)

    audit = world.audit(panda_plan(budget=Budget(trials=6))).audit

    assert audit.search.strategy == "caviar"
    assert audit.panda is None


def test_auto_carries_one_model_on_where_a_search_is_too_dear_and_stays_with_it():
    plan = panda_plan(budget=Budget())
    work = Babysat(MOVED, seconds=400.0)
    world = babysat(work, FINE)

    first, second = days_of(world, plan, 2)

    assert (first.search.strategy, second.search.strategy) == ("panda", "panda")
    assert "one training of production takes 4e+02 s, so 6 fit" in first.search.reason
    assert f"audit {first.id} carried this model on" in second.search.reason
    assert len(second.panda.turns) == 2


def test_auto_says_why_it_searches_although_that_is_too_dear():
    world = babysat(Babysat(MOVED, seconds=400.0), FINE)
    world.facts = replace(world.facts, continues=False)

    audit = world.audit(panda_plan(budget=Budget(trials=6))).audit

    assert audit.search.strategy == "caviar"
    assert "one model cannot be carried on instead: the trainer cannot go on" in audit.search.reason


def test_measuring_production_changes_no_finding_of_a_search():
    plan = panda_plan(budget=Budget(trials=6))
    measured, plain = babysat(Babysat(MOVED), SPOILED), babysat(Babysat(MOVED), SPOILED)
    plain.facts = replace(plain.facts, continues=False)

    assert measured.audit(plan).audit == plain.audit(plan).audit


def test_the_turns_say_which_move_they_made():
    world = babysat(Babysat(MOVED), SPOILED)

    moves = [turn.move for turn in days_of(world, panda_plan(), 8)[-1].panda.turns]

    assert moves[0] is Move.NUDGE
    assert Move.BACK in moves
