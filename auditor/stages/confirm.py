"""Confirm: finalists against production, paired, on rows and seeds that the search never saw.

The only stage that can call anything stale. The planned looks and their boundaries are those of
``core/comparison.py`` and ``core/race.py``; here trainings are run until they suffice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.core.comparison import LookPlan, least_variance, look, plan_looks
from auditor.core.race import Race, race
from auditor.core.records import Call, Config, Confirmation, Finalist, Fold, Look, Policy, Round
from auditor.core.variance import Replicate, decorrelation_time, difference
from auditor.errors import DeclarationError, TrainerError
from auditor.replicates import Replicates

_MIN_BLOCK = 2.0
"""Blocks must be at least this many decorrelation times long (statistics, section 2)."""

_UNKNOWN = (
    "one challenger's gain is shown to be below the margin, but another one failed to train while it was "
    "confirmed, so nothing is known of its gain"
)

_Losses = Mapping[Fold, Replicate]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rival:
    config: Config
    promised: float | None
    carried: bool
    live: bool = True
    looks: tuple[Look, ...] = ()
    gains: tuple[Replicate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contest:
    """What does not change from look to look."""

    production: Config
    policy: Policy
    plan: LookPlan
    replicates: Replicates


def confirm(
    finalists: Sequence[tuple[Config, float | None]],
    *,
    production: Config,
    policy: Policy,
    replicates: Replicates,
    to_the_end: bool = False,
    carried: Config | None = None,
) -> Confirmation:
    """Train finalists and production until the evidence suffices, or the planned runs are used up.

    Parameters
    ----------
    finalists
        Configurations, each with the gain that the search promised, or None if it did not try it.
    policy
        A relative margin is that share of production's own loss on the confirming rows, as it is
        estimated at each look: what it asks for was fixed beforehand, what it amounts to is measured.
    to_the_end
        Whether *stale* may be called at the last look only, so that the evidence can add up over audits.
    carried
        The finalist whose seat was its own before the search began, if there is one.

    Raises
    ------
    TrainerError
        If production or every finalist fails to train on the confirming rows.
    DeclarationError
        If the margin is a share of a loss that turns out to be 0.
    """
    plan = plan_looks(policy.confidence, len(finalists), to_the_end=to_the_end)
    contest = _Contest(production=production, policy=policy, plan=plan, replicates=replicates)
    rivals = tuple(
        _Rival(config=config, promised=promised, carried=config == carried) for config, promised in finalists
    )
    for number, passes in enumerate(map(range, plan.passes), start=1):
        live = [rival.config for rival in rivals if rival.live]
        replicates.train([production, *live], passes=passes, purpose=Round.CONFIRM)
        ours = _production_losses(contest, passes=passes)
        margin = _margin(policy, ours)
        rivals = _look_at(rivals, ours, number=number, passes=passes, margin=margin, contest=contest)
        judged = _judge(rivals, margin=margin, contest=contest)
        if judged.call is not None:
            return _record(rivals, judged, ours=ours, margin=margin, contest=contest)
        rivals = tuple(replace(rival, live=alive) for rival, alive in zip(rivals, judged.live, strict=True))
    raise ValueError("the last planned look makes a call")


def _production_losses(contest: _Contest, *, passes: range) -> _Losses:
    ours = contest.replicates.losses(contest.production, passes=passes)
    if len(ours) < 2:
        raise TrainerError(
            "production itself fails to train on the rows set aside to confirm: fewer than two of its "
            f"trainings survived; the first failure: {contest.replicates.first_failure(contest.production)}"
        )
    return ours


def _margin(policy: Policy, ours: _Losses) -> float:
    """Return the margin in units of loss; a share of no loss at all is none."""
    margin = policy.margin.in_loss(_mean(ours))
    if margin <= 0.0:
        raise DeclarationError(
            f"policy.margin  {policy.margin.value * 100:g}% of production's loss on the confirming rows is "
            f"{margin:g}, and a margin must be above 0; give it as a number in units of loss"
        )
    return margin


def _mean(losses: _Losses) -> float:
    return float(np.mean(np.concatenate([replicate.values for replicate in losses.values()])))


def _look_at(
    rivals: Sequence[_Rival],
    ours: _Losses,
    *,
    number: int,
    passes: range,
    margin: float,
    contest: _Contest,
) -> tuple[_Rival, ...]:
    """Return the rivals with one more look each; one that failed where production did not is out."""
    seen: list[_Rival] = []
    for rival in rivals:
        if not rival.live:
            seen.append(rival)
            continue
        theirs = contest.replicates.losses(rival.config, passes=passes)
        if ours.keys() <= theirs.keys():
            gains = tuple(difference(ours[fold], theirs[fold]) for fold in ours)
            least = _least(ours, theirs, margin=margin, contest=contest)
            taken = look(gains, number=number, plan=contest.plan, margin=margin, least=least)
            seen.append(replace(rival, looks=(*rival.looks, taken), gains=gains))
    if not seen:
        raise TrainerError(
            "every challenger fails to train on the rows set aside to confirm; "
            f"the first failure: {contest.replicates.first_failure(*(rival.config for rival in rivals))}"
        )
    return tuple(seen)


def _least(ours: _Losses, theirs: _Losses, *, margin: float, contest: _Contest) -> float:
    """Return what a squared standard error is at least; 0 for a trainer of one number for all rows."""
    losses = [each[fold].values for each in (ours, theirs) for fold in ours]
    if any(values.size < 2 for values in losses):
        return 0.0
    return least_variance(losses, margin=margin, rows=contest.replicates.partition.confirm.size)


def _judge(rivals: Sequence[_Rival], *, margin: float, contest: _Contest) -> Race:
    clusters = int(contest.replicates.partition.clusters.max()) + 1
    return race(
        [rival.looks for rival in rivals],
        plan=contest.plan,
        margin=margin,
        clusters=clusters,
        correlated=_correlated(rivals, clusters=clusters, contest=contest),
    )


def _correlated(rivals: Sequence[_Rival], *, clusters: int, contest: _Contest) -> str | None:
    """Return why blocks of time-ordered rows are too short to count as independent, or None."""
    partition = contest.replicates.partition
    series = [
        np.mean([gain.values for gain in rival.gains], axis=0)
        for rival in rivals
        if rival.live and rival.gains and rival.gains[0].values.size == partition.confirm.size
    ]
    if not partition.ordered or not series:
        return None
    longest = max(decorrelation_time(each) for each in series)
    block = partition.confirm.size / clusters
    if block >= _MIN_BLOCK * longest:
        return None
    needed = int(np.ceil(_MIN_BLOCK * longest * clusters))
    return (
        f"neighbouring rows are so alike (for about {longest:.0f} rows) that blocks of {block:.0f} rows "
        f"cannot count as independent; about {needed} confirming rows would do"
    )


def _record(
    rivals: Sequence[_Rival], judged: Race, *, ours: _Losses, margin: float, contest: _Contest
) -> Confirmation:
    if judged.call is None:
        raise ValueError("a race without a call has not ended")
    rows = contest.replicates.partition.confirm.size
    clusters = int(contest.replicates.partition.clusters.max()) + 1
    more = judged.more_rows
    failed = contest.plan.finalists - len(rivals)
    # Nothing is known of a finalist that failed, so nothing is excluded for it.
    unknown = judged.call is Call.FRESH and failed > 0
    return Confirmation(
        call=Call.UNDECIDED if unknown else judged.call,
        finalists=tuple(
            Finalist(
                config=rival.config,
                search_gain=rival.promised,
                looks=rival.looks,
                excluded=not alive,
                carried=rival.carried,
            )
            for rival, alive in zip(rivals, judged.live, strict=True)
        ),
        winner=judged.winner,
        reason=_UNKNOWN if unknown else judged.reason,
        margin=margin,
        production_loss=_mean(ours),
        p_value=judged.p_value,
        more_replicates=judged.more_replicates,
        more_rows=None if more is None else int(np.ceil(more * rows / clusters)),
        failed=failed,
    )
