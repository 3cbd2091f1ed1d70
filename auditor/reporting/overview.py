"""The first screen in words: the tiles, what to do, and every setting in a row. Pure."""

import math
from collections.abc import Sequence

from auditor.core.records import (
    Audit,
    AuditSummary,
    Call,
    Estimate,
    Finding,
)
from auditor.core.wording import OUT_OF_REACH, counted, in_evidence, listed
from auditor.reporting.charts.sparkline import sparkline
from auditor.reporting.charts.svg import Svg, Words
from auditor.reporting.figures import gain_gauge
from auditor.reporting.held import held_tile
from auditor.reporting.listing import MOST_POINTS, MOST_ROWS, yard_of
from auditor.reporting.marks import mark_of
from auditor.reporting.numbers import (
    GAP,
    Yardstick,
    as_sentence,
    date_text,
    duration_text,
    fixed,
    literal,
    margin_text,
    plain,
    setting_text,
)
from auditor.reporting.occasions import missed_tile, why_tile
from auditor.reporting.page import (
    Advice,
    Command,
    DiffLine,
    SettingRow,
    Tile,
)
from auditor.reporting.panda import panda_tile
from auditor.reporting.past import streak_of
from auditor.reporting.reasons import cause_tile, retrain_tile
from auditor.reporting.spells import line_of

# ---------------------------------------------------------------- tiles


def tiles_of(audit: Audit, past: Sequence[AuditSummary], yard: Yardstick) -> tuple[Tile, ...]:
    """Return the answer: the call, the gain, since when. What to do stands right below, on the first screen.

    A fact that does not exist has no tile.
    """
    tiles = (_call_tile(audit), _gain_tile(audit, yard), _since_tile(audit, past))
    return tuple(tile for tile in tiles if tile is not None)


def more_tiles_of(audit: Audit, yard: Yardstick) -> tuple[Tile, ...]:
    """Return what one asks next: why, what else would have helped, on which rows, at what price."""
    tiles = (
        cause_tile(audit, yard),
        retrain_tile(audit, yard),
        held_tile(audit, yard),
        panda_tile(audit),
        _alarm_tile(audit),
        _rows_tile(audit),
        _budget_tile(audit),
        why_tile(audit),
        missed_tile(audit),
    )
    return tuple(tile for tile in tiles if tile is not None)


def _call_tile(audit: Audit) -> Tile:
    meaning = {
        Call.STALE: "a gain worth having was found, and confirmed",
        Call.FRESH: "a gain worth having was looked for, and excluded",
        Call.UNDECIDED: "the data cannot tell; this is not a pass",
        None: "no verdict",
    }[audit.call]
    mark = mark_of(audit.call)
    confidence = f"; {audit.confidence * 100:.3g} % confidence" if audit.call else ""
    return Tile(name="Call", value=mark.word, detail=meaning + confidence, mark=mark)


def _gain_tile(audit: Audit, yard: Yardstick) -> Tile | None:
    if audit.gain is None:
        return None
    unit = plain(audit.unit)
    interval = f"{audit.confidence * 100:.3g} % interval {yard.ends(audit.gain)}"
    in_unit = f"; in {audit.unit} {unit.full(audit.gain)}" if yard.suffix else f" {audit.unit}"
    return Tile(
        name="Gain if changed" if audit.call is Call.STALE else "Gain of the best challenger",
        value=yard.number(audit.gain),
        detail=interval + in_unit,
        chart=gain_gauge(audit, yard),
    )


def _since_tile(audit: Audit, past: Sequence[AuditSummary]) -> Tile | None:
    streak = streak_of(past, cut=len(past) >= MOST_ROWS) if audit.call else None
    if streak is None:
        return None
    if streak.audits > 1:
        detail = f"{streak.call.value} in {streak.audits_text}"
        detail += f"; {_was(streak.before)}" if streak.before else ""
    else:
        detail = streak.news
    return Tile(name=streak.name, value=streak.since_words, detail=detail)


def _was(before: AuditSummary) -> str:
    return f"{before.call.value if before.call else ''} on {date_text(before.started_at)}"


