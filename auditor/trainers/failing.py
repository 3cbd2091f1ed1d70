"""How a trial fails while it is trained: one exception that carries the failure."""

from auditor.core.records import Failure, FailureKind
from auditor.errors import AuditorError, one_line

_DIVERGENCE = ("non-finite", "overflow", "Input X contains infinity", "value too large for dtype")
"""What scikit-learn says when weights have run away (MLP, SGD, linear models fed with them)."""


class TrialError(Exception):
    """A trial that has no loss, and why.

    Attributes
    ----------
    failure
        What the trial's result will say.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def rejected(message: str) -> TrialError:
    """Return the error of a configuration that the trainer refuses."""
    return TrialError(Failure(FailureKind.REJECTED, message))


def diverged(message: str) -> TrialError:
    """Return the error of a training whose loss is not a finite number."""
    return TrialError(Failure(FailureKind.DIVERGED, message))


def failure_of(error: BaseException) -> Failure:
    """Return the failure that an exception from a user's model stands for.

    Examples
    --------
    >>> failure_of(ZeroDivisionError("division by zero")).message
    'ZeroDivisionError: division by zero'
    """
    if isinstance(error, TrialError):
        return error.failure
    if isinstance(error, AuditorError):
        return Failure(FailureKind.ERROR, str(error))
    if isinstance(error, MemoryError):
        return Failure(FailureKind.MEMORY, f"asked for more memory than a trial may have: {one_line(error)}")
    return Failure(_kind(error), one_line(error))


def _kind(error: BaseException) -> FailureKind:
    # scikit-learn's own class for a value that it does not accept lives in a private module.
    if type(error).__name__ == "InvalidParameterError":
        return FailureKind.REJECTED
    text = str(error)
    if isinstance(error, FloatingPointError) or any(words in text for words in _DIVERGENCE):
        return FailureKind.DIVERGED
    return FailureKind.ERROR
