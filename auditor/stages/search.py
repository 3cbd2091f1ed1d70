"""Search: run the strategy to its end."""

import numpy as np

from auditor.core.records import Config, FailureKind, Fold, History, Part, Proposal, Result, Round
from auditor.core.strategies import Strategy
from auditor.errors import TrainerError
from auditor.runner import Runner

_PROPOSE, _TRAIN = 1, 2
_SEARCHING = (Round.PRODUCTION, Round.COARSE, Round.GROW, Round.FINE, Round.RESPLIT)


def search(strategy: Strategy, *, runner: Runner, seed: int) -> History:
    """Run a strategy to its end and return everything it ran, in trial order.

    Finished lots are read back from the ledger; the strategy, having no memory, cannot tell.

    Raises
    ------
    TrainerError
        If production itself does not train, or nothing but production does.
    """
    history = searched(runner.history)
    while proposals := strategy.next_batch(history, _stream(seed, history, _PROPOSE)):
        runner.run(
            proposals,
            seeds=[_shared_seed(seed, history)] * len(proposals),
            stage="search",
            total=strategy.planned(history),
        )
        _refuse_broken_production(runner.history[0])
        history = searched(runner.history)
    # Once more: what was read back may end where production failed.
    _refuse_broken_production(runner.history[0])
    return history


def measure(production: Config, *, runner: Runner, seed: int) -> Result:
    """Train production once, as a search begins, and return what came of it; a search goes on from there.

    Raises
    ------
    TrainerError
        If production does not train.
    """
    history = searched(runner.history)
    if not history:
        first = Proposal(config=production, round=Round.PRODUCTION, fold=Fold(Part.SEARCH, 0))
        runner.run([first], seeds=[_shared_seed(seed, history)], stage="search")
    _refuse_broken_production(runner.history[0])
    return runner.history[0]


def searched(history: History) -> History:
    """Return the results that belong to the search."""
    return [result for result in history if result.trial.proposal.round in _SEARCHING]


def _shared_seed(seed: int, history: History) -> int:
    """Return the seed that the trials of a batch share."""
    return int(_stream(seed, history, _TRAIN).integers(2**31))


def _stream(seed: int, history: History, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, len(history), purpose])


def _refuse_broken_production(production: Result) -> None:
    failure = production.failure
    if failure is None:
        return
    hint = {
        FailureKind.TIMEOUT: "; raise budget.trial_timeout or give fewer rows",
        FailureKind.MEMORY: "; raise budget.trial_memory or give fewer rows",
    }.get(failure.kind, "")
    raise TrainerError(f"production itself does not train ({failure.kind}): {failure.message}{hint}")