def _alarm_tile(audit: Audit) -> Tile | None:
    """Return whether the model's audits together raise an alarm; None where they are not added up.

    A first audit stands by itself: "no alarm" beside "stale" would only take back what it says.
    """
    repeated = audit.repeated
    if repeated is None or repeated.detector is None or repeated.audits < 2:
        return None
    found, needed = in_evidence(repeated.detector), f"{repeated.alarm_at:g}"
    return Tile(
        name=f"Over {counted(repeated.audits, 'audit')}",
        value="Alarm" if repeated.alarm else "No alarm",
        detail=f"evidence {found}, alarm at {needed}; a false alarm comes at most once in {needed} audits "
        "on average",
    )


def _rows_tile(audit: Audit) -> Tile | None:
    snapshot = audit.snapshot
    if snapshot is None:
        return None
    parts = []
    if snapshot.first and snapshot.last:
        parts.append(f"{date_text(snapshot.first)} to {date_text(snapshot.last)}")
    if audit.confirm_rows:
        parts.append(
            f"{audit.search_rows:,} to search on, {audit.confirm_rows:,} set aside to confirm"
            if audit.panda is None
            else f"{audit.search_rows:,} to carry the model on with, {audit.confirm_rows:,} to score it on"
        )
    return Tile(name="Fresh data", value=counted(snapshot.rows, "row"), detail="; ".join(parts))


def _budget_tile(audit: Audit) -> Tile:
    spent = audit.spent
    counts = [
        (spent.search_trials, "to search" if audit.panda is None else "in turns"),
        (spent.confirm_trials, "to confirm"),
    ]
    counts += [(spent.attribute_trials, "to attribute"), (spent.scan_trials, "to scan ranges")]
    counts += [(spent.explain_trials, "to explain")]
    trainings = sum(count for count, _ in counts)
    wall = f", {duration_text(spent.wall_seconds)}" if spent.wall_seconds is not None else ""
    listing = [*counts, (spent.failed_trials, "failed")]
    detail = ", ".join(f"{count:,}{GAP}{what}" for count, what in listing if count)
    training = f"{duration_text(spent.training_seconds)} of training"
    return Tile(
        name="Budget spent",
        value=counted(trainings, "run") + wall,
        detail=f"{detail}; {training}" if trainings else "",
    )


# ---------------------------------------------------------------- what to do


def advice_of(audit: Audit, yard: Yardstick) -> Advice:
    """Return what to do: the change, or what a verdict would take, and the command lines.

    Beside it stand what doing nothing costs, and why a setting that is not stale is changed as well.
    """
    name = schedule_name(audit)
    show = Command(text=f"auditor show {audit.id}", purpose="these findings at the terminal")
    again = Command(text=f"auditor run {name}", purpose="audit again now")
    if audit.error is not None:
        check = Command(text=f"auditor check {name}", purpose="see whether it is mended, without an audit")
        lead = "Mend what the message names; nothing is known of the settings until an audit has run."
        return Advice(lead=lead, diff=(), steps=(), commands=(check, again))
    diff = _diff(audit.settings)
    lead = {
        Call.STALE: f"Change {counted(len(diff), 'setting')} and deploy; leave the others as they are."
        if diff
        else "The gain is confirmed, but no single change carries it; see the finalists below.",
        Call.FRESH: "Nothing to change. Keep production as it is until the next audit.",
        Call.UNDECIDED: "Change nothing yet; keep production as it is, and do not take this for a pass.",
        None: "Nothing is known of the settings.",
    }[audit.call]
    steps = (
        *_cost_of_nothing(audit, yard),
        *_smaller_change(audit),
        *_changed_as_well(audit),
        *_what_it_takes(audit),
    )
    change = Command(text=f"auditor apply {audit.id}", purpose="see this change where it is written down")
    commands = (change, show, again) if audit.call is Call.STALE and diff else (show, again)
    return Advice(lead=lead, diff=diff, steps=steps, commands=commands)


