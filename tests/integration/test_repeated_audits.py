"""One model, audited again and again: what adds up, what does not, and when the next audit is due."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from auditor.core.records import (
    Budget,
    Call,
    DataSpec,
    Margin,
    Policy,
    Repeat,
    Result,
    When,
    config_key,
)
from auditor.core.splits import rows_of, set_aside
from auditor.errors import TrainerError
from tests.fakes import ShuffledExecutor
from tests.planted import Planted, World, a_plan, a_world, bowl

OLD = {"rate": 1e-3, "share": 0.5}
GONE = Planted(truth=bowl(rate=0.1, share=0.5), noise=0.3)
HOLDS = Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.03)
MONTH = timedelta(days=30)

POLICY = Policy(metric="squared_error", margin=Margin(0.01, relative=True))
ORDERED = DataSpec(source="memory", target="y", time="at")
UNORDERED = DataSpec(source="memory", target="y")


def a_schedule(**changes):
    return a_plan(
        **{
            "budget": Budget(trials=6),
            "policy": POLICY,
            "data": UNORDERED,
            "when": When(every=MONTH),
            **changes,
        }
    )


@dataclass
class Year:
    """A model whose rows move on between its audits."""

    world: World
    work: Planted
    plan: object
    first_row: int = 0
    times: str = "datetime64[m]"
    more: Callable[[np.ndarray], Mapping[str, np.ndarray]] = lambda numbers: {}

    def audit(self, *, new=0, seed=None, draw=None):
        """Let so many new rows come and as many old ones go, and audit a month later."""
        self.first_row += new
        numbers = self.first_row + np.arange(self.work.rows)
        minutes = numbers.astype(self.times) if self.times != "int" else numbers
        self.world.sources.columns = {"x": numbers, "at": minutes, "y": 0.5 * numbers, **self.more(numbers)}
        if draw is not None:
            self.world.executor = ShuffledExecutor(replace(self.work, draw=draw))
        self.world.clock.advance(MONTH)
        return self.world.audit(self.plan, seed=seed).audit


def a_year(work=GONE, settings=OLD, *, times="datetime64[m]", **changes):
    return Year(a_world(work, settings), work, a_schedule(**changes), times=times)


# ---------------------------------------------------------------- the first audit


@pytest.mark.parametrize("repeat", list(Repeat))
def test_the_first_audit_of_a_model_is_the_same_under_every_policy(repeat):
    policy = replace(POLICY, repeat=repeat)
    audit, alone = (a_year(policy=each).audit() for each in (policy, replace(POLICY, repeat=Repeat.ALONE)))

    assert audit.confirmation == alone.confirmation
    assert (audit.repeated.number, audit.repeated.to_the_end) == (1, False)
    assert audit.repeated.policy is repeat


def test_the_first_audit_counts_with_all_of_its_rows():
    audit = a_year().audit()

    assert audit.repeated.counted
    assert audit.repeated.new_rows == audit.confirm_rows
    assert audit.repeated.p_value == audit.confirmation.p_value


# ---------------------------------------------------------------- later audits


@pytest.mark.parametrize("data", [ORDERED, UNORDERED], ids=["ordered", "unordered"])
def test_evidence_adds_up_over_audits_of_new_rows_until_the_alarm(data):
    year = a_year(data=data)

    audits = [year.audit(new=year.work.rows, draw=number) for number in range(3)]

    assert [audit.repeated.counted for audit in audits] == [True] * 3
    assert [audit.repeated.audits for audit in audits] == [1, 2, 3]
    assert [audit.repeated.new_rows for audit in audits] == [audit.confirm_rows for audit in audits]
    for before, after in pairwise(audits):
        expected = min(1e12, max(1.0, before.repeated.detector) * after.repeated.e_value)
        assert after.repeated.detector == pytest.approx(expected)
    assert audits[-1].repeated.alarm
    assert audits[-1].repeated.sentence.startswith("Alarm. Evidence over 3 audits of these settings: ")


def test_later_audits_call_stale_at_the_last_look_only():
    year = a_year(work=replace(GONE, noise=0.05))

    first, second = (year.audit(new=400, draw=number) for number in range(2))

    assert first.call is second.call is Call.STALE
    looks = [audit.confirmation.finalists[audit.confirmation.winner].looks for audit in (first, second)]
    assert [len(seen) for seen in looks] == [1, 3]
    assert second.repeated.to_the_end
    assert second.repeated.p_value < 1e-6


def test_later_audits_still_stop_early_for_fresh():
    year = a_year(work=HOLDS)

    _, second = (year.audit(new=400, draw=number) for number in range(2))

    assert second.call is Call.FRESH
    assert max(len(finalist.looks) for finalist in second.confirmation.finalists) < 3
    assert (second.repeated.p_value, second.repeated.e_value, second.repeated.detector) == (1.0, 0.0, 0.0)


def test_audits_that_stand_alone_stop_early_however_many_there_were():
    year = a_year(work=replace(GONE, noise=0.05), policy=replace(POLICY, repeat=Repeat.ALONE))

    _, second = (year.audit(new=400, draw=number) for number in range(2))

    assert len(second.confirmation.finalists[second.confirmation.winner].looks) == 1
    assert (second.repeated.counted, second.repeated.alarm) == (False, True)


# ---------------------------------------------------------------- no row counts twice


@pytest.mark.parametrize("data", [ORDERED, UNORDERED], ids=["ordered", "unordered"])
def test_rows_that_were_looked_at_before_do_not_count_again(data):
    year = a_year(data=data)
    year.audit()

    second = year.audit(new=120 if data is ORDERED else 300)

    assert second.repeated.counted
    assert 100 <= second.repeated.new_rows < second.confirm_rows
    assert second.repeated.new_rows == pytest.approx(120 if data is ORDERED else 150, abs=25)


@pytest.mark.parametrize("data", [ORDERED, UNORDERED], ids=["ordered", "unordered"])
def test_too_few_new_rows_add_nothing(data):
    year = a_year(data=data)
    first = year.audit()

    second = year.audit(new=20)

    assert not second.repeated.counted
    assert second.repeated.detector == first.repeated.detector
    assert second.repeated.audits == 1
    assert second.repeated.reason.startswith(
        f"only {second.repeated.new_rows} of its confirming rows are new"
    )


def test_the_same_rows_with_another_seed_add_nothing():
    year = a_year()
    year.audit(seed=1)

    second = year.audit(seed=2)

    assert second.repeated.reason == "its rows are those of audit 1"
    assert second.repeated.new_rows == 0


def test_an_audit_that_is_done_over_says_the_same_and_adds_nothing():
    year = a_year(data=ORDERED)
    year.audit(seed=1)
    second = year.audit(new=400, seed=2, draw=1)

    again = year.audit(seed=2)

    assert again.confirmation == second.confirmation
    assert again.repeated.to_the_end is second.repeated.to_the_end is True
    assert again.repeated.reason == "it does audit 2 over, on the same rows"
    assert again.repeated.audits == 1
    third = year.audit(new=400, draw=2)
    assert (third.repeated.number, third.repeated.audits) == (3, 3)
    assert third.repeated.detector == pytest.approx(
        max(1.0, second.repeated.detector) * third.repeated.e_value, rel=1e-9
    )


@pytest.mark.parametrize("kept", [True, False])
def test_times_that_are_numbers_are_told_by_the_rows_of_earlier_audits(kept):
    year = a_year(data=ORDERED, times="int")
    year.audit()
    if not kept:
        year.world.vault.forget(year.world.vault.digests[0])

    second = year.audit(new=150)

    assert second.repeated.counted is kept
    assert second.repeated.new_rows == (150 if kept else 0)
    if not kept:
        assert second.repeated.reason.startswith("the rows of earlier audits are no longer kept")


def test_a_time_column_that_was_declared_later_tells_new_rows_from_old_ones():
    year = a_year(data=UNORDERED)
    year.audit()
    year.plan = replace(year.plan, data=ORDERED)

    assert year.audit(new=150).repeated.new_rows == 150


def test_rows_without_an_order_that_are_all_alike_add_nothing():
    year = a_year()
    year.audit()
    year.world.sources.columns = {"x": np.arange(400) % 7, "y": np.arange(400.0)}

    second = year.world.audit(year.plan).audit

    assert second.repeated.reason.startswith("its rows have no order and many are alike")


def test_rows_that_are_gone_from_the_vault_cannot_be_told_from_new_ones():
    year = a_year()
    year.audit()
    year.world.vault.forget(year.world.vault.digests[0])

    second = year.audit(new=400)

    assert second.repeated.reason.startswith("the rows of audit 1 are no longer kept")


def test_a_label_that_was_corrected_does_not_make_a_new_row():
    year = a_year()
    year.audit()
    year.world.sources.columns = {**year.world.sources.columns, "y": np.arange(400.0) + 1.0}

    second = year.world.audit(year.plan).audit

    assert second.repeated.new_rows == 0


def test_a_whole_number_that_is_now_kept_as_a_float_does_not_make_a_new_row():
    year = a_year()
    year.audit()
    columns = year.world.sources.columns
    year.world.sources.columns = {**columns, "x": columns["x"].astype(float)}

    assert year.world.audit(year.plan).audit.repeated.new_rows == 0


@dataclass(frozen=True, kw_only=True)
class Faithful(Planted):
    """Work on the rows that the world really sets aside, by their classes and groups."""

    columns: Callable[[], Mapping[str, np.ndarray]]
    slow: bool = False

    def __call__(self, job):
        columns, layout, trial = self.columns(), job.layout, job.trial
        groups = None if layout.group is None else columns[layout.group]
        partition = set_aside(layout, rows=self.rows, target=columns[layout.target], groups=groups)
        scored = rows_of(partition, trial.proposal.fold, layout).score
        luck = np.random.default_rng([trial.seed, zlib.crc32(config_key(trial.proposal.config).encode())])
        wave = np.sin(scored / 60.0 + luck.random()) if self.slow else luck.standard_normal(scored.size)
        losses = 1.0 + self.truth(trial.proposal.config) + self.noise * wave
        return Result(trial=trial, loss=float(losses.mean()), losses=losses, seconds=0.01)


def a_faithful_year(*, columns=lambda numbers: {}, slow=False, rows=1200, **changes):
    """A year whose rows have more columns, made from their numbers."""
    year = a_year(**changes)

    year.work = Faithful(
        truth=GONE.truth, noise=0.3, rows=rows, columns=lambda: year.world.sources.columns, slow=slow
    )
    year.world.executor, year.more = ShuffledExecutor(year.work), columns
    return year


def groups_of(size):
    return lambda numbers: {"who": numbers // size}


@pytest.mark.parametrize(
    ("size", "new", "counted"), [(4, 600, True), (20, 400, False)], ids=["many groups", "few groups"]
)
def test_rows_of_a_group_that_was_looked_at_before_are_not_new(size, new, counted):
    year = a_faithful_year(columns=groups_of(size), data=replace(UNORDERED, group="who"))
    year.audit()

    second = year.audit(new=new)

    assert second.repeated.counted is counted
    assert second.repeated.new_rows == pytest.approx(new / 2, abs=5 * size)
    if not counted:
        assert "of its confirming groups are new, and 20 are needed" in second.repeated.reason


@pytest.mark.parametrize(("new", "counted"), [(1200, True), (600, False)])
def test_a_metric_that_no_row_has_by_itself_counts_with_all_rows_or_none(new, counted):
    year = a_faithful_year(
        columns=lambda numbers: {"y": numbers % 2},
        policy=replace(POLICY, metric="auc"),
    )
    year.world.facts = replace(year.world.facts, classifier=True)
    year.audit()

    second = year.audit(new=new)

    assert second.repeated.counted is counted
    if not counted:
        assert second.repeated.reason.endswith("and 1 - AUC cannot be told for the others alone")


def test_new_rows_that_follow_each_other_too_closely_add_nothing():
    year = a_faithful_year(data=ORDERED, slow=True)

    audit = year.audit()

    assert not audit.repeated.counted
    assert audit.repeated.reason.startswith("its new rows are so alike")
    assert audit.repeated.detector == 1.0


# ---------------------------------------------------------------- re-tuned, resumed, failed


def test_evidence_begins_anew_when_production_is_re_tuned():
    year = a_year(data=ORDERED)
    year.audit()
    year.world.sources.settings = {**OLD, "share": 0.6}

    second = year.audit(new=400, draw=1)

    assert second.repeated.audits == 1
    assert second.repeated.detector == second.repeated.e_value
    assert second.repeated.to_the_end


def test_evidence_by_another_metric_is_not_added():
    year = a_year(data=ORDERED)
    year.audit()
    year.plan = replace(year.plan, policy=replace(POLICY, metric="absolute_error"))

    assert year.audit(new=400, draw=1).repeated.audits == 1


def test_a_later_audit_that_was_stopped_goes_on_as_it_began():
    def second_audit(*, stopped):
        year = a_year(data=ORDERED)
        year.audit()
        if stopped:
            inner, runs = year.world.executor, iter(range(7))

            class Stopping(ShuffledExecutor):
                def run(self, jobs):
                    if next(runs, None) is None:
                        raise KeyboardInterrupt
                    return inner.run(jobs)

            year.world.executor = Stopping(year.work)
            with pytest.raises(KeyboardInterrupt):
                year.audit(new=400)
            year.world.executor = inner
            return year.audit()
        return year.audit(new=400)

    assert second_audit(stopped=True).repeated == second_audit(stopped=False).repeated


def test_a_failed_audit_adds_nothing_and_takes_nothing():
    year = a_year(data=ORDERED)
    first = year.audit()
    year.world.executor = ShuffledExecutor(replace(year.work, truth=lambda config: float("nan")))
    with pytest.raises(TrainerError):
        year.audit(new=200)
    failed = year.world.publisher.pages[-1]

    year.world.executor = ShuffledExecutor(year.work)
    third = year.audit(new=200)

    assert failed.repeated is None
    assert third.repeated.audits == 2
    assert third.repeated.number == 2
    assert third.repeated.detector == pytest.approx(
        max(1.0, first.repeated.detector) * third.repeated.e_value, rel=1e-9
    )


# ---------------------------------------------------------------- many models


def test_models_of_one_cycle_are_weighed_together():
    policy = replace(POLICY, repeat=Repeat.FLEET)
    year = a_year(policy=policy)
    for name in ("a", "b"):
        year.plan = a_schedule(policy=policy, model=name)
        audit = year.audit(new=400)
        year.world.clock.advance(-MONTH)

    assert audit.repeated.models == 2
    assert audit.repeated.detector is None

    year.world.clock.advance(4 * MONTH)
    year.plan = a_schedule(policy=policy, model="c")
    assert year.audit(new=400).repeated.models == 1


def test_what_other_models_end_while_an_audit_is_interrupted_changes_nothing():
    policy = replace(POLICY, repeat=Repeat.FLEET)

    def weighed(*, meanwhile):
        year = a_year(policy=policy)
        mine, other = year.plan, a_schedule(policy=policy, model="other")
        inner, runs = year.world.executor, iter(range(7))

        class Stopping(ShuffledExecutor):
            def run(self, jobs):
                if next(runs, None) is None:
                    raise KeyboardInterrupt
                return inner.run(jobs)

        year.world.executor = Stopping(year.work)
        with pytest.raises(KeyboardInterrupt):
            year.audit()
        year.world.executor = inner
        if meanwhile:
            year.plan = other
            year.audit(seed=9)
            year.world.clock.advance(-MONTH)
        year.plan = mine
        return year.audit().repeated

    assert weighed(meanwhile=True) == weighed(meanwhile=False)


# ---------------------------------------------------------------- when next


AUTO = When(auto=True, stale_cost=2.0)


def test_the_next_audit_follows_from_what_earlier_ones_found():
    year = a_year(work=HOLDS, when=AUTO)

    dues = [year.audit(new=400, draw=number).next_audit for number in range(4)]

    assert [due.times_stale for due in dues] == [0] * 4
    assert [due.months for due in dues] == pytest.approx([0.0, 0.99, 1.97, 2.96], abs=0.01)
    assert [due.interval_days for due in dues] == sorted(due.interval_days for due in dues)
    assert "about every 6 months is assumed" in dues[0].reason
    assert dues[3].reason.startswith("never stale in 3 months of watching, and once in 6 months assumed")
    assert dues[0].due == year.world.clock.now() - 3 * MONTH + timedelta(days=dues[0].interval_days)


def test_a_model_that_goes_stale_is_looked_at_sooner():
    year = a_year(work=HOLDS, when=AUTO)
    calm = year.audit(new=400)
    year.work = replace(GONE, noise=0.05)
    stale = year.audit(new=400, draw=1)

    assert stale.call is Call.STALE
    assert stale.next_audit.times_stale == 1
    assert stale.next_audit.reason.startswith("stale once in")
    assert stale.next_audit.interval_days < calm.next_audit.interval_days


def test_nothing_is_due_before_enough_new_rows_have_come():
    year = a_year(when=AUTO, data=ORDERED, times="datetime64[D]")

    audit = year.audit()

    assert audit.next_audit.limit == "labels"
    assert audit.next_audit.interval_days == pytest.approx(audit.confirm_rows, abs=1.0)  # a row a day
    assert audit.next_audit.reason.endswith("days, because fewer new rows would not decide")


def test_looking_at_the_same_rows_again_later_is_not_watching():
    year = a_year(work=HOLDS, when=AUTO)
    year.audit()
    year.audit(new=400)

    assert year.audit().next_audit.months == pytest.approx(0.99, abs=0.01)


def test_production_that_was_captured_again_unchanged_is_watched_since_the_first_capture():
    year = a_year(work=HOLDS, when=AUTO)
    year.audit()
    year.world.ledger.add_capture(year.world.ledger.captures("churn")[0])

    assert year.audit(new=400).next_audit.months == pytest.approx(0.99, abs=0.01)


def test_a_failed_audit_is_due_again_at_the_pace_known_so_far():
    year = a_year(work=HOLDS, when=AUTO)
    year.audit()
    year.audit(new=400)
    year.world.executor = ShuffledExecutor(replace(year.work, truth=lambda config: float("nan")))
    with pytest.raises(TrainerError):
        year.audit(new=400)

    assert year.world.publisher.pages[-1].next_audit.months == pytest.approx(0.99, abs=0.01)


def test_a_schedule_with_a_span_keeps_to_it():
    assert a_year().audit().next_audit.hazard is None
