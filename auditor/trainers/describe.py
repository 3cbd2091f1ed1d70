"""What a trainer says of itself before an audit begins, so that a bad schedule fails at once."""

from auditor.core.metrics import metric_named
from auditor.core.records import Config, TrainerFacts, TrainerSpec
from auditor.errors import TrainerError
from auditor.trainers.failing import TrialError
from auditor.trainers.kinds import kind_named


def describe(trainer: TrainerSpec, config: Config, metric: str) -> TrainerFacts:
    """Ask a trainer, of whatever kind, what it is with a configuration.

    Raises
    ------
    TrainerError
        If it does not exist, refuses a setting, or cannot give what the metric needs.
    """
    try:
        return kind_named(trainer.kind).describe(trainer, config, metric_named(metric))
    except TrialError as error:
        raise TrainerError(f"{trainer.entry}: {error}") from error
