"""Backtests on fakes: no training sees its own date or later, and what was planted is found."""

import functools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from auditor.backtest import BacktestAssignment, run_backtest
from auditor.core.records import (
    Call,
    Capture,
    CapturedSetting,
    DataSpec,
    Failure,
    FailureKind,
    Repeat,
    Result,
)
from auditor.core.splits import rows_of, set_aside
from auditor.errors import AuditorError, DataError, DeclarationError
from tests.fakes import FixedClock, FixedSources, MemoryLedger, MemoryVault, ShuffledExecutor, StoppedExecutor
from tests.planted import CODE, MACHINE, RATE, World, a_plan

DAY = timedelta(days=1)
BEGIN = np.datetime64("2025-01-01", "us")
DAYS, ROWS = 160, 3200
NEVER = 10 * DAYS
PLAN = a_plan(
    data=DataSpec(source="memory", target="y", time="at", window=40 * DAY),
    search={"rate": RATE},
)


@functools.lru_cache(maxsize=4096)
def _partition(layout, rows):
    return set_aside(layout, rows=rows)


@dataclass
class Moving:
    """Work in a world whose best rate moves at a day, from 0.01 to 0.3.

    Attributes
    ----------
    seen
        Of every training: the job, the times it was fitted on, the times it was scored on.
    """

    moves: float
    vault: MemoryVault
    failing: bool = False
    seen: list[tuple[Any, Any, Any]] = field(default_factory=list)

    def __call__(self, job):
        if self.failing:
            return Result(trial=job.trial, failure=Failure(FailureKind.ERROR, "no such thing"))
        proposal = job.trial.proposal
        times = self.vault.read(job.layout.digest, ["at"])["at"]
        rows = rows_of(_partition(job.layout, times.size), proposal.fold, job.layout)
        fitted = times[rows.fit] if job.fit_on is None else self.vault.read(job.fit_on.digest, ["at"])["at"]
        self.seen.append((job, fitted, times[rows.score]))
        day = (times[rows.score] - BEGIN) / np.timedelta64(1, "D")
        best = np.where(day < self.moves, -2.0, np.log10(0.3))
        rate = np.log10(proposal.config["rate"])
        luck = np.random.default_rng([job.trial.seed, round(1e6 * proposal.config["rate"])])
        lasting = np.sin(1e6 * day)  # of the row: the same for every configuration
        noise = 0.1 * luck.standard_normal(day.size) + 0.002 * luck.standard_normal()
        losses = 1.0 + 0.05 * (rate - best) ** 2 + 0.3 * lasting + noise
        return Result(trial=job.trial, loss=float(losses.mean()), losses=losses, seconds=0.01)


@dataclass
class Play:
    """A world with a past of its own to replay."""

    moves: float
    rate: float = 0.01
    failing: bool = False
    vault: MemoryVault = field(default_factory=MemoryVault)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)

    def __post_init__(self):
        self.work = Moving(self.moves, self.vault, failing=self.failing)
        rng = np.random.default_rng(5)
        seconds = np.sort(rng.uniform(0, DAYS * 86_400, ROWS))
        at = BEGIN + (seconds * 1e6).astype("timedelta64[us]")
        columns = {"at": at, "y": rng.standard_normal(ROWS)}
        self.world = World(
            executor=ShuffledExecutor(self.work, seed=1),
            ledger=MemoryLedger(),
            sources=FixedSources({"rate": self.rate}, columns, MACHINE, CODE),
            clock=FixedClock(datetime(2026, 3, 15, tzinfo=UTC)),
        )

    def run(self, plan=PLAN, *, executor=None, **options):
        assignment = BacktestAssignment(
            plan=plan, every=options.pop("every", 30 * DAY), command="auditor backtest churn", **options
        )
        present = replace(self.world.tools, executor=executor or self.world.executor)
        return run_backtest(assignment, present, replace(present, ledger=self.ledger, vault=self.vault))


@functools.cache
def moved():
    play = Play(moves=85)
    return play, play.run(every=20 * DAY)


def test_no_training_sees_a_row_of_its_own_date_or_later():
    play, _ = moved()
    windows = {
        summary.snapshot: np.datetime64(summary.started_at.replace(tzinfo=None))
        for summary in play.ledger.summaries()
        if summary.state == "done"
    }
    assert len(windows) == 5

    afterwards = 0
    for job, fitted, scored in play.work.seen:
        date = windows.get(job.layout.digest)
        if date is not None:  # one of an audit: none of its rows is as new as its date
            assert max(fitted.max(), scored.max()) < date
        else:  # one of a policy: fitted on rows of before the date, scored on the period after it
            afterwards += 1
            date = windows[job.fit_on.digest]
            assert fitted.max() < date <= scored.min()
            assert scored.max() < date + np.timedelta64(20, "D")
    assert afterwards >= 2 * len(windows)


