"""Interrupted at every point, resumed, and the same in the end: the whole walk on planted losses."""

from dataclasses import dataclass, replace

import pytest

from auditor.core.records import Audit, Budget, Call
from auditor.errors import StorageError
from tests.fakes import BreakingLedger, ShuffledExecutor, StoppedExecutor
from tests.planted import Planted, a_plan, a_world, bowl

OLD = {"rate": 1e-3, "share": 0.5}
MOVED = Planted(truth=bowl(rate=0.1, share=0.5), noise=0.05)
SMALL = a_plan(budget=Budget(trials=6))


def same_but_for_times(audit):
    return replace(audit, spent=replace(audit.spent, wall_seconds=None))


@dataclass(frozen=True)
class Undisturbed:
    """How the small audit ends when nothing stops it, and in how many lots."""

    audit: Audit
    lots: int


@pytest.fixture(scope="module")
def undisturbed():
    world = a_world(MOVED, OLD)
    audit = world.audit(SMALL).audit
    assert audit.call is Call.STALE
    return Undisturbed(same_but_for_times(audit), len(world.executor.lots))


def resumed(world):
    """Go on with an audit that was interrupted, in another process so to speak."""
    again = replace(world, executor=ShuffledExecutor(MOVED, 0))
    return again.audit(SMALL).audit, again


@pytest.mark.slow
def test_an_audit_stopped_in_any_lot_ends_as_if_it_had_not_been(undisturbed):
    for lots in range(undisturbed.lots):
        world = a_world(MOVED, OLD, executor=StoppedExecutor(ShuffledExecutor(MOVED), lots))
        with pytest.raises(KeyboardInterrupt):
            world.audit(SMALL)

        audit, again = resumed(world)

        assert audit == undisturbed.audit, f"stopped after {lots} lots"
        assert len(again.executor.lots) == undisturbed.lots - lots
        assert len(again.vault.digests) == 1


@pytest.mark.slow
def test_an_audit_whose_ledger_breaks_at_any_write_goes_on_when_it_is_mended(undisturbed):
    for writes in range(undisturbed.lots + 1):
        world = a_world(MOVED, OLD, ledger=BreakingLedger(writes, after=False))
        with pytest.raises(StorageError):
            world.audit(SMALL)
        assert world.publisher.pages == []

        audit, _ = resumed(world)

        assert audit == undisturbed.audit, f"broken after {writes} writes"


@pytest.mark.slow
def test_an_audit_stopped_right_after_a_write_repeats_none_of_it(undisturbed):
    for writes in (0, undisturbed.lots // 2, undisturbed.lots - 1):
        world = a_world(MOVED, OLD, ledger=BreakingLedger(writes, after=True))
        with pytest.raises(KeyboardInterrupt):
            world.audit(SMALL)

        audit, again = resumed(world)

        assert audit == undisturbed.audit, f"stopped after {writes} writes"
        assert len(again.executor.lots) == undisturbed.lots - writes - 1
