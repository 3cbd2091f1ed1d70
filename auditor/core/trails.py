"""A panda's turns as its document keeps them: a trail per setting, the lead over production, and words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from auditor.core.anytime import interval_of
from auditor.core.challenges import Challenge, calls_of, challenges_of, lead_of, needed, sides_of
from auditor.core.records import (
    Call,
    Config,
    EvidencePoint,
    Finding,
    Kept,
    LeftOut,
    Move,
    PandaRecord,
    Side,
    Start,
    Trail,
    Turn,
)
from auditor.core.strategies.panda import Panda
from auditor.core.wording import Ruler, counted, in_evidence, listed, shown

FIRST = 1.0
"""Evidence that says nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a panda's turns say, for the page.

    Attributes
    ----------
    margin
        As the schedule gives it.
    """

    ruler: Ruler
    margin: str


def panda_record(
    strategy: Panda,
    start: Start,
    turns: Sequence[Turn],
    *,
    live: Config,
    left_out: Sequence[LeftOut],
    words: Words,
) -> PandaRecord:
    """Return the live model over its turns.

    Parameters
    ----------
    live
        The configuration of the live model now.
    left_out
        Settings that no turn changes, and why.
    """
    lead = lead_of(turns, strategy.production, strategy.names)
    either = 2.0 / (1.0 - strategy.confidence)
    nudges = [turn for turn in turns if turn.move is Move.NUDGE]
    return PandaRecord(
        start=start,
        turns=tuple(turns),
        trails=trails_of(strategy, turns, live=live, words=words),
        live=live,
        margin=fmean(turn.margin for turn in _of_the_lead(turns, strategy)) if turns else 0.0,
        production_loss=production_loss_of(turns, strategy) if turns else start.loss,
        nudges=len(nudges),
        keeps=sum(turn.kept is Kept.NUDGED for turn in nudges),
        rollbacks=sum(turn.rolled_back for turn in turns),
        sentence=_story(turns, nudges),
        promise=(
            f"while no setting gains, any is ever called stale with a chance of at most "
            f"{100 * (1 - strategy.confidence):.3g} %, however often one looks and however long this goes on"
        ),
        lead=interval_of(lead, below=either, above=either),
        left_out=tuple(left_out),
    )


def production_loss_of(turns: Sequence[Turn], strategy: Panda) -> float:
    """Return the loss with production's settings that the lead is told as a share of: over the same turns.

    One turn's would make the share of a steady lead go up and down with the luck of the newest rows.
    """
    return fmean(turn.production_loss for turn in _of_the_lead(turns, strategy))


def _of_the_lead(turns: Sequence[Turn], strategy: Panda) -> Sequence[Turn]:
    """Return the turns since the live model and production's parted; the newest one while they are one."""
    return turns[-max(1, len(lead_of(turns, strategy.production, strategy.names))) :]


def trails_of(strategy: Panda, turns: Sequence[Turn], *, live: Config, words: Words) -> tuple[Trail, ...]:
    """Return what the turns say of each setting, in the order of the space."""
    space, production, confidence = strategy.space, strategy.production, strategy.confidence
    calls = calls_of(turns, space=space, production=production, names=strategy.names, confidence=confidence)
    challenges = challenges_of(turns, production, strategy.names)
    return tuple(
        _trail(
            name,
            calls[name],
            [each for each in challenges if each.setting == name],
            places=len(challenges),
            sides=sides_of(name, turns, space=space, production=production, confidence=confidence),
            turns=[turn for turn in turns if turn.setting == name],
            strategy=strategy,
            everything=turns,
            live=live,
            words=words,
        )
        for name in strategy.names
    )


def checkpoints_needed(record: PandaRecord) -> frozenset[str]:
    """Return the checkpoints that the next turn may go on from: the newest model's, and its parent's."""
    newest = record.turns[-1:]
    parents = [record.turns[turn.parent - 1] for turn in newest if turn.parent]
    kept = (*newest, *parents)
    begun = () if len(kept) > 1 else (record.start.checkpoint,)
    return frozenset((*begun, *(d for turn in kept for d in (turn.checkpoint, turn.production_checkpoint))))


def findings_of(record: PandaRecord) -> tuple[Finding, ...]:
    """Return what an audit says of each setting that turns change."""
    return tuple(
        Finding(
            name=trail.name,
            production=trail.production,
            recommended=trail.live if trail.call is Call.STALE else trail.production,
            call=trail.call,
            sentence=trail.sentence,
            effect=trail.gain if trail.call is Call.STALE else None,
        )
        for trail in record.trails
    )


def call_of(record: PandaRecord) -> Call:
    """Return the call on the configuration as a whole: fresh only if every setting is."""
    calls = [trail.call for trail in record.trails]
    if Call.STALE in calls:
        return Call.STALE
    return Call.FRESH if calls and all(call is Call.FRESH for call in calls) else Call.UNDECIDED