def test_audits_after_the_optimum_moved_say_stale_and_following_them_gains():
    _, backtest = moved()
    calls = {replay.date: replay.call for replay in backtest.replays}
    moves = datetime(2025, 1, 1, tzinfo=UTC) + 85 * DAY

    assert Call.STALE not in [call for date, call in calls.items() if date < moves]
    assert Call.STALE in [call for date, call in calls.items() if date > moves]
    assert backtest.followed_gain.low > 0.0
    assert backtest.changes_followed >= 1
    assert backtest.replays[-1].followed_gain.low > 0.0
    assert backtest.replays[-1].followed["rate"] == pytest.approx(0.3, rel=1.0)
    assert backtest.production == {"rate": 0.01}


def test_where_nothing_moves_following_is_never_re_tuning_and_re_tuning_every_time_gains_nothing():
    backtest = Play(moves=NEVER).run()

    assert Call.STALE not in [replay.call for replay in backtest.replays]
    assert (backtest.followed_gain.low, backtest.followed_gain.high) == (0.0, 0.0)
    assert backtest.changes_followed == 0
    assert backtest.retuned_gain.low <= 0.0
    assert "Following the audits would have changed nothing" in backtest.sentence


@pytest.mark.parametrize("lots", [1, 24])
def test_a_replay_that_is_stopped_goes_on_and_ends_with_the_same_findings(lots):
    whole = Play(moves=60).run()
    play = Play(moves=60)

    with pytest.raises(KeyboardInterrupt):
        play.run(executor=StoppedExecutor(ShuffledExecutor(play.work), lots=lots))
    before = len(play.work.seen)
    resumed = play.run()

    assert resumed == whole
    assert before > 0
    again = len(play.work.seen)
    assert play.run() == whole
    assert len(play.work.seen) == again  # nothing was trained twice


def test_real_audits_are_left_alone():
    play = Play(moves=NEVER)
    backtest = play.run()

    assert play.world.ledger.summaries() == ()
    assert play.world.publisher.pages == []
    assert any("not on record" in note for note in backtest.notes)


def test_what_was_captured_before_the_first_date_is_what_ran_then():
    play = Play(moves=NEVER, rate=0.5)
    setting = CapturedSetting(name="rate", raw="0.01", value=0.01, origin="memory")
    then = datetime(2025, 1, 20, tzinfo=UTC)
    captured = Capture(model="churn", settings=(setting,), environment=MACHINE, code=CODE, captured_at=then)
    play.world.ledger.add_capture(captured)

    backtest = play.run()

    assert backtest.production == {"rate": 0.01}
    assert not any("not on record" in note for note in backtest.notes)


def test_one_model_of_a_fleet_is_replayed_by_itself():
    plan = replace(PLAN, policy=replace(PLAN.policy, repeat=Repeat.FLEET))

    assert Play(moves=NEVER).run(plan).policy.repeat is Repeat.FLEET


def test_a_period_with_too_few_rows_is_not_scored_and_says_so():
    play = Play(moves=NEVER)
    at = play.world.sources.columns["at"]
    kept = (at < BEGIN + np.timedelta64(100, "D")) | (at > BEGIN + np.timedelta64(129, "D"))
    play.world.sources.columns = {name: column[kept] for name, column in play.world.sources.columns.items()}

    notes = [replay.note for replay in play.run(every=20 * DAY).replays]

    assert any("cannot be scored" in note or "rows came later" in note for note in notes)


def test_without_a_time_column_there_is_nothing_to_replay():
    with pytest.raises(DeclarationError, match=r"data\.time  a backtest needs to know when"):
        Play(moves=NEVER).run(replace(PLAN, data=replace(PLAN.data, time=None)))


def test_a_column_of_numbers_is_no_time_to_replay():
    play = Play(moves=NEVER)
    play.world.sources.columns = {"at": np.arange(100), "y": np.arange(100.0)}

    with pytest.raises(DataError, match="needs dates, and column 'at'"):
        play.run()


def test_too_little_history_says_how_much_is_needed():
    with pytest.raises(DataError, match="160 days, and 240 days are needed"):
        Play(moves=NEVER).run(every=100 * DAY)


def test_a_trainer_that_always_fails_is_an_error_and_no_page():
    with pytest.raises(AuditorError, match="no audit could be carried out at any date"):
        Play(moves=NEVER, failing=True).run()
