"""A stored training of production is run again, and a changed outcome is noticed."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from auditor.core.canary import REPLAYS
from auditor.core.records import Budget, Call, CanaryCall, CauseCall, Failure, FailureKind, Part, Round
from tests.fakes import ShuffledExecutor
from tests.planted import Planted, a_plan, a_world, bowl

PRODUCTION = {"rate": 1e-3, "share": 0.5}
WORK = Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.03)
STALE = Planted(truth=bowl(rate=0.1, share=0.5), noise=0.03)
SMALL = a_plan(budget=Budget(trials=6))


@dataclass
class Restless:
    """Work whose losses differ from run to run, whatever the seed."""

    inner: Planted
    shift: float = 0.0
    luck: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def __call__(self, job):
        result = self.inner(job)
        losses = result.losses + self.shift + 0.001 * self.luck.standard_normal()
        return replace(result, losses=losses, loss=float(losses.mean()))


def with_work(world, work):
    """The same world after code or environment changed."""
    return replace(world, executor=ShuffledExecutor(work))


def canaries(world):
    return [job for job in world.executor.jobs if job.trial.proposal.round is Round.CANARY]


def test_the_first_audit_runs_production_s_training_twice_and_keeps_it():
    world = a_world(WORK, PRODUCTION)

    audit = world.audit(SMALL).audit

    (again,) = canaries(world)
    first = world.executor.jobs[0]
    assert (audit.canary.call, audit.canary.deterministic) == (CanaryCall.UNKNOWN, True)
    assert again.trial.seed == first.trial.seed
    assert again.trial.proposal.config == first.trial.proposal.config == PRODUCTION
    assert audit.spent.explain_trials == 1
    assert world.ledger.history(1)[again.trial.id].loss == world.ledger.history(1)[0].loss


def test_an_unchanged_outcome_is_the_same_on_rows_and_seed_of_then():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)
    world.sources.columns = {"y": np.random.default_rng(9).standard_normal(400)}

    audit = world.audit(SMALL).audit

    first, again = world.executor.jobs[0], canaries(world)[-1]
    assert audit.canary.call is CanaryCall.SAME
    assert (audit.canary.audit_id, audit.canary.expected) == (1, audit.canary.found)
    assert (again.layout, again.trial.seed) == (first.layout, first.trial.seed)
    assert again.layout.digest != audit.snapshot.digest
    assert len(canaries(world)) == 2


def test_a_changed_outcome_is_noticed_and_the_audit_goes_on():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)

    changed = with_work(world, replace(WORK, truth=lambda config: WORK.truth(config) + 0.01))
    audit = changed.audit(SMALL).audit

    assert audit.canary.call is CanaryCall.CHANGED
    assert audit.canary.found == pytest.approx(audit.canary.expected + 0.01)
    assert audit.call is Call.FRESH


def test_settings_that_are_stale_after_a_change_of_environment_are_put_down_to_it():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)
    world.sources.machine = replace(world.sources.machine, packages={"numpy": "3.0"})

    audit = with_work(world, STALE).audit(SMALL).audit

    assert audit.call is Call.STALE
    assert audit.cause.call is CauseCall.ENVIRONMENT
    assert audit.cause.sentence.endswith("Since the capture these changed: numpy.")
    assert [change.what for change in audit.environment_changes] == ["numpy"]


def test_a_training_that_luck_moves_is_kept_eight_times_and_its_luck_is_no_change():
    world = a_world(WORK, PRODUCTION, executor=ShuffledExecutor(Restless(WORK)))
    first = world.audit(SMALL).audit
    assert first.canary.deterministic is False
    assert len(canaries(world)) == REPLAYS - 1

    second = world.audit(SMALL).audit

    assert (second.canary.call, second.canary.replays) == (CanaryCall.SAME, REPLAYS)
    assert len(canaries(world)) == REPLAYS


def test_a_shift_beyond_that_luck_is_a_change():
    world = a_world(WORK, PRODUCTION, executor=ShuffledExecutor(Restless(WORK)))
    world.audit(SMALL)

    audit = with_work(world, Restless(WORK, shift=0.05)).audit(SMALL).audit

    assert audit.canary.call is CanaryCall.CHANGED


def test_production_that_changed_begins_anew():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)
    world.sources.settings = {**PRODUCTION, "share": 0.6}

    audit = world.audit(SMALL).audit

    assert audit.canary.call is CanaryCall.UNKNOWN
    assert audit.canary.reason.startswith("This is the first audit of these production settings")


def test_rows_that_are_gone_leave_nothing_to_compare():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)
    world.sources.columns = {"y": np.random.default_rng(9).standard_normal(400)}
    world.vault.forget(world.vault.digests[0])

    audit = world.audit(SMALL).audit

    assert audit.canary.call is CanaryCall.UNKNOWN
    assert audit.canary.reason.startswith("The rows of audit 1 cannot be read")


def test_an_audit_of_before_trainings_were_kept_is_nothing_to_compare_with():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)
    kept = world.ledger.audit(1)
    bare = replace(kept, provenance=replace(kept.provenance, layout=None))

    class Old(type(world.ledger)):
        def audit(self, audit_id):
            return bare

    world.ledger.__class__ = Old
    audit = world.audit(SMALL).audit

    assert audit.canary.reason == "Audit 1 kept no training of production that could be run again."


def test_a_training_that_fails_now_is_another_outcome():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)

    def failing(job):
        again = job.trial.proposal.fold.part is Part.CANARY
        return Failure(FailureKind.REJECTED, "unknown setting 'rate'") if again else None

    audit = with_work(world, replace(WORK, failing=failing)).audit(SMALL).audit

    assert audit.canary.call is CanaryCall.CHANGED
    assert "fails now (rejected: unknown setting 'rate')" in audit.canary.reason


def test_a_stopped_audit_replays_nothing_twice():
    world = a_world(WORK, PRODUCTION)
    world.audit(SMALL)
    expected = world.audit(SMALL, seed=7).audit

    class Stopping(ShuffledExecutor):
        def run(self, jobs):
            if jobs[0].trial.proposal.round is Round.CONFIRM:
                raise KeyboardInterrupt
            return super().run(jobs)

    stopped = replace(world, executor=Stopping(WORK))
    with pytest.raises(KeyboardInterrupt):
        stopped.audit(SMALL, seed=7)
    resumed = replace(world, executor=ShuffledExecutor(WORK))
    audit = resumed.audit(SMALL, seed=7).audit

    assert len(canaries(stopped)) == 1
    assert canaries(resumed) == []
    assert audit.canary == expected.canary