def headline_of(record: PandaRecord) -> str:
    """Return the verdict as a heading."""
    count, call = len(record.trails), call_of(record)
    if call is Call.STALE:
        stale = sum(trail.call is Call.STALE for trail in record.trails)
        of = f"{stale} of {count} settings" if count > 1 else "The audited setting"
        return f"{of} {'have' if stale > 1 else 'has'} gone stale"
    if call is Call.FRESH:
        return f"All {count} settings hold" if count > 1 else "The audited setting holds"
    return f"Cannot tell yet: {counted(len(record.turns), 'turn')} so far"


def sentence_of(record: PandaRecord, words: Words) -> str:
    """Return the verdict in a sentence or two."""
    call = call_of(record)
    over = f"Over {counted(len(record.turns), 'turn')} of one live model"
    if call is Call.FRESH:
        return f"{over}, a gain of the margin ({words.margin}) was excluded for every setting, both ways."
    if call is Call.UNDECIDED:
        open_ones = [trail.name for trail in record.trails if trail.call is not Call.FRESH]
        return (
            f"{over}, nothing was shown yet of {listed(open_ones)}: neither a gain of the margin "
            f"({words.margin}) nor that there is none. Every further turn adds evidence."
        )
    stale = [trail for trail in record.trails if trail.call is Call.STALE]
    moved = listed([f"{each.name} from {shown(each.production)} to {shown(each.live)}" for each in stale])
    lead = (
        f" The live model leads one carried on with production's settings by "
        f"{words.ruler.interval(record.lead)}."
        if record.lead is not None
        else ""
    )
    return f"{over}, moving {moved} lowered {words.ruler.unit}.{lead} The margin is {words.margin}."


def _trail(
    name: str,
    call: Call,
    own: Sequence[Challenge],
    *,
    places: int,
    sides: tuple[Side, ...],
    turns: Sequence[Turn],
    strategy: Panda,
    everything: Sequence[Turn],
    live: Config,
    words: Words,
) -> Trail:
    confidence = strategy.confidence
    challenge = own[-1] if own and own[-1].ended is None else None
    nudges = [turn for turn in turns if turn.move is Move.NUDGE]
    bar = challenge.needed(confidence) if challenge else needed(places + 1, confidence)
    found = challenge.evidence() if challenge else ()
    gain = interval_of(challenge.contrasts, below=bar, above=1.0 / (1.0 - confidence)) if challenge else None
    trail = Trail(
        name=name,
        production=strategy.production.get(name),
        live=live.get(name),
        step=strategy.step(name, everything),
        call=call,
        sentence="",
        nudges=len(nudges),
        keeps=sum(turn.kept is Kept.NUDGED for turn in nudges),
        backs=sum(turn.move is Move.BACK for turn in turns),
        evidence=found[-1] if found else FIRST,
        needed=bar,
        gain=gain,
        stale_since=challenge.is_won(confidence) if challenge and call is Call.STALE else None,
        points=tuple(point for each in own for point in _points(each, confidence)),
        sides=sides,
    )
    return _said(trail, challenge, words)


def _points(challenge: Challenge, confidence: float) -> list[EvidencePoint]:
    bar = challenge.needed(confidence)
    return [
        EvidencePoint(turn, found, bar)
        for turn, found in zip(challenge.turns, challenge.evidence(), strict=True)
    ]


def _said(trail: Trail, challenge: Challenge | None, words: Words) -> Trail:
    return replace(trail, sentence=_sentence(trail, challenge, words))


def _sentence(trail: Trail, challenge: Challenge | None, words: Words) -> str:
    if trail.call is Call.FRESH:
        tried = listed([shown(side.farthest) for side in trail.sides], last="nor")
        return (
            f"neither {tried} gains the margin"
            if len(trail.sides) > 1
            else f"{tried} gains less than the margin"
        )
    if challenge is None:
        return f"no challenge is on, and a gain of the margin is not excluded yet ({_looked(trail.sides)})"
    so_far = f"evidence {in_evidence(trail.evidence)}, where {in_evidence(trail.needed)} is needed,"
    after = f"after {counted(len(challenge.turns), 'turn')} that put it back"
    if trail.call is Call.UNDECIDED:
        return f"the live model holds {shown(trail.live)}; {so_far} {after}"
    gained = f"gains {words.ruler.interval(trail.gain)} within a turn; " if trail.gain is not None else ""
    return f"{gained}{so_far} {after}; stale since turn {trail.stale_since}"


def _looked(sides: Sequence[Side]) -> str:
    return listed([f"{side.towards} in {counted(side.turns, 'turn')}" for side in sides])


def _story(turns: Sequence[Turn], nudges: Sequence[Turn]) -> str:
    keeps = sum(turn.kept is Kept.NUDGED for turn in nudges)
    rollbacks = sum(turn.rolled_back for turn in turns)
    backs = len(turns) - len(nudges)
    return (
        f"{counted(len(turns), 'turn')}: {counted(len(nudges), 'nudge')}, {keeps} of them kept; a setting "
        f"was put back to compare {counted(backs, 'time')}; {counted(rollbacks, 'rollback')}"
    )
