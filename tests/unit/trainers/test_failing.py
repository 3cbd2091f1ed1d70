"""Which failure an exception stands for."""

import pytest

from auditor.core.records import FailureKind
from auditor.errors import DataError
from auditor.trainers.failing import diverged, failure_of, rejected


class InvalidParameterError(ValueError):
    """Named as the class that scikit-learn raises for a value it does not accept."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (rejected("no"), FailureKind.REJECTED),
        (diverged("nan"), FailureKind.DIVERGED),
        (InvalidParameterError("The 'C' parameter"), FailureKind.REJECTED),
        (MemoryError(), FailureKind.MEMORY),
        (FloatingPointError("divide by zero"), FailureKind.DIVERGED),
        (ValueError("Solver produced non-finite parameter weights."), FailureKind.DIVERGED),
        (ValueError("Floating-point under-/overflow occurred at epoch #1."), FailureKind.DIVERGED),
        (ValueError("Found array with 0 sample(s)"), FailureKind.ERROR),
        (SystemExit(2), FailureKind.ERROR),
        (DataError("empty"), FailureKind.ERROR),
    ],
)
def test_an_exception_stands_for_a_kind_of_failure(error: BaseException, kind: FailureKind) -> None:
    assert failure_of(error).kind is kind


def test_our_own_errors_keep_their_words() -> None:
    assert failure_of(DataError("no rows since Friday")).message == "no rows since Friday"


def test_other_errors_are_told_in_one_line_that_is_not_endless() -> None:
    message = failure_of(ValueError("lbfgs\n  failed " * 100)).message

    assert message.startswith("ValueError: lbfgs failed lbfgs")
    assert len(message) == 300
