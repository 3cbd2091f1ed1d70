"""What is asked for on top of a schedule: the plan that follows, and the command line that asks the same."""

from dataclasses import replace
from datetime import timedelta

from auditor.core.records import Asked, Plan, digest_of


def with_asked(plan: Plan, asked: Asked) -> Plan:
    """Return the plan with what is asked for; another digest marks another audit."""
    budget = replace(
        plan.budget,
        trials=asked.trials or plan.budget.trials,
        time=plan.budget.time if asked.minutes is None else timedelta(minutes=asked.minutes),
        workers=asked.workers or plan.budget.workers,
        strategy=asked.strategy or plan.budget.strategy,
    )
    if replace(budget, workers=plan.budget.workers) == plan.budget:
        return replace(plan, budget=budget)  # the number of workers changes no finding
    other = "" if budget.strategy == plan.budget.strategy else f" {budget.strategy}"
    digest = digest_of(f"{plan.text}\n{budget.trials} {budget.time}{other}")
    return replace(plan, budget=budget, digest=digest)


def command_of(name: str, asked: Asked) -> str:
    """Return the command line that runs the same audit; its seed is added by whoever knows it.

    Examples
    --------
    >>> command_of("churn", Asked(trials=40))
    'auditor run churn --trials 40'
    """
    numbers = {"--trials": asked.trials, "--time": asked.minutes, "--workers": asked.workers}
    options = [f"{key} {value:g}" for key, value in numbers.items() if value]
    strategy = [f"--strategy {asked.strategy}"] if asked.strategy else []
    return " ".join(["auditor run", name, *strategy, *options])
