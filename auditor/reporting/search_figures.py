"""The charts of a search: learning curves, and the loss against every searched setting."""

import math
from collections.abc import Sequence
from statistics import median

from auditor.core.records import (
    Audit,
    CurvePoint,
    DimensionRecord,
    Round,
    ScaleName,
    SearchRecord,
    TrialRecord,
    Value,
    config_key,
)
from auditor.core.wording import counted
from auditor.reporting.charts.axes import (
    Axis,
    category_axis,
    linear_axis,
    log_axis,
    one_minus_log_axis,
)
from auditor.reporting.charts.curves import Named, curves
from auditor.reporting.charts.scatter import Dot, Ground, scatter
from auditor.reporting.charts.svg import Words
from auditor.reporting.numbers import loss_text, setting_text
from auditor.reporting.page import Figure, Table

_SEARCHING = (Round.PRODUCTION, Round.COARSE, Round.GROW, Round.FINE)
_BINS = 5
_STEPS = 6


def search_figures(audit: Audit) -> tuple[Figure, ...]:
    """Return the learning curves, where trials have any, and a scatter for every searched setting."""
    if audit.search is None:
        return ()
    learned = _learning(audit, audit.search)
    full = _at_full_fidelity(audit.search.trials)
    scattered = [
        _against(dimension, place, full, audit) for place, dimension in enumerate(audit.search.space)
    ]
    return tuple(figure for figure in (learned, *scattered) if figure is not None)


def _at_full_fidelity(trials: Sequence[TrialRecord]) -> tuple[TrialRecord, ...]:
    """Return the trials of the search whose losses may be compared: those of the highest rung."""
    searching = [trial for trial in trials if trial.round in _SEARCHING]
    most = max((trial.fidelity for trial in searching), default=1.0)
    return tuple(trial for trial in searching if trial.fidelity >= most)


def _challenger(audit: Audit) -> dict[str, Value]:
    """Return the configuration that the gain is quoted for; empty without one."""
    confirmation = audit.confirmation
    if confirmation is None or not confirmation.finalists:
        return {}
    return dict(confirmation.finalists[confirmation.winner].config)


def _learning(audit: Audit, search: SearchRecord) -> Figure | None:
    trials = [trial for trial in search.trials if trial.round in _SEARCHING and _finite(trial.curve)]
    if not trials or max(len(_finite(trial.curve)) for trial in trials) < 2:
        return None
    named = _named(trials, _challenger(audit))
    told = {id(one.curve) for one in named}
    crowd = [trial.curve for trial in trials if id(trial.curve) not in told]
    ends = "; ".join(f"{one.name} ends at {one.text}" for one in named)
    return Figure(
        title="Learning curves",
        caption=f"Loss on the search's validation rows as training goes on; grey: {len(crowd)} other trials, "
        "the hopeless ones cut early.",
        svg=curves(
            crowd,
            named=named,
            y_title=f"loss, {audit.unit}",
            words=Words(
                key="curves", title=f"Learning curves of {len(trials)} trials", description=f"{ends}."
            ),
        ),
        table=_curve_table(named, crowd, audit.unit),
    )


def _finite(curve: Sequence[CurvePoint]) -> tuple[CurvePoint, ...]:
    return tuple(point for point in curve if math.isfinite(point.loss))


def _named(trials: Sequence[TrialRecord], challenger: dict[str, Value]) -> tuple[Named, ...]:
    """Return production's longest curve, and the challenger's (or else that of the lowest loss)."""
    production = [trial for trial in trials if trial.round is Round.PRODUCTION]
    others = [trial for trial in trials if trial.round is not Round.PRODUCTION]
    key = config_key(challenger)
    same = [trial for trial in others if challenger and config_key(trial.config) == key]
    best = sorted(same or others, key=lambda trial: (-trial.fidelity, trial.curve[-1].loss))[:1]
    longest = sorted(production, key=lambda trial: -trial.fidelity)[:1]
    pairs = [*(("production", trial) for trial in longest), *(("challenger", trial) for trial in best)]
    return tuple(
        Named(name=name, text=loss_text(trial.curve[-1].loss), curve=trial.curve, css=name)
        for name, trial in pairs
        if math.isfinite(trial.curve[-1].loss)
    )


