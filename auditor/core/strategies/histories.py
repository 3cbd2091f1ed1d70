"""Reading a search's history: which results belong together, and which of them are production's."""

from collections.abc import Iterable, Sequence

from auditor.core.records import Config, History, Result, Round, config_key
from auditor.core.strategies.halving import loss_of, scored


def of_round(phase: Round, history: Iterable[Result]) -> list[Result]:
    """Return the results of one round."""
    return [result for result in history if result.trial.proposal.round is phase]


def ours(results: Iterable[Result], production: Config) -> list[Result]:
    """Return production's own results."""
    key = config_key(production)
    return [result for result in results if result.key == key]


def rivals(results: Iterable[Result], production: Config) -> list[Result]:
    """Return the results of everything but production."""
    key = config_key(production)
    return [result for result in results if result.key != key]


def fidelity_of(result: Result) -> float:
    """Return the share of a full training that a result had."""
    return result.trial.proposal.fidelity


def batch_of(result: Result) -> tuple[Round, float, int]:
    """Return what results have in common that may be compared with each other."""
    return result.trial.proposal.round, result.trial.proposal.fidelity, result.trial.seed


def ranking(
    results: Sequence[Result], *, production: Config, first: float | None
) -> tuple[tuple[float, float, Config], ...]:
    """Return the challengers among some results, best first, each with its fidelity and its gain.

    Those that were trained furthest come first, and among these those that gained most over production in
    their own batch. Those that failed throughout are left out.

    Parameters
    ----------
    first
        Loss of production's own first training, for batches in which production has no loss.
    """
    bars = {batch_of(result): loss_of(result) for result in ours(results, production) if scored(result)}
    furthest: dict[str, tuple[float, float, Config]] = {}
    for result in filter(scored, rivals(results, production)):
        gain = bars.get(batch_of(result), first or 0.0) - loss_of(result)
        found = (fidelity_of(result), gain, result.config)
        if result.key not in furthest or furthest[result.key][0] < found[0]:
            furthest[result.key] = found
    return tuple(sorted(furthest.values(), key=lambda found: (found[0], found[1]), reverse=True))


def first_loss(history: History) -> float | None:
    """Return the loss of production's own first training."""
    return history[0].loss if history else None
