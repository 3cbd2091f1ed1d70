import csv
import io
from dataclasses import replace

import pytest

from auditor.core.records import Audit, Failure, FailureKind, Value
from auditor.reporting.trials import trials_csv
from tests.gallery import failed, stale


def rows(audit: Audit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(trials_csv(audit))))


def with_value(value: Value) -> Audit:
    audit = stale()
    assert audit.search is not None
    first, *others = audit.search.trials
    changed = replace(first, config={**first.config, "momentum": value})
    return replace(audit, search=replace(audit.search, trials=(changed, *others)))


def test_every_trial_is_a_line_with_all_the_digits_of_its_loss() -> None:
    audit = stale()
    assert audit.search is not None

    found = rows(audit)

    assert [int(row["trial"]) for row in found] == [trial.id for trial in audit.search.trials]
    assert [float(row["loss"]) if row["loss"] else None for row in found] == [
        trial.loss for trial in audit.search.trials
    ]
    assert [float(row["setting.learning_rate"]) for row in found] == [
        trial.config["learning_rate"] for trial in audit.search.trials
    ]


def test_what_failed_says_how_and_has_no_loss() -> None:
    lost = [row for row in rows(stale()) if row["failure"]]

    assert len(lost) == 3
    assert {row["loss"] for row in lost} == {""}
    assert all(row["message"] for row in lost)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (True, "true"),
        (None, "none"),
        (-1.5, "-1.5"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ('a,"b"\nc', 'a,"b"\nc'),
        ("x\x00", "x\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_value_survives_commas_and_quotes_and_never_becomes_a_formula(value: Value, cell: str) -> None:
    assert rows(with_value(value))[0]["setting.momentum"] == cell


def test_a_message_never_becomes_a_formula() -> None:
    audit = stale()
    assert audit.search is not None
    lost = replace(audit.search.trials[0], loss=None, failure=Failure(FailureKind.ERROR, "@SUM(A1)"))

    (row,) = rows(replace(audit, search=replace(audit.search, trials=(lost,))))

    assert row["message"] == "'@SUM(A1)"


def test_an_audit_that_failed_before_it_searched_has_a_head_and_no_lines() -> None:
    assert trials_csv(failed()).startswith("trial,round,rows,")
    assert rows(failed()) == []
