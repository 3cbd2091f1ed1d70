"""From a panda's turns to its part of the page: one curve over the days, and evidence that grows. Pure."""

from auditor.core.records import Audit, Kept, Move, PandaRecord, Trail, Turn
from auditor.core.wording import counted, in_evidence
from auditor.reporting.charts.live import Step, Weight, growing, live_curve
from auditor.reporting.charts.svg import Words
from auditor.reporting.numbers import (
    NOTHING,
    Yardstick,
    as_sentence,
    date_text,
    duration_text,
    loss_text,
    setting_text,
)
from auditor.reporting.page import Figure, PandaSection, Table, Tile

_MOST_CHARTS = 8
"""Settings whose evidence is drawn; all of them are in the table."""

_MOST_TURNS = 400
"""Newest turns that are listed; the twin has them all."""


def panda_section(audit: Audit, yard: Yardstick) -> PandaSection | None:
    """Return the live model over its turns; None where the audit was no panda's, or has no turn yet."""
    record = audit.panda
    if record is None or not record.turns:
        return None
    lines = [as_sentence(record.sentence), as_sentence(record.promise)]
    lines += [f"{one.name} is left alone: {one.reason}." for one in record.left_out]
    charts = [_evidence(trail, place, record) for place, trail in enumerate(record.trails) if trail.points]
    return PandaSection(
        lines=tuple(lines),
        live=_live(record, audit.unit),
        evidence=tuple(charts[:_MOST_CHARTS]),
        trails=_trails(record, yard),
        turns=_turns(record),
        turns_summary=counted(len(record.turns), "turn"),
    )


def panda_tile(audit: Audit) -> Tile | None:
    """Return how far the live model is; None where there is none."""
    record = audit.panda
    if record is None:
        return None
    days = _day(record.turns[-1], record) if record.turns else 0.0
    went = f"; {counted(record.rollbacks, 'rollback')}" if record.rollbacks else ""
    return Tile(
        name="One live model",
        value=counted(len(record.turns), "turn"),
        detail=f"over {duration_text(days * 86400)} of fresh rows; {counted(record.nudges, 'nudge')}, "
        f"{record.keeps} kept{went}",
    )


def _day(turn: Turn, record: PandaRecord) -> float:
    """Return how many days of rows the model has been carried on over, up to a turn.

    By the rows and not by the clock: one audit may take many turns.
    """
    first, last = record.turns[0].first, turn.last
    if first is None or last is None:  # of before times were told
        return (turn.at - record.start.at).total_seconds() / 86400
    return (last - first).total_seconds() / 86400


# ---------------------------------------------------------------- the curve


def _live(record: PandaRecord, unit: str) -> Figure:
    steps = [_step(turn, record) for turn in record.turns]
    last = steps[-1]
    words = Words(
        key="live",
        title=f"Loss of the live model over {counted(len(steps), 'turn')}",
        description=f"From {loss_text(record.start.loss)} to {loss_text(last.loss)}; carried on with "
        f"production's settings it would be {loss_text(last.beside)}. {as_sentence(record.sentence)}",
    )
    shown = steps if len(steps) <= 10 else [steps[round(at * (len(steps) - 1) / 9)] for at in range(10)]
    return Figure(
        title="The live model, turn by turn",
        caption="Loss on rows that it was not fitted on, each turn on newer ones. A thin line leads to the "
        "twin that was given up.",
        svg=live_curve(
            steps,
            start=(0.0, record.start.loss),
            names=(
                f"live model\n{loss_text(last.loss)}",
                f"production's\nsettings\n{loss_text(last.beside)}",
            ),
            y_title=f"loss, {unit}",
            words=words,
        ),
        table=Table(
            caption=f"Loss, {unit}",
            head=("Turn", "Day", "Live model", "Production's settings"),
            rows=tuple(
                (str(one.number), f"{one.day:.1f}", loss_text(one.loss), loss_text(one.beside))
                for one in shown
            ),
            numeric=(True, True, True, True),
        ),
    )


