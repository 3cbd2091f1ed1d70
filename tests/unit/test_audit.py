"""The whole walk, on planted truths, without training anything."""

import functools
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import (
    Audit,
    Budget,
    Call,
    DimensionSpec,
    Failure,
    FailureKind,
    Layout,
    Margin,
    Part,
    Policy,
    Round,
    TrainerFacts,
)
from auditor.core.splits import set_aside
from auditor.core.strategies.halving import Ladder
from auditor.core.strategies.ladders import ladder_for, thinned
from auditor.errors import (
    AuditorError,
    DataError,
    DeclarationError,
    SnapshotError,
    StorageError,
    TrainerError,
)
from tests.fakes import BreakingLedger, ShuffledExecutor, StoppedExecutor
from tests.planted import RATE, SHARE, Planted, a_plan, a_world, bowl, partition_of

OLD = {"rate": 1e-3, "share": 0.5}
MOVED = Planted(truth=bowl(rate=0.1, share=0.5), noise=0.05)
UNMOVED = Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.03)
DROWNED = replace(MOVED, noise=3.0)

SMALL = a_plan(budget=Budget(trials=6))
OFF_ON = DimensionSpec(choices=("off", "on"))


@functools.cache
def straight(work, *, narrow=False):
    """Return an audit that nobody interrupts, the same one for every test."""
    return a_world(work, OLD).audit(NARROW if narrow else None, seed=1)


def calls(audit):
    return {finding.name: finding.call for finding in audit.settings}


def recommended(audit):
    return {finding.name: finding.recommended for finding in audit.settings}


def same_but_for_times(audit):
    return replace(audit, spent=replace(audit.spent, wall_seconds=None))


# ---------------------------------------------------------------- planted truths


@pytest.mark.parametrize("seed", range(3))
def test_a_moved_optimum_is_stale_and_the_setting_that_moved_is_named(seed):
    audit = a_world(MOVED, OLD).audit(seed=seed).audit

    assert audit.call is Call.STALE
    assert calls(audit)["rate"] is Call.STALE
    assert calls(audit)["share"] is not Call.STALE
    assert 0.02 < recommended(audit)["rate"] < 0.5
    assert audit.gain.low > 0.0


@pytest.mark.parametrize("seed", range(3))
def test_an_optimum_that_stayed_is_fresh(seed):
    audit = a_world(UNMOVED, OLD).audit(seed=seed).audit

    assert audit.call is Call.FRESH
    assert set(calls(audit).values()) == {Call.FRESH}
    assert recommended(audit) == OLD
    assert audit.headline == "All 2 settings hold"


@pytest.mark.parametrize("seed", range(3))
def test_a_drowned_optimum_is_undecided_and_never_fine(seed):
    audit = a_world(DROWNED, OLD).audit(seed=seed).audit

    assert audit.call is Call.UNDECIDED
    assert set(calls(audit).values()) == {Call.UNDECIDED}
    assert recommended(audit) == OLD
    assert audit.headline.startswith("Cannot tell")


def test_settings_that_only_help_together_are_named_as_a_group():
    work = replace(MOVED, truth=lambda config: -0.2 * (config["a"] == config["b"] == "on"))
    plan = a_plan(search={"a": OFF_ON, "b": OFF_ON})

    audit = a_world(work, {"a": "off", "b": "off"}).audit(plan).audit

    assert audit.groups == (("a", "b"),)
    assert calls(audit) == {"a": Call.STALE, "b": Call.STALE}
    assert recommended(audit) == {"a": "on", "b": "on"}
    assert audit.settings[0].sentence == "worth changing only together with b"


def test_settings_that_help_in_each_other_s_place_are_named_as_either_of():
    # "on" in both is a hair better, so that it is what the search finds and attribution takes apart.
    work = replace(
        MOVED,
        noise=0.01,
        truth=lambda config: -0.2 * ("on" in config.values()) - 0.01 * (list(config.values()) == ["on"] * 2),
    )
    plan = a_plan(search={"a": OFF_ON, "b": OFF_ON})

    audit = a_world(work, {"a": "off", "b": "off"}).audit(plan).audit

    assert audit.either_of == (("a", "b"),)
    assert set(calls(audit).values()) == {Call.STALE}
    assert sorted(recommended(audit).values()) == ["off", "on"]


