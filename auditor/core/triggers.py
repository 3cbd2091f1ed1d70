"""Triggers: what brings an audit forward, and what keeps them from firing again and again. Pure.

Environment, code and production each have a signature. A new one fires when it is seen twice in a row, so
that half a deployment is no change, and then counts as known: it fires once. The first one ever seen
is known from the start. The drift of the data fires when it passes the threshold, and not again until it has
fallen clearly below it, or the rows that it is measured against are others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.core.records import When, Why

REARM = 0.8
"""Share of the threshold below which the drift must fall before it can fire again."""

State = dict[str, Any]
"""What a schedule's triggers remember, as plain JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen at one look; None where it was not looked at, or could not be.

    Attributes
    ----------
    environment, code, production
        Their signatures.
    drift
        The largest distance of a column from the rows that production was tuned on, and its name.
    reference
        The digest of those rows.
    """

    environment: str | None = None
    code: str | None = None
    production: str | None = None
    drift: tuple[float, str] | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A trigger that fired, and the reason in words."""

    why: Why
    said: str


def judge(when: When, seen: Seen, before: Mapping[str, Any]) -> tuple[tuple[Fired, ...], State]:
    """Return what fired, and what to remember.

    Examples
    --------
    >>> state = judge(When(code=True), Seen(code="a"), {})[1]
    >>> fired, state = judge(When(code=True), Seen(code="b"), state)
    >>> fired, judge(When(code=True), Seen(code="b"), state)[0]
    ((), (Fired(why=<Why.CODE: 'code'>, said="the trainer's code changed"),))
    """
    state = dict(before)
    return (*_changed(when, seen, state), *_drifted(when, seen, state)), state


def is_watched(when: When) -> bool:
    """Return whether a schedule has any trigger."""
    return when.environment or when.code or when.production or when.data_drift is not None


def _changed(when: When, seen: Seen, state: State) -> Iterator[Fired]:
    looks = (
        (Why.ENVIRONMENT, when.environment, seen.environment, "interpreter, libraries or machine changed"),
        (Why.CODE, when.code, seen.code, "the trainer's code changed"),
        (Why.PRODUCTION, when.production, seen.production, "the production values changed"),
    )
    for why, wanted, signature, said in looks:
        if not wanted or signature is None:
            continue
        known = state.get(why.value, {"known": signature})
        twice = known.get("new") == signature
        if signature == known["known"]:
            state[why.value] = {"known": signature}
        elif twice:
            state[why.value] = {"known": signature}
            yield Fired(why, said)
        else:
            state[why.value] = {"known": known["known"], "new": signature}


def _drifted(when: When, seen: Seen, state: State) -> Iterator[Fired]:
    if when.data_drift is None or seen.drift is None:
        return
    known = state.get(Why.DATA_DRIFT.value, {})
    armed = known.get("armed", True) or known.get("reference") != seen.reference
    distance, column = seen.drift
    if armed and distance > when.data_drift:
        armed = False
        yield Fired(
            Why.DATA_DRIFT, f"column {column!r} has moved by {distance:.2g}, above {when.data_drift:g}"
        )
    elif distance < REARM * when.data_drift:
        armed = True
    state[Why.DATA_DRIFT.value] = {"armed": armed, "reference": seen.reference}
