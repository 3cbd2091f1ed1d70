"""Why settings went stale, and what retraining alone would have given: planted causes are named."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from auditor.core.canary import unknown
from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import (
    Budget,
    Call,
    CanaryCall,
    CauseCall,
    DataSpec,
    Failure,
    FailureKind,
    Part,
    Round,
)
from auditor.core.splits import rows_of, rows_to_fit
from auditor.runner import Runner
from auditor.stages.capture import capture
from auditor.stages.confirm import confirm
from auditor.stages.explain import PASSES, RETRAIN_PASSES, explain
from auditor.stages.snapshot import lay_out, take_snapshot
from tests.fakes import MemoryVault, ShuffledExecutor
from tests.planted import Planted, a_plan, a_runner, a_world, bowl, partition_of, the_replicates

OLD, NEW = {"rate": 1e-3, "share": 0.5}, {"rate": 0.1, "share": 0.5}
RIGHT, WRONG = bowl(rate=1e-3), bowl(rate=0.1)
QUIET = unknown("nothing to compare with")


@dataclass
class Eras:
    """Work whose truth depends on the snapshot scored, on how many rows are fitted on, and on where from."""

    truths: tuple[Any, ...]
    rows: tuple[int, ...]
    retraining: float = 0.0
    least: int = 0
    failing: Any = lambda job: None
    vault: MemoryVault = field(default_factory=MemoryVault)

    def __call__(self, job):
        era = self.vault.digests.index(job.layout.digest)
        truth = self.truths[era] if self.fitted(job) >= self.least else RIGHT
        shift = self.retraining if job.fit_on is not None else 0.0
        work = Planted(
            truth=lambda config: truth(config) + shift, noise=0.05, rows=self.rows[era], failing=self.failing
        )
        return work(job)

    def fitted(self, job):
        layout, fold = job.fit_on or job.layout, job.trial.proposal.fold
        partition = partition_of(layout, self.rows[self.vault.digests.index(layout.digest)])
        return (rows_to_fit if job.fit_on else lambda *of: rows_of(*of).fit)(partition, fold, layout).size


def some(rows, seed):
    return np.random.default_rng(seed).standard_normal(rows)


def explained(
    work, then, now, *, plan=None, canary=QUIET, spoil=None, captured=True, columns=None, before=None
):
    """File older rows with production, confirm one finalist on fresh ones, explain; return the world, too."""
    plan = plan or a_plan()
    world = a_world(Planted(truth=RIGHT), OLD, executor=ShuffledExecutor(work), vault=work.vault)
    if captured:
        world.sources.columns = {"y": then, **(before or {})}
        capture(plan, world.tools, snapshot=take_snapshot(plan, world.tools).digest)
    world.sources.columns = columns or {"y": now}
    runner = a_runner(world, plan)
    replicates = the_replicates(runner, rows=now.size)
    found = confirm([(NEW, 0.2)], production=OLD, policy=plan.policy, replicates=replicates)
    if spoil:
        spoil(world)
    opened = world.ledger.unfinished("churn")
    return found, explain(found, opened=opened, canary=canary, replicates=replicates), world


def explaining(world):
    return [job for job in world.executor.jobs if job.trial.proposal.round is Round.EXPLAIN]


def parts(world):
    return {job.trial.proposal.fold.part for job in explaining(world)}


# ---------------------------------------------------------------- planted causes


def test_settings_that_were_right_for_the_older_rows_are_stale_because_the_data_moved():
    work = Eras((RIGHT, WRONG), (400, 400))

    found, told, world = explained(work, some(400, 1), some(400, 2))

    assert found.call is Call.STALE
    assert told.cause.call is CauseCall.DATA
    assert told.cause.certain
    assert told.cause.gain_then.high < 0.0 < told.cause.gain_now.low
    assert told.cause.difference.estimate == pytest.approx(
        told.cause.gain_now.estimate - told.cause.gain_then.estimate
    )
    assert told.cause.sentence.startswith("The data moved. Fitted on 240 rows each, the same change gains")
    assert told.cause.reference.audit_id is None
    assert parts(world) == {Part.THEN, Part.NOW, Part.UNRETRAINED}


def test_settings_that_were_as_wrong_for_the_older_rows_were_never_tuned():
    work = Eras((WRONG, WRONG), (400, 400))

    _, told, _ = explained(work, some(400, 1), some(400, 2))

    assert told.cause.call is CauseCall.NEVER_TUNED
    assert told.cause.sentence.startswith("It was never tuned well.")


def test_settings_that_were_wrong_and_became_more_so_have_both_causes():
    def worse(config):
        return 3.0 * WRONG(config)

    _, told, _ = explained(Eras((WRONG, worse), (400, 400)), some(400, 1), some(400, 2))

    assert told.cause.call is CauseCall.BOTH


def test_a_gain_that_only_the_larger_sample_brings_is_due_to_its_size():
    older, newer = some(300, 1), some(1200, 2)
    work = Eras((WRONG, WRONG), (300, 1500), least=400)

    _, told, _ = explained(work, older, np.concatenate([older, newer]))

    assert told.cause.call is CauseCall.SIZE
    assert (told.cause.fitted_rows, told.cause.fitted_rows_full) == (180, 900)
    assert told.cause.gain_full.low > told.cause.gain_now.high
    assert told.cause.sentence.startswith("There is more data to train on than there was")
    assert told.cause.reference.first_row == 300


def test_a_gain_that_the_larger_older_sample_did_without_is_due_to_size_as_well():
    class Shrunk(Eras):
        """Production is right where it is fitted on many rows, as it was then."""

        def __call__(self, job):
            truth = WRONG if self.fitted(job) < 400 else RIGHT
            era = self.vault.digests.index(job.layout.digest)
            return Planted(truth=truth, noise=0.05, rows=self.rows[era])(job)

    _, told, world = explained(Shrunk((RIGHT, WRONG), (1500, 400)), some(1500, 1), some(400, 2))

    assert told.cause.call is CauseCall.SIZE
    assert told.cause.sentence.startswith("There is less data to train on")
    assert Part.THEN_WHOLE in parts(world)


def test_a_changed_canary_overrules_the_data_and_keeps_the_gains():
    changed = replace(
        QUIET, call=CanaryCall.CHANGED, reason="The training that audit 1 stored gives other losses."
    )

    def upgraded(world):
        world.sources.machine = replace(world.sources.machine, packages={"numpy": "3.0"})

    _, told, _ = explained(
        Eras((RIGHT, WRONG), (400, 400)), some(400, 1), some(400, 2), canary=changed, spoil=upgraded
    )

    assert told.cause.call is CauseCall.ENVIRONMENT
    assert told.cause.gain_then is not None
    assert told.cause.sentence == (
        "The training that audit 1 stored gives other losses. Neither the data nor the settings can be "
        "blamed alone. Since the capture these changed: numpy."
    )


# ---------------------------------------------------------------- equal size, disjoint rows


def test_both_cells_are_fitted_on_as_many_rows_and_share_none():
    older, newer = some(300, 1), some(900, 2)
    work = Eras((RIGHT, WRONG), (300, 1200))

    _, _, world = explained(work, older, np.concatenate([older, newer]))

    cells = [job for job in explaining(world) if job.trial.proposal.fold.part in (Part.THEN, Part.NOW)]
    assert len(cells) == 2 * 2 * 2 * len(PASSES)
    for job in cells:
        rows = rows_of(
            partition_of(job.layout, work.rows[work.vault.digests.index(job.layout.digest)]),
            job.trial.proposal.fold,
            job.layout,
        )
        assert abs(rows.fit.size - 180) <= 1
        assert not set(rows.fit) & set(rows.score)
        if job.trial.proposal.fold.part is Part.NOW:
            assert min(rows.fit.min(), rows.score.min()) >= 300


def test_fresh_rows_that_are_scored_were_never_searched_on():
    older, newer = some(300, 1), some(900, 2)
    work = Eras((RIGHT, WRONG), (300, 1200))

    _, _, world = explained(work, older, np.concatenate([older, newer]))

    searched = set(partition_of(world.executor.jobs[0].layout, 1200).search)
    for job in explaining(world):
        if job.trial.proposal.fold.part in (Part.NOW, Part.UNRETRAINED):
            scored = rows_of(partition_of(job.layout, 1200), job.trial.proposal.fold, job.layout).score
            assert not searched & set(scored)


# ---------------------------------------------------------------- when it cannot be told


@dataclass
class Lucky(Eras):
    """Work in which the challenger looks better than it is on every row that it was chosen on."""

    searched: Any = None

    def __call__(self, job):
        result = super().__call__(job)
        era, fold = self.vault.digests.index(job.layout.digest), job.trial.proposal.fold
        partition = partition_of(job.layout, self.rows[era])
        if era == 1 and fold.part is Part.CONFIRM:
            self.searched = partition.search
        if era == 1 or job.trial.proposal.config != NEW:
            return result
        lucky = np.isin(rows_of(partition, fold, job.layout).score, self.searched)
        return replace(result, losses=result.losses - 0.4 * lucky)


def test_older_rows_that_the_challenger_was_chosen_on_do_not_say_how_good_it_was_then():
    older, newer = some(600, 1), some(900, 2)

    _, told, _ = explained(Lucky((RIGHT, WRONG), (600, 1500)), older, np.concatenate([older, newer]))

    assert told.cause.call is CauseCall.DATA
    assert told.cause.gain_then.high < 0.0


def test_where_all_older_rows_were_searched_on_nothing_is_said_to_have_never_been_tuned():
    plan = a_plan(data=DataSpec(source="memory", target="y", time="t"))
    work = Lucky((RIGHT, WRONG), (300, 1500))
    older, times = some(300, 1), {"t": np.arange(1500)}
    fresh = np.concatenate([older, some(1200, 2)])

    _, told, _ = explained(
        work, older, fresh, plan=plan, columns={"y": fresh, **times}, before={"t": np.arange(300)}
    )

    assert told.cause.call is CauseCall.UNDETERMINED
    assert "chosen on some of these older rows" in told.cause.sentence
    assert "newer rows" in told.cause.next_step


def test_without_older_rows_the_next_step_is_said():
    _, told, world = explained(Eras((WRONG,), (400,)), some(400, 1), some(400, 2), captured=False)

    assert told.cause.call is CauseCall.UNDETERMINED
    assert "no rows from when production was tuned are on record" in told.cause.sentence
    assert "`auditor capture churn` files those" in told.cause.next_step
    assert told.retrain_gain is None
    assert explaining(world) == []


def test_the_very_rows_that_production_was_tuned_on_tell_nothing():
    _, told, world = explained(Eras((WRONG,), (400,)), some(400, 1), some(400, 1))

    assert "the fresh rows are the oldest on record" in told.cause.sentence
    assert explaining(world) == []


def test_a_window_that_has_hardly_moved_leaves_too_few_new_rows():
    rows = some(500, 1)

    _, told, _ = explained(Eras((RIGHT, WRONG), (400, 400)), rows[:400], rows[100:])

    assert told.cause.call is CauseCall.UNDETERMINED
    assert "fresh rows that no older snapshot holds: too few" in told.cause.sentence
    assert told.retrain_gain is None


def test_rows_that_are_gone_are_said_to_be():
    def lose(world):
        world.vault.forget(world.vault.digests[0])

    class Kept(Eras):
        def __call__(self, job):
            return Planted(truth=WRONG, noise=0.05)(job)

    _, told, _ = explained(Kept((RIGHT, WRONG), (400, 400)), some(400, 1), some(400, 2), spoil=lose)

    assert "the older rows cannot be read" in told.cause.sentence


def test_other_columns_are_named():
    fresh = some(400, 2)
    work = Eras((RIGHT, WRONG), (400, 400))

    _, told, _ = explained(work, some(400, 1), fresh, columns={"y": fresh, "tax": fresh})

    assert "older and fresh rows do not have the same columns ('tax')" in told.cause.sentence


def test_a_challenger_that_does_not_train_on_the_older_rows_is_quoted():
    def failing(job):
        then = job.trial.proposal.fold.part is Part.THEN
        return Failure(FailureKind.ERROR, "no such category") if then else None

    work = Eras((RIGHT, WRONG), (400, 400), failing=failing)

    _, told, _ = explained(work, some(400, 1), some(400, 2))

    assert told.cause.call is CauseCall.UNDETERMINED
    assert told.cause.sentence.endswith("the first failure: no such category.")


# ---------------------------------------------------------------- retraining alone


@pytest.mark.parametrize("truth", [RIGHT, WRONG], ids=["fresh", "stale"])
def test_retraining_alone_is_measured_whatever_the_call_is(truth):
    work = Eras((RIGHT, truth), (400, 400), retraining=0.3)

    found, told, world = explained(work, some(400, 1), some(400, 2))

    assert (told.cause is None) == (found.call is not Call.STALE)
    assert told.retrain_gain.estimate == pytest.approx(0.3)
    older = [job for job in explaining(world) if job.fit_on is not None]
    assert len(older) == 2 * len(RETRAIN_PASSES)
    assert all(job.trial.proposal.config == OLD for job in older)
    assert {job.fit_on.fit_rows for job in older} == {240}


def test_rows_that_production_was_fitted_on_score_no_retraining():
    older, newer = some(300, 1), some(900, 2)
    work = Eras((RIGHT, RIGHT), (300, 1200), retraining=0.3)

    _, told, _ = explained(work, older, np.concatenate([older, newer]))

    assert told.retrain_gain.estimate == pytest.approx(0.3, abs=0.05)


def test_what_was_trained_before_an_interruption_is_not_trained_again():
    work = Eras((RIGHT, WRONG), (400, 400))
    _, told, world = explained(work, some(400, 1), some(400, 2))
    trained = len(world.executor.jobs)

    plan, opened = a_plan(), world.ledger.unfinished("churn")
    layout, _ = lay_out(plan, opened.snapshot, seed=opened.seed, facts=world.facts, tools=world.tools)
    replicates = the_replicates(Runner(audit_id=opened.id, plan=plan, layout=layout, tools=world.tools))
    found = confirm([(NEW, 0.2)], production=OLD, policy=plan.policy, replicates=replicates)
    again = explain(found, opened=opened, canary=QUIET, replicates=replicates)

    assert again == told
    assert len(world.executor.jobs) == trained


# ---------------------------------------------------------------- rows in time order


def test_rows_in_time_order_are_compared_with_the_newer_ones_alone():
    plan = a_plan(data=DataSpec(source="memory", target="y", time="t"))
    world = a_world(Planted(truth=RIGHT), OLD, vault=MemoryVault())
    work = Eras((RIGHT, WRONG), (600, 1800), vault=world.vault)
    world.executor = ShuffledExecutor(work)
    world.sources.columns = {"y": some(600, 1), "t": np.arange(600)}
    capture(plan, world.tools, snapshot=take_snapshot(plan, world.tools).digest)
    world.sources.columns = {"y": some(1800, 2), "t": np.arange(1800)}

    audit = world.audit(plan, seed=1).audit

    assert audit.cause.call is CauseCall.DATA
    assert audit.cause.reference.first_row == 600
    searched = set(partition_of(world.executor.jobs[0].layout, 1800).search)
    for job in explaining(world):
        if job.trial.proposal.fold.part is Part.NOW:
            found = rows_of(partition_of(job.layout, 1800), job.trial.proposal.fold, job.layout)
            assert not searched & set(found.score)
            assert 600 <= found.fit.min() < found.fit.max() < found.score.min()


# ---------------------------------------------------------------- whole audits


def stale_audit(world, *, seed=3):
    return world.audit(a_plan(budget=Budget(trials=6)), seed=seed).audit


def a_world_with_older_rows(lots=None):
    """A world whose production was captured with rows it was right for; it stops before an explaining lot."""

    class Stopping(ShuffledExecutor):
        def run(self, jobs):
            done = len([lot for lot in self.lots if lot[0].trial.proposal.round is Round.EXPLAIN])
            if done == lots and jobs[0].trial.proposal.round is Round.EXPLAIN:
                raise KeyboardInterrupt
            return super().run(jobs)

    work = Eras((RIGHT, WRONG), (400, 400))
    world = a_world(Planted(truth=RIGHT), OLD, executor=Stopping(work), vault=work.vault)
    world.sources.columns = {"y": some(400, 1)}
    capture(a_plan(), world.tools, snapshot=take_snapshot(a_plan(), world.tools).digest)
    world.sources.columns = {"y": some(400, 2)}
    return world


EXPLAINING_LOTS = len(RETRAIN_PASSES) + 2 * len(PASSES)


def test_an_audit_says_why_and_keeps_what_it_takes_to_say_it_again(undisturbed):
    audit = undisturbed

    assert audit.cause.call is CauseCall.DATA
    assert audit.retrain_gain is not None
    assert audit.spent.explain_trials == 1 + 2 * len(RETRAIN_PASSES) + 8 * len(PASSES)
    assert audit.provenance.layout.digest == audit.snapshot.digest
    assert audit.provenance.trainer == a_plan().trainer
    assert audit_from_json(audit_to_json(audit)) == audit


@pytest.fixture(scope="module")
def undisturbed():
    return stale_audit(a_world_with_older_rows())


@pytest.mark.parametrize("lots", range(EXPLAINING_LOTS))
def test_an_audit_that_was_stopped_while_explaining_ends_as_if_it_had_not_been(undisturbed, lots):
    world = a_world_with_older_rows(lots)
    with pytest.raises(KeyboardInterrupt):
        stale_audit(world)

    again = replace(world, executor=ShuffledExecutor(world.executor._work, 1))  # noqa: SLF001
    audit = stale_audit(again)

    assert replace(audit, spent=undisturbed.spent) == undisturbed
    assert len([lot for lot in again.executor.lots if lot[0].trial.proposal.round is Round.EXPLAIN]) == (
        EXPLAINING_LOTS - lots
    )


def test_the_rows_of_an_earlier_audit_stand_in_for_captured_ones():
    work = Eras((RIGHT, WRONG), (400, 400))
    world = a_world(Planted(truth=RIGHT), OLD, executor=ShuffledExecutor(work), vault=work.vault)
    world.sources.columns = {"y": some(400, 1)}
    first = stale_audit(world)
    world.sources.columns = {"y": some(400, 2)}

    second = stale_audit(world)

    assert first.call is not Call.STALE
    assert (first.cause, first.retrain_gain) == (None, None)
    assert second.cause.call is CauseCall.DATA
    assert second.cause.reference.audit_id == first.id
    assert second.canary.call is CanaryCall.SAME