def schedule_name(audit: Audit) -> str:
    """Return the name by which the command line knows the schedule, whatever its path."""
    return audit.provenance.schedule.replace("\\", "/").rpartition("/")[2].removesuffix(".toml")


def _diff(findings: Sequence[Finding]) -> tuple[DiffLine, ...]:
    changed = [finding for finding in findings if _changes_value(finding)]
    width = max((len(finding.name) for finding in changed), default=0)
    return tuple(
        DiffLine(
            name=finding.name,
            pad=" " * min(width - len(finding.name), 40),
            production=literal(finding.production),
            recommended=literal(finding.recommended),
        )
        for finding in changed
    )


def _changes_value(finding: Finding) -> bool:
    return literal(finding.production) != literal(finding.recommended)


def _cost_of_nothing(audit: Audit, yard: Yardstick) -> tuple[str, ...]:
    """Return what leaving production as it is gives away, or may give away."""
    gain = audit.gain
    if gain is None or not math.isfinite(gain.high):
        return ()
    of = f"of production's {audit.unit}" if yard.suffix else audit.unit
    sure = f"{audit.confidence * 100:.3g}{GAP}%"
    if audit.call is Call.STALE:
        against = ", against the challenger as a whole" if audit.change else ""
        lost = f"{yard.number(gain)} {of} ({sure} interval {yard.ends(gain)})"
        return (f"Doing nothing gives away {lost}, on rows like these{against}.",)
    most = _most_given_away(audit)
    if most is None:
        return ()
    lost = f"{yard.amount(most.high, width=most.high - most.low)} {of}"
    return (f"Doing nothing gives away {lost} at most, by the {sure} intervals of the challengers tested.",)


def _most_given_away(audit: Audit) -> Estimate | None:
    """Return the gain of which the most may be true, of an undecided audit; None where nothing bounds it.

    Nothing does where a challenger failed while it was confirmed, or where the evidence counts for nothing.
    """
    confirmation = audit.confirmation
    if audit.call is not Call.UNDECIDED or confirmation is None:
        return None
    if confirmation.failed or confirmation.p_value >= 1.0:
        return None
    open_yet = [one.looks[-1].gain for one in confirmation.finalists if not one.excluded and one.looks]
    most = max(open_yet, key=lambda gain: gain.high, default=None)
    return most if most is not None and 0.0 < most.high < math.inf else None


def _changed_as_well(audit: Audit) -> tuple[str, ...]:
    """Return why the change holds settings that are not called stale by themselves."""
    well = [one.name for one in audit.settings if _changes_value(one) and one.call is not Call.STALE]
    if audit.call is not Call.STALE or not well or audit.panda is not None:
        return ()
    are, they = ("is", "it is") if len(well) == 1 else ("are", "they are")
    return (
        f"{listed(well)} {are} not shown to be stale alone, but {they} part of the change whose gain was "
        "confirmed, and no smaller change was found to keep nine tenths of it.",
    )


def _smaller_change(audit: Audit) -> tuple[str, ...]:
    """Return how much of the gain the recommended change keeps, where it is smaller than the challenger's."""
    change = audit.change
    if change is None:
        return ()
    whole = "of the challenger's gain"
    only = f"Changing only {listed(change.settings)} keeps"
    if not change.bounded:
        share = fixed(change.kept.estimate * 100.0, 0)
        return (f"{only} {share}{GAP}% {whole} by estimate; these rows do not bound how much it keeps.",)
    kept = f"{only} {_percent(change.kept)} {whole}"
    if change.shown:
        return (f"{kept}; that it keeps at least nine tenths is shown.",)
    return (f"{kept}; that it keeps nine tenths is an estimate, not shown.",)


def _percent(share: Estimate) -> str:
    low, middle, high = (fixed(end * 100.0, 0) for end in (share.low, share.estimate, share.high))
    return f"{middle}{GAP}% ({low} to {high}{GAP}%)"


