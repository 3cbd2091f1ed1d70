"""Why settings went stale: the change then and now, the canary, and what retraining alone would do. Pure."""

import math

from auditor.core.records import Audit, Canary, CanaryCall, Cause, CauseCall
from auditor.core.wording import counted
from auditor.reporting.charts.intervals import Bar, Line, forest
from auditor.reporting.charts.svg import Words
from auditor.reporting.numbers import (
    GAP,
    NOTHING,
    Yardstick,
    as_sentence,
    loss_text,
)
from auditor.reporting.page import CauseSection, Figure, Table, Tile

_WORDS = {
    CauseCall.DATA: "the data moved",
    CauseCall.SIZE: "the number of rows",
    CauseCall.NEVER_TUNED: "never tuned",
    CauseCall.BOTH: "never tuned, and the data moved",
    CauseCall.ENVIRONMENT: "code or environment",
    CauseCall.UNDETERMINED: "cannot be told",
}


# ---------------------------------------------------------------- tiles


def cause_tile(audit: Audit, yard: Yardstick) -> Tile | None:
    """Return why it went stale, in a word or two."""
    cause = audit.cause
    if cause is None:
        return None
    sure = "" if cause.certain or cause.call is CauseCall.UNDETERMINED else "; likely, not certain"
    detail = "no older rows to compare with"
    if cause.gain_then is not None and cause.gain_now is not None:
        detail = f"the same change gains {yard.number(cause.gain_then)} on the rows of then, "
        detail += f"{yard.number(cause.gain_now)} on those of now"
    word = _WORDS[cause.call]
    return Tile(name="Cause", value=word[:1].upper() + word[1:], detail=detail + sure)


def retrain_tile(audit: Audit, yard: Yardstick) -> Tile | None:
    """Return what production's own settings would gain by being trained anew."""
    gain = audit.retrain_gain
    if gain is None:
        return None
    shown = gain.low > 0.0 or gain.high < 0.0
    return Tile(
        name="Gain of retraining alone",
        value=yard.number(gain) if shown else "Not shown",
        detail=f"{yard.ends(gain) if shown else yard.full(gain)}: production's own settings, fitted on fresh "
        "rows; stale weights are not stale settings, and this is no part of the gain",
    )


# ---------------------------------------------------------------- the section


def cause_section(audit: Audit, yard: Yardstick) -> CauseSection | None:
    """Return why it went stale, and whether code or environment had a hand in it; None without either."""
    cause, canary = audit.cause, audit.canary
    if cause is None and canary is None:
        return None
    return CauseSection(
        title="Why it went stale" if cause else "Was it code or environment?",
        lines=_lines(cause) if cause else (),
        square=_square(audit, cause, yard) if cause else None,
        figure=_figure(cause, yard) if cause else None,
        canary=_canary_lines(canary) if canary else (),
    )


def _lines(cause: Cause) -> tuple[str, ...]:
    said = [as_sentence(cause.sentence.replace(" %", f"{GAP}%"))]
    if not cause.certain and cause.call is not CauseCall.UNDETERMINED:
        said.append("The evidence points there without passing its bound: take it as likely, not as certain.")
    if cause.next_step:
        said.append(f"So that the next audit can tell: {cause.next_step}.")
    return tuple(said)


def _square(audit: Audit, cause: Cause, yard: Yardstick) -> Table | None:
    """Return the same change on the rows of then and of now, at equal size and at full size."""
    if cause.gain_then is None or cause.gain_now is None or cause.difference is None:
        return None
    rows = [
        (
            f"{_fitted(cause.fitted_rows)}, then and now alike",
            *(yard.full(gain) for gain in (cause.gain_then, cause.gain_now, cause.difference)),
        )
    ]
    if cause.gain_full is not None:
        whole = yard.full(cause.gain_full)
        cells = (NOTHING, whole) if _is_fresh_larger(audit, cause) else (whole, NOTHING)
        rows.append((f"{_fitted(cause.fitted_rows_full)}, as many as there are", *cells, NOTHING))
    return Table(
        caption=f"What the change gains over production, {yard.noun}",
        head=("Fitted on", "On the rows of then", "On the rows of now", "Difference"),
        rows=tuple(rows),
        numeric=(False, True, True, True),
    )


def _fitted(rows: int | None) -> str:
    return counted(rows, "row") if rows is not None else "Some rows"


def _is_fresh_larger(audit: Audit, cause: Cause) -> bool:
    then = cause.reference.rows if cause.reference else 0
    return audit.snapshot is None or audit.snapshot.rows - _shared(cause) >= then


def _shared(cause: Cause) -> int:
    return cause.reference.first_row if cause.reference else 0


def _figure(cause: Cause, yard: Yardstick) -> Figure | None:
    found = {"then": cause.gain_then, "now": cause.gain_now, "difference": cause.difference}
    gains = {
        name: gain
        for name, gain in found.items()
        if gain is not None and math.isfinite(gain.low) and math.isfinite(gain.high)
    }
    if len(gains) < len(found):
        return None
    said = "; ".join(f"{name} {yard.full(gain)}" for name, gain in gains.items())
    names = {
        "then": "gain on the rows of then",
        "now": "gain on the rows of now",
        "difference": "difference",
    }
    bars = [
        Bar(name=names[name], estimate=yard.scaled(gain), text=yard.full(gain))
        for name, gain in gains.items()
    ]
    return Figure(
        title="The same change, then and now",
        caption="Production and challenger, each trained on as many rows of then as of now; an interval of "
        "the difference that clears zero means that the gain came with the rows.",
        svg=forest(
            bars,
            lines=[Line(value=0.0, name="no gain", css="zero")],
            axis=f"gain, {yard.noun}",
            words=Words(key="cause", title="The same change, then and now", description=f"{said}."),
        ),
        table=Table(
            caption=f"Gain of the same change, {yard.noun}",
            head=("Rows", "Gain", "Interval"),
            rows=tuple((name, yard.number(gain), yard.ends(gain)) for name, gain in gains.items()),
            numeric=(False, True, True),
        ),
    )


# ---------------------------------------------------------------- the canary


def _canary_lines(canary: Canary) -> tuple[str, ...]:
    lead = {
        CanaryCall.SAME: "Code and environment did not change the outcome.",
        CanaryCall.CHANGED: "Code or environment changed the outcome.",
        CanaryCall.UNKNOWN: "Whether code or environment changed the outcome cannot be told.",
    }[canary.call]
    return (lead, as_sentence(canary.reason), *_measured(canary))


def _measured(canary: Canary) -> tuple[str, ...]:
    if canary.expected is None or canary.found is None:
        return ()
    apart = f"Stored: {loss_text(canary.expected)}; found now: {loss_text(canary.found)}"
    if canary.tolerance is not None:
        apart += f"; they may lie {canary.tolerance:.2g} apart"
    runs = f", over {counted(canary.replays, 'run')}" if canary.replays > 1 else ""
    exact = {True: "; to the bit alike from run to run", False: "; runs differ by luck", None: ""}
    return (f"{apart}{runs}{exact[canary.deterministic]}.",)