def _curve_table(named: Sequence[Named], crowd: Sequence[Sequence[CurvePoint]], unit: str) -> Table:
    steps = sorted({point.step for one in named for point in one.curve})
    kept = (
        sorted({steps[round(place * (len(steps) - 1) / (_STEPS - 1))] for place in range(_STEPS)})
        if steps
        else []
    )
    lookups = [{point.step: point.loss for point in curve} for curve in crowd]
    mine = [{point.step: point.loss for point in one.curve} for one in named]
    rows = []
    for step in kept:
        others = sorted(found[step] for found in lookups if math.isfinite(found.get(step, math.nan)))
        spread = [others[0], median(others), others[-1]] if others else [None, None, None]
        rows.append((str(step), *(loss_text(loss) for loss in [*(own.get(step) for own in mine), *spread])))
    head = ("Step", *(one.name.capitalize() for one in named), "Others: lowest", "median", "highest")
    return Table(caption=f"Loss, {unit}", head=head, rows=tuple(rows), numeric=(True,) * len(head))


# ---------------------------------------------------------------- one setting


def _against(
    dimension: DimensionRecord, place: int, trials: Sequence[TrialRecord], audit: Audit
) -> Figure | None:
    dots = [(dot, trial) for trial in trials if (dot := _dot(trial, dimension)) is not None]
    if not any(dot.loss is not None and math.isfinite(dot.loss) for dot, _ in dots):
        return None
    marked = _marked(dimension, audit)
    ground = Ground(
        axis=_axis_of(dimension, [value for _, _, value in marked]),
        box=None if _is_choice(dimension) else (dimension.low or 0.0, dimension.high or 0.0),
        marked=marked,
        x_title=_scale_words(dimension),
        y_title=f"loss, {audit.unit}",
        grown_from=_grown_from(dimension),
    )
    lost = sum(trial.failure is not None for _, trial in dots)
    best = min((dot for dot, _ in dots if _has_loss(dot)), key=lambda dot: dot.loss or 0.0)
    said = "; ".join(name for name, _, _ in marked)
    return Figure(
        title=dimension.name,
        caption=f"Lowest loss {loss_text(best.loss)} at {_place_text(best.value, dimension)}, of "
        f"{counted(len(dots), 'full training')}"
        + (f", {lost} failed" if lost else "")
        + f".{_growth_words(dimension)}",
        svg=scatter(
            [dot for dot, _ in dots],
            ground=ground,
            words=Words(
                key=f"s{place}",
                title=f"Loss against {dimension.name}",
                description=f"Lowest loss {loss_text(best.loss)} "
                f"at {_place_text(best.value, dimension)}; {said}.",
            ),
        ),
        table=_bin_table([dot for dot, _ in dots], dimension, ground.axis),
    )


def _grown_from(dimension: DimensionRecord) -> tuple[float, ...]:
    """Return the ends at which the search began, where the box grew beyond them."""
    ends = ((dimension.declared_low, dimension.low), (dimension.declared_high, dimension.high))
    return tuple(began for began, ended in ends if began is not None and began != ended)


def _growth_words(dimension: DimensionRecord) -> str:
    began = _grown_from(dimension)
    if not began or dimension.grown is None:
        return ""
    ends = " and ".join(_place_text(end, dimension) for end in began)
    return f" Searched beyond {ends}, the dotted line, because {dimension.grown}."


def _has_loss(dot: Dot) -> bool:
    return dot.loss is not None and math.isfinite(dot.loss)


def _is_choice(dimension: DimensionRecord) -> bool:
    return dimension.scale is ScaleName.CHOICE or dimension.low is None or dimension.high is None