def test_a_conditional_setting_moves_with_the_one_it_depends_on():
    work = replace(MOVED, truth=lambda config: -0.2 * (config["kernel"] == "rbf"))
    plan = a_plan(
        search={
            "kernel": DimensionSpec(choices=("linear", "rbf")),
            "gamma": replace(RATE, only_if={"kernel": ("rbf",)}),
            "share": replace(RATE, low=0.1),
        }
    )

    world = a_world(work, {"kernel": "linear", "share": 0.5})
    audit = world.audit(plan).audit

    assert all(
        ("gamma" in job.trial.proposal.config) == (job.trial.proposal.config["kernel"] == "rbf")
        for job in world.executor.jobs
    )
    assert calls(audit)["kernel"] is calls(audit)["gamma"] is Call.STALE
    assert recommended(audit)["kernel"] == "rbf"
    assert recommended(audit)["gamma"] is not None
    assert {finding.production for finding in audit.settings if finding.name == "gamma"} == {None}


def test_the_smallest_change_is_recommended_and_keeps_nine_tenths():
    work = replace(
        MOVED,
        noise=0.01,
        truth=lambda config: -0.2 * (config["a"] == "on") - 0.012 * (config["b"] == "on"),
    )
    plan = a_plan(
        search={"a": OFF_ON, "b": OFF_ON},
        policy=Policy(metric="squared_error", margin=Margin(0.05, relative=False)),
    )

    audit = a_world(work, {"a": "off", "b": "off"}).audit(plan).audit

    assert recommended(audit) == {"a": "on", "b": "off"}
    assert calls(audit) == {"a": Call.STALE, "b": Call.FRESH}
    assert "; changing only a from off to on keeps about 95 % (" in audit.sentence
    assert audit.change.settings == ("a",)
    assert audit.change.kept.low < 0.94 < audit.change.kept.high


def test_a_stale_setting_comes_with_the_range_that_is_as_good():
    audit = a_world(MOVED, OLD).audit(seed=2).audit

    rate = next(finding for finding in audit.settings if finding.name == "rate")
    low, high = rate.range
    assert OLD["rate"] < low <= rate.recommended <= high
    assert audit.spent.scan_trials in range(12, 25)


def test_settings_that_are_not_searched_are_held():
    world = a_world(MOVED, {**OLD, "depth": 3})

    audit = world.audit().audit

    assert {job.trial.proposal.config["depth"] for job in world.executor.jobs} == {3}
    assert "depth" not in calls(audit)


@pytest.mark.parametrize(
    ("curve", "ladder"),
    [
        (None, Ladder()),
        ("epochs", Ladder((1 / 9, 1 / 3, 1.0))),
        ("fidelity", Ladder((1 / 9, 1 / 3, 1.0))),
        ("warm", Ladder((1 / 9, 1.0), close=True)),
        ("staged", Ladder((1 / 3, 1.0))),
        ("rounds", Ladder((1 / 3, 1.0))),
    ],
)
def test_boosting_is_not_judged_before_a_third_of_its_rounds(curve, ladder):
    facts = TrainerFacts(classifier=True, curve=curve, defaults={})
    layout = Layout(digest="d", target="y", seed=1)

    assert ladder_for(facts, layout, set_aside(layout, rows=2000)) == ladder


@pytest.mark.parametrize(("positives", "cut_once"), [(0.5, True), (0.3, True), (0.1, False), (0.001, False)])
def test_forests_are_not_judged_by_a_ninth_of_their_trees_where_a_class_is_rare(positives, cut_once):
    facts = TrainerFacts(classifier=True, curve="warm", defaults={})
    layout = Layout(digest="d", target="y", seed=1, classes=True)
    target = np.random.default_rng(1).random(4000) < positives

    ladder = ladder_for(facts, layout, set_aside(layout, rows=4000, target=target))

    assert ladder == (Ladder((1 / 9, 1.0), close=True) if cut_once else Ladder((1 / 9, 1 / 3, 1.0)))


