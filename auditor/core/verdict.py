"""From evidence to one finding per setting, in words that say no more than the evidence does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.core.records import (
    Attribution,
    Call,
    Config,
    Confirmation,
    Effect,
    Estimate,
    Finding,
    Margin,
    SmallestChange,
    Value,
)
from auditor.core.wording import Ruler, listed, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """Which settings a confirmed gain is put down to.

    Attributes
    ----------
    moved
        The smallest change that keeps most of the gain.
    kept
        Share of the gain that it keeps, as estimated; at most 1.
    change
        The same with its interval; None when every changed setting is moved.
    bundles
        Settings that exist only because of another one, by that other one.
    """

    attribution: Attribution
    moved: tuple[str, ...]
    kept: float
    bundles: Mapping[str, tuple[str, ...]]
    change: SmallestChange | None = None

    @property
    def recommended(self) -> frozenset[str]:
        """Every setting to change."""
        return frozenset([*self.moved, *(name for head in self.moved for name in self.bundles.get(head, ()))])


def worth_alone(attribution: Attribution, *, margin: float) -> frozenset[str]:
    """Return the settings whose own effect is above 0 with confidence, and worth the margin.

    Not those in an "either of": any one of them will do, so none is needed.
    """
    optional = {name for choice in attribution.either_of for name in choice}
    return frozenset(
        effect.name
        for effect in attribution.effects
        if effect.effect.low > 0.0 and effect.effect.estimate >= margin and effect.name not in optional
    )


def idle(attribution: Attribution, *, margin: float) -> frozenset[str]:
    """Return the settings that nothing speaks for: not shown to gain, and shown not to be worth the margin.

    Not those that belong to a group or to an "either of".
    """
    shared = {name for names in (*attribution.groups, *attribution.either_of) for name in names}
    return frozenset(
        effect.name
        for effect in attribution.effects
        if effect.effect.low <= 0.0 and effect.effect.high < margin and effect.name not in shared
    )


def judge_settings(
    names: Sequence[str],
    *,
    production: Config,
    confirmation: Confirmation,
    blame: Blame | None,
    edges: Mapping[str, str],
    ruler: Ruler,
) -> tuple[Finding, ...]:
    """Return a finding for every searched setting, in the order given.

    With a stale verdict, a setting is

    - *stale* if its own effect is above 0 with confidence and worth the margin, or if it
      belongs to a group that is worth it only together, or to an "either of", or if it is shown to gain
      something and the change that keeps the gain needs it;
    - *fresh* if its effect is shown to be below the margin, or if the confirmed challenger
      leaves it as it is, and nobody is told to change it;
    - *undecided* otherwise.

    If no setting qualifies by itself, the smallest change that keeps the gain is called stale as a
    whole: the gain is confirmed, only its owner is not. With any other verdict, every setting shares it.
    """
    if blame is None:
        return tuple(
            _shared(name, production=production, call=confirmation.call, edge=edges.get(name))
            for name in names
        )
    calls = _calls(names, blame=blame, margin=confirmation.margin)
    challenger = confirmation.finalists[confirmation.winner].config
    return tuple(
        Finding(
            name=name,
            production=production.get(name),
            recommended=(challenger if name in blame.recommended else production).get(name),
            call=calls[name],
            sentence=_sentence(name, calls[name], blame=blame, margin=confirmation.margin, ruler=ruler),
            effect=_effect_of(name, blame.attribution.effects),
            at_edge=edges.get(name),
        )
        for name in names
    )


def _shared(name: str, *, production: Config, call: Call, edge: str | None) -> Finding:
    value: Value = production.get(name)
    words = {
        Call.FRESH: f"holds at {shown(value)}: no change within the search's reach is worth the margin",
        Call.UNDECIDED: "the evidence does not yet tell whether a change would be worth the margin",
        Call.STALE: "part of a change that is worth the margin",
    }[call]
    return Finding(name=name, production=value, recommended=value, call=call, sentence=words, at_edge=edge)


def _calls(names: Sequence[str], *, blame: Blame, margin: float) -> dict[str, Call]:
    calls = {name: _call(name, blame=blame, margin=margin) for name in names}
    for name in blame.recommended:
        if calls.get(name) is Call.FRESH:  # what is to be changed is not right as it is
            effect = _effect_of(name, blame.attribution.effects)
            calls[name] = Call.STALE if effect is not None and effect.low > 0.0 else Call.UNDECIDED
    if Call.STALE not in calls.values():
        calls |= dict.fromkeys(blame.moved, Call.STALE)
    for head, followers in blame.bundles.items():
        calls |= {name: calls[head] for name in followers if name in calls and head in calls}
    return calls


def _call(name: str, *, blame: Blame, margin: float) -> Call:
    shared = (*blame.attribution.groups, *blame.attribution.either_of)
    if any(name in together for together in shared):
        return Call.STALE
    if name in worth_alone(blame.attribution, margin=margin):
        return Call.STALE
    effect = _effect_of(name, blame.attribution.effects)
    return Call.FRESH if effect is None or effect.high < margin else Call.UNDECIDED


def _effect_of(name: str, effects: Sequence[Effect]) -> Estimate | None:
    return next((effect.effect for effect in effects if effect.name == name), None)


def _sentence(name: str, call: Call, *, blame: Blame, margin: float, ruler: Ruler) -> str:
    group = _others(name, blame.attribution.groups)
    if group:
        return f"worth changing only together with {listed(group)}"
    choice = _others(name, blame.attribution.either_of)
    if choice:
        return f"either this or {listed(choice, last='or')} recovers the gain"
    head = next((head for head, followers in blame.bundles.items() if name in followers), None)
    if head is not None:
        return f"exists only because of {head}, and goes with it"
    effect = _effect_of(name, blame.attribution.effects)
    if effect is None and call is Call.STALE:
        return "part of the confirmed change; its own share could not be measured"
    if effect is None:
        return "the confirmed change keeps it; no other value of it was confirmed by itself"
    amount = ruler.interval(effect)
    if name in blame.recommended and effect.high < margin:
        return f"its own share, {amount}, is below the margin; without it the change keeps less of the gain"
    if call is Call.STALE and name not in worth_alone(blame.attribution, margin=margin):
        return "part of the smallest change that keeps the gain; its own share cannot be told apart"
    return {
        Call.STALE: f"carries {amount}",
        Call.FRESH: f"its share, {amount}, is below the margin",
        Call.UNDECIDED: f"its share, {amount}, cannot be told from less than the margin",
    }[call]


def _others(name: str, sets: Sequence[Sequence[str]]) -> list[str]:
    """Return the other members of the first set that a setting is in."""
    together = next((members for members in sets if name in members), ())
    return [member for member in together if member != name]


def margin_in_words(margin: Margin, *, unit: str) -> str:
    """Return a declared margin as a reader would say it.

    Examples
    --------
    >>> margin_in_words(Margin(0.01, True), unit="log-loss")
    '1 % of log-loss'
    >>> margin_in_words(Margin(0.004, False), unit="1 - AUC")
    '0.004 in 1 - AUC'
    """
    return f"{margin.value * 100:g} % of {unit}" if margin.relative else f"{margin.value:g} in {unit}"