def _step(turn: Turn, record: PandaRecord) -> Step:
    kept = turn.kept is Kept.NUDGED and turn.tried_loss is not None
    loss, other = (turn.tried_loss, turn.loss) if kept else (turn.loss, turn.tried_loss)
    mark = "broken" if turn.failure else "back" if turn.move is Move.BACK else "kept" if kept else "left"
    went = f"went back to turn {turn.parent}; " if turn.rolled_back else ""
    return Step(
        number=turn.number,
        parent=turn.parent,
        day=_day(turn, record),
        loss=turn.loss if loss is None else loss,
        other=other,
        beside=turn.production_loss,
        mark=mark,
        text=f"turn {turn.number}: {went}{_tried(turn)}, {_came_of(turn)}",
    )


def _tried(turn: Turn) -> str:
    back = "put back " if turn.move is Move.BACK else ""
    return f"{back}{turn.setting} {setting_text(turn.value)} to {setting_text(turn.tried)}"


def _came_of(turn: Turn) -> str:
    if turn.failure:
        return "did not train"
    return "kept" if turn.kept is Kept.NUDGED else "not kept"


# ---------------------------------------------------------------- evidence


def _evidence(trail: Trail, place: int, record: PandaRecord) -> Figure:
    newest = trail.points[-1]
    weights = [Weight(point.turn, point.evidence, point.needed) for point in trail.points]
    return Figure(
        title=trail.name,
        caption=f"Evidence that {setting_text(trail.live)} is better than production's "
        f"{setting_text(trail.production)}, from turns that put it back; 1 says nothing.",
        svg=growing(
            weights,
            last=record.turns[-1].number,
            x_title="turn",
            y_title="evidence, log scale",
            words=Words(
                key=f"v{place}",
                title=f"Evidence on {trail.name} over the turns",
                description=f"{in_evidence(newest.evidence)} after turn {newest.turn}, of the "
                f"{in_evidence(newest.needed)} that it must reach: {trail.call.value}.",
            ),
        ),
        table=Table(
            caption=f"Evidence on {trail.name}",
            head=("Turn", "Evidence", "Needed"),
            rows=tuple(
                (str(point.turn), in_evidence(point.evidence), in_evidence(point.needed))
                for point in trail.points[-24:]
            ),
            numeric=(True, True, True),
        ),
    )


def _trails(record: PandaRecord, yard: Yardstick) -> Table:
    return Table(
        caption="Every setting over the turns",
        head=(
            "Setting",
            "Production",
            "Live",
            "Nudges",
            "Kept",
            "Put back",
            "Evidence / needed",
            "Gain",
            "Call",
        ),
        rows=tuple(
            (
                trail.name,
                setting_text(trail.production),
                setting_text(trail.live),
                str(trail.nudges),
                str(trail.keeps),
                str(trail.backs),
                f"{in_evidence(trail.evidence)} / {in_evidence(trail.needed)}",
                yard.full(trail.gain) if trail.gain else NOTHING,
                trail.call.value,
            )
            for trail in record.trails
        ),
        numeric=(False, False, False, True, True, True, True, True, False),
    )


def _turns(record: PandaRecord) -> Table:
    return Table(
        caption="Turn by turn, newest first",
        head=("Turn", "Day", "From", "Tried", "Outcome", "Live loss", "Twin's loss", "Rows"),
        rows=tuple(_turn_row(turn) for turn in record.turns[::-1][:_MOST_TURNS]),
        numeric=(True, False, True, False, False, True, True, True),
    )


def _turn_row(turn: Turn) -> tuple[str, ...]:
    kept = turn.kept is Kept.NUDGED
    lost = loss_text(turn.loss if kept else turn.tried_loss)
    return (
        str(turn.number),
        date_text(turn.last or turn.at),
        str(turn.parent),
        _tried(turn),
        _came_of(turn) + (f": {turn.failure}" if turn.failure else ""),
        loss_text(turn.tried_loss if kept else turn.loss),
        lost,
        f"{turn.rows_scored:,}",
    )