@pytest.mark.parametrize(
    ("thins", "rows", "groups", "wanted"),
    [
        (1 / 9, 4300, None, True),
        (1 / 9, 4200, None, False),
        (1.0, 10_000, None, False),
        (1 / 9, 10_000, 1000, True),
        (1 / 9, 10_000, 4, False),
        (1 / 9, 10_000, 50, False),  # of 2 or so groups, as many rows as of any
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_rows_are_thinned_for_trainers_that_gain_by_it_and_only_where_there_are_many(
    thins, rows, groups, wanted, seed
):
    facts = TrainerFacts(classifier=True, curve=None, defaults={}, thins=thins)
    layout = Layout(digest="d", target="y", seed=seed, group=None if groups is None else "shop")
    shops = None if groups is None else np.arange(rows) % groups
    partition = set_aside(layout, rows=rows, groups=shops)

    layout = thinned(layout, facts, partition)

    assert layout.thinned is wanted
    asked = Ladder((1 / 9, 1.0), thinned=True, close=True) if wanted else Ladder()
    assert ladder_for(facts, layout, partition) == asked


@pytest.mark.parametrize("time", [None, "at"])
@pytest.mark.parametrize(("positives", "wanted"), [(0.5, True), (0.35, True), (0.1, False), (0.001, False)])
def test_rows_are_not_thinned_where_a_class_is_rare(positives, wanted, time):
    facts = TrainerFacts(classifier=True, curve=None, defaults={}, thins=1 / 9)
    layout = Layout(digest="d", target="y", seed=1, time=time, classes=True)
    target = np.random.default_rng(1).random(5000) < positives

    assert thinned(layout, facts, set_aside(layout, rows=5000, target=target)).thinned is wanted


@pytest.mark.parametrize("lots", [None, 1, 2, 4])
def test_a_search_on_a_share_of_the_rows_confirms_on_all_interrupted_or_not(lots, monkeypatch):
    monkeypatch.setattr("auditor.core.strategies.ladders.FEWEST_THINNED", 100)
    facts = TrainerFacts(classifier=False, curve=None, defaults={}, thins=1 / 9)
    jobs = []
    work = replace(MOVED, noise=0.01, failing=lambda job: jobs.append(job) or _too_few_rows(job))
    whole = a_world(work, OLD, facts=facts).audit(seed=1).audit
    world = a_world(work, OLD, facts=facts)
    if lots is not None:
        world.executor = StoppedExecutor(ShuffledExecutor(work), lots)
        with pytest.raises(KeyboardInterrupt):
            world.audit(seed=1)
        world.executor = ShuffledExecutor(work, 0)

    audit = world.audit(seed=1).audit

    assert same_but_for_times(audit) == same_but_for_times(whole)
    assert audit.call is Call.STALE
    assert audit.search.rungs == (1 / 9, 1.0)
    assert audit.provenance.layout.thinned
    assert {job.trial.proposal.fidelity for job in jobs} == {1 / 9, 1.0}
    parts = {job.trial.proposal.fold.part for job in jobs if job.trial.proposal.fidelity < 1.0}
    assert parts == {Part.SEARCH}
    # What so few rows refuse is tried on all of them, and is no sign of an edge of stability.
    refused = {trial.id for trial in audit.search.trials if trial.failure}
    again = [trial for trial in audit.search.trials if trial.config["share"] > 0.9 and trial.fidelity == 1.0]
    assert refused
    assert again
    assert all(trial.failure is None for trial in again)


def _too_few_rows(job):
    few = job.trial.proposal.fidelity < 1.0 and job.trial.proposal.config["share"] > 0.9
    return Failure(FailureKind.REJECTED, "more neighbours than rows") if few else None


def test_a_trainer_with_a_learning_curve_is_searched_through_rungs():
    work = replace(MOVED, noise=0.01)
    curved = TrainerFacts(classifier=False, curve="epochs", defaults={})
    world = a_world(work, OLD, facts=curved)

    audit = world.audit().audit

    fidelities = Counter(job.trial.proposal.fidelity for job in world.executor.jobs)
    assert min(fidelities) == pytest.approx(1 / 9)
    assert {job.trial.proposal.fidelity for job in world.executor.jobs[-8:]} == {1.0}
    assert audit.search.rungs == (1 / 9, 1 / 3, 1.0)
    assert audit.call is Call.STALE


BEYOND = Planted(truth=bowl(rate=3.0), noise=0.02)
NARROW = a_plan(search={"rate": replace(RATE, high=0.1), "share": SHARE})


@pytest.mark.parametrize("lots", [None, 2, 3, 4, 8])
def test_a_box_grows_towards_an_optimum_beyond_it_interrupted_or_not(lots):
    stopped = StoppedExecutor(ShuffledExecutor(BEYOND), 99 if lots is None else lots)
    world = a_world(BEYOND, OLD, executor=stopped)
    if lots is not None:
        with pytest.raises(KeyboardInterrupt):
            world.audit(NARROW, seed=1)
        world.executor = ShuffledExecutor(BEYOND, 0)

    audit = world.audit(NARROW, seed=1).audit

    rate = audit.search.space[0]
    assert (rate.declared_low, rate.declared_high) == (1e-4, 0.1)
    assert rate.high > 1.0
    assert audit.call is Call.STALE
    assert 0.1 < recommended(audit)["rate"] <= rate.high
    assert audit.spent.scan_trials > 0
    assert same_but_for_times(audit) == same_but_for_times(straight(BEYOND, narrow=True).audit)


# ---------------------------------------------------------------- what makes it honest


@pytest.mark.parametrize("work", [MOVED, UNMOVED, DROWNED], ids=["moved", "unmoved", "drowned"])
def test_rows_and_seeds_that_the_search_saw_never_confirm(work):
    world = a_world(work, OLD)
    world.audit()

    searching, confirming = _parted(world.executor.jobs)
    rounds = {job.trial.proposal.round for job in confirming}
    assert rounds <= {Round.CONFIRM, Round.ATTRIBUTE, Round.SCAN}
    assert {job.trial.proposal.round for job in searching}.isdisjoint(rounds)
    assert _seeds(searching).isdisjoint(_seeds(confirming))
    partition = partition_of(searching[0].layout)
    assert not set(partition.search) & set(partition.confirm)


def test_a_space_of_two_configurations_shares_no_seed_between_search_and_confirmation():
    # Three trainings are done when the first resplit draws its seed: as short a history as there is.
    world = a_world(replace(MOVED, truth=bowl()), {"a": "off"})
    world.audit(a_plan(search={"a": OFF_ON}))

    searching, confirming = _parted(world.executor.jobs)
    assert [len(lot) for lot in world.executor.lots][:3] == [1, 2, 2]
    assert _seeds(searching).isdisjoint(_seeds(confirming))


def _parted(jobs):
    searching = [job for job in jobs if job.trial.proposal.fold.part is Part.SEARCH]
    return searching, [job for job in jobs if job.trial.proposal.fold.part is Part.CONFIRM]


def _seeds(jobs):
    return {job.trial.seed for job in jobs}


def test_production_is_trained_in_every_lot_that_compares_with_it():
    world = a_world(MOVED, OLD)
    world.audit()

    # Attribution needs it too, but finds it among what was confirmed; a scan compares with the challenger.
    apart = (Round.ATTRIBUTE, Round.SCAN)
    lots = [lot for lot in world.executor.lots if lot[0].trial.proposal.round not in apart]
    assert len(lots) > 8
    assert all(OLD in [job.trial.proposal.config for job in lot] for lot in lots)


def test_trainings_of_a_replicate_share_rows_and_seed():
    world = a_world(MOVED, OLD)
    world.audit()

    _, confirming = _parted(world.executor.jobs)
    seeds = {(job.trial.proposal.fold, job.trial.seed) for job in confirming}
    assert len(seeds) == len({fold for fold, _ in seeds})


@pytest.mark.parametrize("work", [MOVED, DROWNED], ids=["moved", "drowned"])
@pytest.mark.parametrize("order", range(3))
def test_the_order_of_completion_changes_nothing(work, order):
    expected = straight(work)

    shuffled = a_world(work, OLD, executor=ShuffledExecutor(work, order)).audit(seed=1)

    assert shuffled == expected


def test_equal_seeds_give_equal_audits_and_others_do_not():
    one, same, other = (a_world(MOVED, OLD).audit(SMALL, seed=seed).audit for seed in (5, 5, 6))

    assert one == same
    assert one.search.trials != other.search.trials


def test_the_document_survives_its_twin():
    audit = a_world(MOVED, OLD).audit().audit

    assert audit_from_json(audit_to_json(audit)) == audit


def test_an_audit_is_recorded_and_published_with_its_page():
    world = a_world(MOVED, OLD)

    outcome = world.audit(SMALL)

    assert outcome.page == "churn/1.html"
    assert world.publisher.pages == [outcome.audit]
    assert world.ledger.audit(1) == outcome.audit
    assert world.ledger.unfinished("churn") is None


def test_two_audits_split_the_same_rows_differently():
    world = a_world(MOVED, OLD)

    world.audit(SMALL)
    world.audit(SMALL)

    first, second = {job.layout for job in world.executor.jobs}
    assert first.digest == second.digest
    assert {first.seed, second.seed} == {1, 2}


# ---------------------------------------------------------------- failures are results


@pytest.mark.parametrize("kind", FailureKind)
def test_challengers_that_fail_are_results(kind):
    def failing(job):
        hot = job.trial.proposal.config["rate"] > 0.3
        return Failure(kind, "the loss was nan") if hot else None

    audit = a_world(replace(MOVED, failing=failing), OLD).audit(seed=1).audit

    failures = [trial.failure for trial in audit.search.trials if trial.failure]
    assert audit.call is Call.STALE
    assert audit.spent.failed_trials >= len(failures) > 0
    assert {failure.kind for failure in failures} == {kind}
    assert recommended(audit)["rate"] <= 0.3


def failure_of(world, plan=SMALL, error=AuditorError):
    """Carry out an audit that cannot be; return the error and the one audit on record."""
    with pytest.raises(error) as caught:
        world.audit(plan)
    (page,) = world.publisher.pages
    assert world.ledger.audit(page.id) == page
    assert world.ledger.unfinished("churn") is None
    assert [summary.state for summary in world.ledger.summaries()] == ["failed"]
    assert (page.call, page.error) == (None, str(caught.value))
    return str(caught.value), page


def test_production_that_fails_is_a_failed_audit_on_record():
    work = replace(MOVED, failing=lambda job: Failure(FailureKind.TIMEOUT, "took more than 300 s"))

    said, page = failure_of(a_world(work, OLD), error=TrainerError)

    assert said.startswith("production itself does not train (timeout): took more than 300 s; raise")
    assert page.headline == f"The audit failed: {said}"
    assert page.spent.failed_trials == page.spent.search_trials == 1


def test_challengers_that_all_fail_are_a_failed_audit_that_quotes_the_first():
    def failing(job):
        return None if job.trial.proposal.config == OLD else Failure(FailureKind.REJECTED, "no such value")

    said, page = failure_of(a_world(replace(MOVED, failing=failing), OLD), error=TrainerError)

    assert "at least one challenger must train" in said
    assert said.endswith("6 of 9 trials failed; the first failure: no such value")
    assert page.spent.failed_trials == 6


def test_production_that_fails_on_the_confirming_rows_is_a_failed_audit():
    def failing(job):
        proposal = job.trial.proposal
        broken = proposal.config == OLD and proposal.fold.part is Part.CONFIRM
        return Failure(FailureKind.CRASH, "gone") if broken else None

    said, _ = failure_of(a_world(replace(MOVED, failing=failing), OLD), error=TrainerError)

    assert said.startswith("production itself fails to train on the rows set aside to confirm")


def test_a_finalist_that_fails_while_confirming_drops_out():
    best = straight(MOVED).audit.confirmation.finalists[0].config

    def failing(job):
        proposal = job.trial.proposal
        broken = proposal.config == best and proposal.fold.part is Part.CONFIRM
        return Failure(FailureKind.MEMORY, "asked for more than its 4 GB") if broken else None

    audit = a_world(replace(MOVED, failing=failing), OLD).audit(seed=1).audit

    assert audit.call is Call.STALE
    assert best not in [finalist.config for finalist in audit.confirmation.finalists]
    assert len(audit.confirmation.finalists) == 1


def test_too_few_rows_are_a_failed_audit():
    world = a_world(MOVED, OLD)
    world.sources.columns = {"y": np.arange(30)}

    said, page = failure_of(world, error=DataError)

    assert said.startswith("memory: ")
    assert page.snapshot.rows == 30


def test_a_share_of_no_loss_is_no_margin():
    work = replace(MOVED, truth=lambda config: -1.0, noise=0.0)

    class Perfect(ShuffledExecutor):
        def run(self, jobs):
            return (replace(result, loss=0.0) for result in super().run(jobs))

    said, _ = failure_of(a_world(work, OLD, executor=Perfect(work)), error=DeclarationError)

    assert said == (
        "schedules/churn.toml: policy.margin  1% of production's loss is 0, and a margin must be above 0; "
        "give it as a number in units of loss"
    )


def test_a_range_that_does_not_hold_production_is_told_by_the_schedule_s_name():
    world = a_world(MOVED, {**OLD, "rate": 7.0})

    with pytest.raises(DeclarationError, match=r"^schedules/churn\.toml: 1 problem\n  search\.rate"):
        world.audit()

    assert world.publisher.pages == []


# ---------------------------------------------------------------- interrupted and resumed


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


@pytest.mark.parametrize("lots", [1, 4, 9])
def test_an_audit_stopped_in_the_middle_of_a_lot_ends_as_if_it_had_not_been(undisturbed, lots):
    # Every lot and every write in turn: tests/integration/test_resuming.py.
    world = a_world(MOVED, OLD, executor=StoppedExecutor(ShuffledExecutor(MOVED), lots))
    with pytest.raises(KeyboardInterrupt):
        world.audit(SMALL)

    audit, again = resumed(world)

    assert audit == undisturbed.audit
    assert len(again.executor.lots) == undisturbed.lots - lots
    assert len(again.vault.digests) == 1


@pytest.mark.parametrize("writes", [0, 8])
def test_an_audit_whose_ledger_breaks_goes_on_when_it_is_mended(undisturbed, writes):
    world = a_world(MOVED, OLD, ledger=BreakingLedger(writes, after=False))
    with pytest.raises(StorageError):
        world.audit(SMALL)
    assert world.publisher.pages == []

    audit, _ = resumed(world)

    assert audit == undisturbed.audit


def test_an_audit_of_broken_production_that_was_stopped_fails_for_the_same_reason():
    work = replace(MOVED, failing=lambda job: Failure(FailureKind.ERROR, "no such column"))
    world = a_world(work, OLD, ledger=BreakingLedger(0, after=True))
    with pytest.raises(KeyboardInterrupt):
        world.audit(SMALL)

    said, _ = failure_of(world, error=TrainerError)

    assert said == "production itself does not train (error): no such column"


def test_an_audit_goes_on_from_its_own_rows_though_fresher_ones_have_come():
    world = interrupted()
    world.sources.columns = {"y": np.arange(1000)}

    audit = world.audit(SMALL).audit

    assert audit.id == 1
    assert audit.snapshot.rows == 400


def test_an_audit_whose_rows_are_gone_fails_on_record():
    world = interrupted()
    world.vault.forget(world.vault.digests[0])

    failure_of(world, error=SnapshotError)


def interrupted(lots=3, *, seed=None):
    """A world whose first audit was stopped, with an executor that works again."""
    world = a_world(MOVED, OLD, executor=StoppedExecutor(ShuffledExecutor(MOVED), lots))
    with pytest.raises(KeyboardInterrupt):
        world.audit(SMALL, seed=seed)
    world.executor = ShuffledExecutor(MOVED)
    return world


def with_another_schedule(world):
    return replace(SMALL, digest="another"), None


def with_other_code(world):
    world.sources.trainer_code = replace(world.sources.trainer_code, digest="another")
    return SMALL, None


def with_other_production(world):
    world.sources.settings = {**OLD, "share": 0.6}
    return SMALL, None


def with_another_seed(world):
    return SMALL, 77


@pytest.mark.parametrize(
    "change", [with_another_schedule, with_other_code, with_other_production, with_another_seed]
)
def test_what_changed_since_an_audit_began_makes_it_another_audit(change):
    world = interrupted()
    plan, seed = change(world)

    audit = world.audit(plan, seed=seed).audit

    assert audit.id == 2
    assert world.ledger.audit(1) is None
    assert world.ledger.unfinished("churn") is None
    assert [summary.id for summary in world.ledger.summaries()] == [2]
    assert audit.spent.wall_seconds is not None


@pytest.mark.parametrize("seed", [None, 5])
def test_an_audit_is_resumed_with_its_own_seed_asked_for_or_not(seed):
    world = interrupted(seed=5)

    audit = world.audit(SMALL, seed=seed).audit

    assert (audit.id, audit.provenance.seed) == (1, 5)


def test_a_machine_that_changed_does_not_stop_an_audit_from_going_on():
    world = interrupted()
    world.sources.machine = replace(world.sources.machine, cores=64)

    audit = world.audit(SMALL).audit

    assert audit.id == 1
    assert [change.what for change in audit.environment_changes] == ["cores"]