def _dot(trial: TrialRecord, dimension: DimensionRecord) -> Dot | None:
    value = _placed(trial.config.get(dimension.name), dimension)
    if value is None or dimension.name not in trial.config:
        return None
    return Dot(value, None if trial.failure else trial.loss, fine=trial.round is Round.FINE)


def _placed(value: Value, dimension: DimensionRecord) -> float | None:
    """Return a setting's value as its axis holds it: a number, or the place among the choices."""
    if _is_choice(dimension):
        choices = dimension.choices or ()
        found = [place for place, choice in enumerate(choices) if _same(choice, value)]
        return float(found[0]) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    beyond = (dimension.scale is ScaleName.LOG and value <= 0) or (
        dimension.scale is ScaleName.ONE_MINUS_LOG and value >= 1
    )
    return None if beyond else float(value)


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _axis_of(dimension: DimensionRecord, also: Sequence[float]) -> Axis:
    if _is_choice(dimension):
        return category_axis([setting_text(choice) for choice in dimension.choices or ()])
    low = min(dimension.low or 0.0, *also) if also else dimension.low or 0.0
    high = max(dimension.high or 0.0, *also) if also else dimension.high or 0.0
    if dimension.scale is ScaleName.LOG and low > 0:
        return log_axis(low, high)
    if dimension.scale is ScaleName.ONE_MINUS_LOG and high < 1:
        return one_minus_log_axis(low, high)
    return linear_axis(low, high, integer=dimension.integer)


def _marked(dimension: DimensionRecord, audit: Audit) -> tuple[tuple[str, str, float], ...]:
    """Return production's value, and the recommended one or else the challenger's where it differs."""
    production = audit.capture.config.get(dimension.name)
    finding = next((finding for finding in audit.settings if finding.name == dimension.name), None)
    production = finding.production if finding else production
    wanted = [("production", "production", production)]
    challenger = _challenger(audit).get(dimension.name, production)
    if finding and not _same(finding.recommended, production):
        wanted.append(("recommended", "challenger", finding.recommended))
    elif not _same(challenger, production):
        wanted.append(("challenger", "challenger", challenger))
    placed = [(name, css, value, _placed(value, dimension)) for name, css, value in wanted]
    return tuple(
        (f"{name} {setting_text(value)}", css, at) for name, css, value, at in placed if at is not None
    )


def _place_text(value: float, dimension: DimensionRecord) -> str:
    if _is_choice(dimension):
        return setting_text((dimension.choices or ())[int(value)])
    return setting_text(int(value) if dimension.integer and value == int(value) else value)


def _scale_words(dimension: DimensionRecord) -> str:
    scale = "choice" if _is_choice(dimension) else f"{dimension.scale.value} scale"
    return scale + (", whole numbers" if dimension.integer and not _is_choice(dimension) else "")


def _bin_table(dots: Sequence[Dot], dimension: DimensionRecord, axis: Axis) -> Table:
    choices = dimension.choices or ()
    bins = len(choices) if _is_choice(dimension) else _BINS
    groups: list[list[Dot]] = [[] for _ in range(bins)]
    for dot in dots:
        groups[min(max(int(axis.share(dot.value) * bins), 0), bins - 1)].append(dot)
    return Table(
        caption=f"Losses by {dimension.name}",
        head=(dimension.name, "Trials", "Failed", "Lowest loss", "Median loss"),
        rows=tuple(_bin_row(group, dimension) for group in groups if group),
        numeric=(False, True, True, True, True),
    )


def _bin_row(group: Sequence[Dot], dimension: DimensionRecord) -> tuple[str, ...]:
    losses = [dot.loss for dot in group if dot.loss is not None and math.isfinite(dot.loss)]
    low, high = (_place_text(end([dot.value for dot in group]), dimension) for end in (min, max))
    return (
        low if low == high else f"{low} to {high}",
        str(len(group)),
        str(len(group) - len(losses)),
        loss_text(min(losses, default=None)),
        loss_text(median(losses) if losses else None),
    )
