"""The charts of the evidence: the gain, the effects of the settings, and how both came to be known."""

from auditor.core.records import (
    Audit,
    Confirmation,
)
from auditor.reporting.charts.intervals import Bar, Line, evidence, forest, gauge
from auditor.reporting.charts.svg import Svg, Words
from auditor.reporting.numbers import NOTHING, Yardstick
from auditor.reporting.page import Figure, Table


def gain_gauge(audit: Audit, yard: Yardstick) -> Svg | None:
    """Return the gain against nothing and against the margin; None without a gain."""
    measured = audit.confirmation or audit.panda
    if audit.gain is None or measured is None:
        return None
    bar = Bar(name="gain", estimate=yard.scaled(audit.gain), text="", call=audit.call)
    words = Words(
        key="gain",
        title="The gain against the margin",
        description=f"Gain {yard.full(audit.gain)}; margin {yard.bound(measured.margin)}.",
    )
    return gauge(bar, lines=_lines(measured.margin, yard), words=words)


def _lines(margin: float, yard: Yardstick) -> tuple[Line, ...]:
    return (
        Line(value=0.0, name="no gain", css="zero"),
        Line(value=margin * yard.factor, name=f"margin {yard.bound(margin)}", css="margin"),
    )


def evidence_figures(audit: Audit, yard: Yardstick) -> tuple[Figure, ...]:
    """Return the effects of the settings, where any were attributed, and the gain look by look."""
    if audit.confirmation is None:
        return ()
    found = (
        _effects(audit, audit.confirmation, yard),
        _accumulated(audit, audit.confirmation, yard),
    )
    return tuple(figure for figure in found if figure is not None)


def _effects(audit: Audit, confirmation: Confirmation, yard: Yardstick) -> Figure | None:
    if audit.attribution is None or not audit.attribution.effects:
        return None
    calls = {finding.name: finding.call for finding in audit.settings}
    effects = [(effect.name, effect.effect) for effect in audit.attribution.effects]
    bars = [
        Bar(name=name, estimate=yard.scaled(effect), text=yard.full(effect), call=calls.get(name))
        for name, effect in effects
    ]
    said = [f"{bar.name}: {bar.text}" + (f", {bar.call.value}" if bar.call else "") for bar in bars]
    words = Words(
        key="effects",
        title="What each changed setting carries of the gain",
        description="; ".join(said) + ".",
    )
    level = f"{audit.setting_confidence * 100:.3g}"
    return Figure(
        title="Which setting carries the gain",
        caption=f"From real trainings with some settings changed and others not; {level} % intervals.",
        svg=forest(bars, lines=_lines(confirmation.margin, yard), axis=f"gain, {yard.noun}", words=words),
        table=Table(
            caption=f"Effect of each changed setting, {yard.noun}",
            head=("Setting", "Effect", f"{level} % interval", "Call"),
            rows=tuple(
                (
                    name,
                    yard.number(effect),
                    yard.ends(effect),
                    calls[name].value if name in calls else NOTHING,
                )
                for name, effect in effects
            ),
            numeric=(False, True, True, False),
        ),
    )


def _accumulated(audit: Audit, confirmation: Confirmation, yard: Yardstick) -> Figure | None:
    looks = confirmation.finalists[confirmation.winner].looks if confirmation.finalists else ()
    if not looks:
        return None
    bars = [
        Bar(
            name=str(look.replicates),
            estimate=yard.scaled(look.gain),
            text=yard.full(look.gain),
            call=confirmation.call if look is looks[-1] else None,
        )
        for look in looks
    ]
    said = [f"after {bar.name} paired trainings {bar.text}" for bar in bars]
    return Figure(
        title="How the evidence accumulated",
        caption="Gain of the challenger over production at each planned look; its intervals allow for the "
        "looking, so stopping early costs no honesty.",
        svg=evidence(
            bars,
            lines=_lines(confirmation.margin, yard),
            x_title="paired trainings",
            y_title=f"gain, {yard.noun}",
            words=Words(
                key="looks", title="The gain at each look", description="; ".join(said).capitalize() + "."
            ),
        ),
        table=Table(
            caption=f"Evidence at each look; {audit.confidence * 100:.3g} % repeated intervals",
            head=("Look", "Paired trainings", "Gain", "Interval", "z stale / needed", "z fresh / needed"),
            rows=tuple(
                (
                    str(look.number),
                    str(look.replicates),
                    yard.number(look.gain),
                    yard.ends(look.gain),
                    f"{look.z_stale:.2f} / {look.boundary_stale:.2f}",
                    f"{look.z_fresh:.2f} / {look.boundary_fresh:.2f}",
                )
                for look in looks
            ),
            numeric=(False, True, True, True, True, True),
        ),
    )