def _what_it_takes(audit: Audit) -> tuple[str, ...]:
    confirmation = audit.confirmation
    if audit.call is not Call.UNDECIDED or confirmation is None:
        return ()
    steps = []
    if confirmation.more_replicates is not None:
        more = counted(confirmation.more_replicates, "more paired training")
        steps.append(f"About {more} would decide it.")
    if confirmation.more_rows is not None and confirmation.more_rows > OUT_OF_REACH * audit.confirm_rows:
        many = f"more than {OUT_OF_REACH} times the {audit.confirm_rows:,} confirming rows of this audit"
        steps.append(f"It would take {many} to decide it.")
    elif confirmation.more_rows is not None:
        rows = f"About {confirmation.more_rows:,} confirming rows would decide it; this audit had "
        wider = "bring more, or widen window or rows where the schedule has them under [data]"
        steps.append(f"{rows}{audit.confirm_rows:,}: {wider}.")
    margin = margin_text(audit.policy.margin, audit.unit)
    return (
        *steps,
        f"Or declare a wider margin than {margin}, if a smaller gain would not be worth a redeployment.",
    )


# ---------------------------------------------------------------- every setting


def setting_row(
    finding: Finding, yard: Yardstick, *, past: Sequence[AuditSummary] = (), key: str = "e"
) -> SettingRow:
    """Return what the audit says of one setting.

    Parameters
    ----------
    past
        This model's audits, newest first, from this one on back.
    key
        Unique on the page.
    """
    return SettingRow(
        name=finding.name,
        production=setting_text(finding.production),
        recommended=setting_text(finding.recommended) if _changes_value(finding) else None,
        effect=yard.number(finding.effect) if finding.effect else "",
        ends=yard.ends(finding.effect) if finding.effect else "",
        mark=mark_of(finding.call),
        sentence=as_sentence(finding.sentence),
        as_good=_range_text(finding.range),
        safe=_range_text(finding.safe_range),
        also=" ".join([*([] if finding.searched else ["Not searched."]), *_limit_of(finding)]),
        warning=_edge_warning(finding),
        sparkline=_effects_so_far(finding, past, key),
    )


def _effects_so_far(finding: Finding, past: Sequence[AuditSummary], key: str) -> Svg | None:
    """Return what the setting carried of the gain in the newest audits; None with fewer than two.

    A setting that the best change left alone carried nothing.
    """
    found = [
        (yard_of(summary).factor * line.effect.estimate if line.effect else 0.0, summary)
        for summary in past
        if (line := line_of(summary, finding.name)) and summary.call is not None
    ][:MOST_POINTS][::-1]
    if len(found) < 2 or not any(value for value, _ in found):
        return None
    said = ", ".join(f"{date_text(summary.started_at)} {value:.2g}" for value, summary in found)
    words = Words(
        key=key,
        title=f"{finding.name}: part of the gain in the last {len(found)} audits",
        description=f"Oldest first, {yard_of(found[-1][1]).noun}: {said}.",
    )
    return sparkline([value for value, _ in found], call=finding.call, words=words)


def _range_text(ends: tuple[float, float] | None) -> str:
    if ends is None:
        return ""
    low, high = (setting_text(int(end) if _is_whole(end) else end) for end in ends)
    return f"{low} to {high}" if low != high else low


def _is_whole(value: float) -> bool:
    return float(value).is_integer() and abs(value) < 1e15


def _limit_of(finding: Finding) -> tuple[str, ...]:
    if finding.at_edge != "stability":
        return ()
    return (
        "Good values lean on an end near which trainings fail or diverge: nothing is to be had beyond it.",
    )


def _edge_warning(finding: Finding) -> str:
    edge = {"low": "lower", "high": "upper"}.get(finding.at_edge or "")
    return f"Good values crowd the {edge} edge of what was searched: widen the range." if edge else ""


def together_of(audit: Audit) -> tuple[str, ...]:
    """Return in words which settings must be, or may be, changed together."""
    groups = [f"{listed(group)} carry the gain only together: change all of them." for group in audit.groups]
    either = [f"{listed(names, last='or')}: changing any one of them would do." for names in audit.either_of]
    return (*groups, *either)
