"""What comes of a search: who leads it, who is to be confirmed, and how much of the space was screened."""

from collections.abc import Collection

from auditor.core.records import Config, FailureKind, History, Round
from auditor.core.strategies.halving import loss_of, scored
from auditor.core.strategies.histories import fidelity_of, first_loss, of_round, ours, ranking, rivals

MISSED = 0.05
"""One minus the assurance with which the space was screened."""

_UNSEEN = (FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.CRASH, FailureKind.ERROR)


def leading(history: History, *, production: Config) -> tuple[Config, ...]:
    """Return the challengers of the coarse rounds, of the strips and of the fine round, best first.

    Those that were trained furthest come first, and among these those that gained most over production in
    their own batch. Ranking them by the mean of their neighbourhood in the space promoted no better in whole
    searches (benchmarks/promotion.py).
    """
    searched = [
        result for phase in (Round.COARSE, Round.GROW, Round.FINE) for result in of_round(phase, history)
    ]
    order = ranking(searched, production=production, first=first_loss(history))
    return tuple(config for _, _, config in order)


def finalists(history: History, count: int, *, production: Config) -> tuple[tuple[Config, float], ...]:
    """Return the challengers to confirm and the gain that the search promises for each, best first.

    Even challengers that lost to production are confirmed, because *fresh* needs evidence too. Only those
    count that were scored on every resplit that production was scored on.

    Returns
    -------
    tuple
        At most ``count`` pairs of a configuration and its gain: the mean over the resplits of
        loss(production) minus loss(configuration). Empty when every challenger failed.
    """
    again = [result for result in of_round(Round.RESPLIT, history) if scored(result)]
    bars = {result.trial.proposal.fold: loss_of(result) for result in ours(again, production)}
    gains: dict[str, list[float]] = {}
    configs: dict[str, Config] = {}
    for result in rivals(again, production):
        fold = result.trial.proposal.fold
        if fold in bars:
            configs.setdefault(result.key, result.config)
            gains.setdefault(result.key, []).append(bars[fold] - loss_of(result))
    whole = [(configs[key], sum(own) / len(own)) for key, own in gains.items() if len(own) == len(bars)]
    return tuple(sorted(whole, key=lambda pair: pair[1], reverse=True)[:count])


def screened(history: History, *, known: Collection[str] = ()) -> float:
    """Return the share of the space that the search screened, with 95 % assurance.

    Any region that is larger would have been hit by one of the n coarse draws, which do not depend on earlier
    results: ``1 - 0.05 ** (1 / n)`` (statistics, section 2). A draw counts when the trainer gave an answer on
    any rung, be it a divergence; not when it only ran out of time or memory.

    Parameters
    ----------
    known
        Keys of configurations that were taken from earlier audits: those were not drawn.
    """
    coarse = of_round(Round.COARSE, history)
    if not coarse:
        return 0.0
    start = min(fidelity_of(result) for result in coarse)
    drawn = {result.key for result in rivals(coarse, history[0].config) if fidelity_of(result) == start}
    told = {result.key for result in coarse if result.failure is None or result.failure.kind not in _UNSEEN}
    seen = len(drawn & told - set(known))
    return 1.0 - MISSED ** (1.0 / seen) if seen else 0.0
