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
    while proposals := strategy.next_batch(searched(runner.history), _stream(seed, runner, _PROPOSE)):
        shared = int(_stream(seed, runner, _TRAIN).integers(2**31))
        runner.run(
            proposals,
            seeds=[shared] * len(proposals),
            stage="search",
            total=strategy.planned(searched(runner.history)),
        )
        _refuse_broken_production(runner.history[0])
    # Once more: what was read back may end where production failed.
    _refuse_broken_production(runner.history[0])
    return searched(runner.history)


def measure(production: Config, *, runner: Runner, seed: int) -> Result:
    """Train production once, as a search begins, and return what came of it; a search goes on from there.

    Raises
    ------
    TrainerError
        If production does not train.
    """
    if not searched(runner.history):
        first = Proposal(config=production, round=Round.PRODUCTION, fold=Fold(Part.SEARCH, 0))
        runner.run([first], seeds=[int(_stream(seed, runner, _TRAIN).integers(2**31))], stage="search")
    _refuse_broken_production(runner.history[0])
    return runner.history[0]


def searched(history: History) -> History:
    """Return the results that belong to the search."""
    return [result for result in history if result.trial.proposal.round in _SEARCHING]


def _stream(seed: int, runner: Runner, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, len(searched(runner.history)), purpose])


def _refuse_broken_production(production: Result) -> None:
    failure = production.failure
    if failure is None:
        return
    hint = {
        FailureKind.TIMEOUT: "; raise budget.trial_timeout or give fewer rows",
        FailureKind.MEMORY: "; raise budget.trial_memory or give fewer rows",
    }.get(failure.kind, "")
    raise TrainerError(f"production itself does not train ({failure.kind}): {failure.message}{hint}")
