import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from auditor.core.records import Result
from auditor.storage.lines import summary_of_row
from auditor.storage.rows import (
    capture_of_row,
    close_row,
    losses_cells,
    open_audit_of_rows,
    result_of_cells,
    row_of_beginning,
    row_of_capture,
    row_of_snapshot,
    trial_cells,
)
from tests.examples import a_capture, a_failed_result, a_result, an_audit, an_open_audit

doubles = arrays.arrays(np.float64, st.integers(0, 50), elements=st.floats(width=64))


def round_trip(result: Result) -> Result:
    (losses,) = losses_cells(1, [result]) or [{"data": None}]
    data = losses["data"]
    assert data is None or isinstance(data, bytes)
    return result_of_cells({**trial_cells(1, result), "data": data})


@given(doubles)
def test_losses_survive_bit_for_bit(losses: np.ndarray) -> None:
    back = round_trip(dataclasses.replace(a_result(0), losses=losses))

    assert back.losses is not None
    assert back.losses.tobytes() == losses.tobytes()
    assert back.losses.dtype == np.float64


def test_a_row_holds_every_field_of_a_result() -> None:
    for result in (a_result(3), a_failed_result(4)):
        back = round_trip(result)

        for field in dataclasses.fields(Result):
            if field.name != "losses":
                assert getattr(back, field.name) == getattr(result, field.name), field.name


def test_losses_that_were_not_kept_take_no_row() -> None:
    assert losses_cells(1, [a_failed_result(0)]) == []


def test_zero_one_losses_take_far_less_than_eight_bytes_each() -> None:
    zeros = np.random.default_rng(0).integers(0, 2, size=10_000).astype(np.float64)

    (cells,) = losses_cells(1, [dataclasses.replace(a_result(0), losses=zeros)])

    assert isinstance(cells["data"], bytes)
    assert len(cells["data"]) < 8_000


def test_a_row_holds_every_field_of_a_capture() -> None:
    capture = a_capture()

    assert capture_of_row(row_of_capture(capture)) == capture


def test_rows_hold_every_field_of_a_begun_audit() -> None:
    audit = an_open_audit()

    back = open_audit_of_rows(
        row_of_beginning(audit), row_of_capture(audit.capture), row_of_snapshot(audit.snapshot)
    )

    assert dataclasses.replace(back, id=audit.id, capture=audit.capture) == audit


def test_a_row_holds_every_field_of_a_summary() -> None:
    opened = an_open_audit()
    summary = dataclasses.replace(an_audit().summary, plan_digest=opened.plan_digest)
    row = row_of_beginning(opened)
    row.id, row.seed = summary.id, summary.seed

    close_row(row, summary)

    assert summary_of_row(row) == summary


def test_an_audit_that_failed_has_no_gain_and_no_margin() -> None:
    failed = dataclasses.replace(
        an_audit(), call=None, gain=None, confirmation=None, settings=(), error="no rows"
    )

    summary = failed.summary

    assert (summary.state, summary.call, summary.gain, summary.margin) == ("failed", None, None, None)
