"""What lies below the first screen, in words: the evidence, the search, the trials, provenance. Pure."""

import math
from collections.abc import Sequence
from itertools import groupby

from auditor.core.records import (
    Audit,
    Config,
    Confirmation,
    DimensionRecord,
    Finalist,
    SearchRecord,
    TrialRecord,
)
from auditor.core.wording import counted, in_evidence, listed
from auditor.reporting.numbers import (
    GAP,
    NOTHING,
    Yardstick,
    as_sentence,
    bytes_text,
    loss_text,
    margin_text,
    moment_text,
    setting_text,
    span_text,
)
from auditor.reporting.page import (
    Fact,
    SearchSection,
    Table,
)
from auditor.reporting.search_figures import search_figures

_MOST_SETTINGS = 12
"""Columns of settings in the table of trials; the twin has them all."""


# ---------------------------------------------------------------- the evidence


def confirming_lines(audit: Audit, yard: Yardstick) -> tuple[str, ...]:
    """Return what the confirmation ended in and why, a sentence each."""
    confirmation = audit.confirmation
    if confirmation is None:
        return ()
    unit = f"{loss_text(confirmation.production_loss)} {audit.unit}"
    said = [
        as_sentence(confirmation.reason),
        f"Production, retrained on the same rows, loses {unit}; "
        f"the margin is {margin_text(audit.policy.margin, audit.unit)}"
        + (f", which is {loss_text(confirmation.margin)} here." if audit.policy.margin.relative else "."),
        *_promised(confirmation, yard),
        f"Sequential p-value of the claim that no finalist is better: {confirmation.p_value:.2g}.",
    ]
    return (*said, *_over_audits(audit))


def _promised(confirmation: Confirmation, yard: Yardstick) -> tuple[str, ...]:
    """Return what the search made of the challenger that the verdict is about, beside what was confirmed."""
    if not confirmation.finalists:
        return ()
    winner = confirmation.finalists[confirmation.winner]
    if winner.search_gain is None or not winner.looks:
        return ()
    gain = winner.looks[-1].gain
    promised = yard.amount(winner.search_gain, width=gain.high - gain.low)
    flattered = winner.search_gain > gain.estimate
    why = ": the best of many scores flatters itself" if flattered else ""
    return (f"The search promised {promised}; on rows it never saw, it is {yard.number(gain)}{why}.",)


def _over_audits(audit: Audit) -> tuple[str, ...]:
    """Return what the model's audits say together, and what is promised about false alarms."""
    repeated = audit.repeated
    if repeated is None:
        return ()
    late = "Confirming could stop early for fresh, but not for stale, so that the evidence can add up."
    return (repeated.sentence, repeated.promise, *([late] if repeated.to_the_end else []))


def carried_table(audit: Audit) -> Table | None:
    """Return the challengers that earlier audits left undecided, with what has been added up on each."""
    carried = audit.repeated.carried if audit.repeated else ()
    if not carried:
        return None
    needed = 1.0 / (1.0 - audit.policy.confidence) if audit.policy.confidence < 1.0 else math.inf
    production = audit.capture.config
    return Table(
        caption="Challengers that earlier audits left undecided; "
        f"evidence of {needed:.0f} shows one to be better",
        head=("Evidence", "Audits since", "Standing", "Changes against production"),
        rows=tuple(
            (
                in_evidence(one.e_value),
                str(one.audits),
                "shown to be better" if one.shown else "not shown",
                _changes(one.config, production),
            )
            for one in carried
        ),
        numeric=(True, True, False, False),
    )


def finalists_table(audit: Audit, yard: Yardstick) -> Table | None:
    """Return every challenger that was confirmed; None when none was."""
    confirmation = audit.confirmation
    if confirmation is None or not confirmation.finalists:
        return None
    production = audit.capture.config
    rows = [
        _finalist_row(finalist, production=production, yard=yard, quoted=place == confirmation.winner)
        for place, finalist in enumerate(confirmation.finalists)
    ]
    return Table(
        caption="The finalists: challengers that were confirmed",
        head=("Promised", "Confirmed", "Interval", "Looks", "Standing", "Changes against production"),
        rows=tuple(rows),
        numeric=(True, True, True, True, False, False),
    )


def _finalist_row(
    finalist: Finalist, *, production: Config, yard: Yardstick, quoted: bool
) -> tuple[str, ...]:
    gain = finalist.looks[-1].gain if finalist.looks else None
    promised = finalist.search_gain
    width = gain.high - gain.low if gain else 0.0
    beaten = "less than the margin" if finalist.excluded else "not the best"
    standing = "its gain is the verdict's" if quoted else beaten
    standing += "; left undecided before" if finalist.carried else ""
    return (
        yard.amount(promised, width=width) if promised is not None else NOTHING,
        yard.number(gain) if gain else NOTHING,
        yard.ends(gain) if gain else NOTHING,
        str(len(finalist.looks)),
        standing,
        _changes(finalist.config, production),
    )


def _changes(config: Config, production: Config) -> str:
    """Return in what a configuration differs from production."""
    changed = [
        f"{name} = {setting_text(value)}"
        for name, value in config.items()
        if name not in production or production[name] != value
    ]
    return ", ".join(changed) or "none"


# ---------------------------------------------------------------- the search


def search_section(audit: Audit) -> SearchSection | None:
    """Return what was searched, how, and every trial of it; None if the search never ended."""
    search = audit.search
    if search is None:
        return None
    return SearchSection(
        lines=_search_lines(search, audit),
        warnings=tuple(f"{one.name}: {as_sentence(one.warning)}" for one in search.space if one.warning),
        figures=search_figures(audit),
        space=_space_table(search),
        trials=_trials_table(search),
        trials_summary=_trials_summary(search),
        failures=_failures(search),
    )


def _search_lines(search: SearchRecord, audit: Audit) -> tuple[str, ...]:
    said = [f"Strategy: {search.strategy}. {as_sentence(search.reason)}"]
    if len(search.rungs) > 1:
        shares = [f"{rung * 100:.3g}" for rung in search.rungs]
        layout = audit.provenance.layout
        what = "the rows to fit on" if layout is not None and layout.thinned else "a full training"
        said.append(f"Trials were compared at {listed(shares)} % of {what}; only losses of one rung compare.")
    if 0.0 < search.screened < 1.0:
        said.append(
            f"A region of better values that fills at least {search.screened * 100:.2g} % of the space would "
            "have been tried with 95 % assurance; a smaller one may have been missed."
        )
    if search.transferred:
        were = "was" if search.transferred == 1 else "were"
        said.append(
            f"{counted(search.transferred, 'configuration')} that did well in earlier audits {were} "
            "tried again first; that assurance does not count them."
        )
    if audit.panda is not None:
        return tuple(said)  # a turn has one nudge: no number of trials bounds it
    limits = f"{counted(audit.budget.trials, 'trial')} or {span_text(audit.budget.time)}"
    said.append(f"The search was allowed {limits}, {counted(audit.budget.workers, 'worker')} at once.")
    return tuple(said)


def _space_table(search: SearchRecord) -> Table:
    return Table(
        caption="What was searched",
        head=("Setting", "Scale", "Values", "Range"),
        rows=tuple(
            (
                one.name,
                one.scale.value,
                _values(one),
                _origin(one),
            )
            for one in search.space
        ),
        numeric=(False, False, False, False),
    )


def _origin(dimension: DimensionRecord) -> str:
    said = "made around production" if dimension.defaulted else "declared"
    if dimension.grown is None or dimension.declared_low is None or dimension.declared_high is None:
        return said
    low, high = (_end(end, dimension) for end in (dimension.declared_low, dimension.declared_high))
    return f"{said} as {low} to {high}, and grown: {dimension.grown}"


def _values(dimension: DimensionRecord) -> str:
    if dimension.choices is not None:
        return ", ".join(setting_text(choice) for choice in dimension.choices)
    whole = ", whole numbers" if dimension.integer else ""
    return f"{_end(dimension.low, dimension)} to {_end(dimension.high, dimension)}{whole}"


def _end(value: float | None, dimension: DimensionRecord) -> str:
    if value is None:
        return NOTHING
    return setting_text(int(value) if dimension.integer and math.isfinite(value) else float(value))


def _trials_table(search: SearchRecord) -> Table | None:
    if not search.trials:
        return None
    names = [one.name for one in search.space][:_MOST_SETTINGS]
    return Table(
        caption="Every run of the trainer, in order",
        head=("#", "Round", "Rows", *names, "Share", "Loss", "Seconds"),
        rows=tuple(_trial_row(trial, names) for trial in search.trials),
        numeric=(True, False, False, *(False for _ in names), True, True, True),
    )


def _trial_row(trial: TrialRecord, names: Sequence[str]) -> tuple[str, ...]:
    values = [setting_text(trial.config[name]) if name in trial.config else NOTHING for name in names]
    outcome = trial.failure.kind.value if trial.failure else loss_text(trial.loss)
    share, seconds = f"{trial.fidelity:.3g}", f"{trial.seconds:.3g}"
    return (str(trial.id), trial.round.value, trial.fold, *values, share, outcome, seconds)


def _failures(search: SearchRecord) -> tuple[str, ...]:
    """Return every way in which trials failed, in a line each, with the trials it befell."""
    failed = [
        (trial.failure.kind.value, trial.failure.message, trial.id)
        for trial in search.trials
        if trial.failure
    ]
    lines = []
    for (kind, message), group in groupby(sorted(failed), key=lambda one: one[:2]):
        ids = [str(number) for _, _, number in group]
        which = (
            f"trials {', '.join(ids[:12])}{'…' if len(ids) > 12 else ''}"
            if len(ids) > 1
            else f"trial {ids[0]}"
        )
        lines.append(f"{kind}, {which}: {message[:300]}")
    return tuple(lines)


def _trials_summary(search: SearchRecord) -> str:
    failed = sum(trial.failure is not None for trial in search.trials)
    return counted(len(search.trials), "trial") + (f", {failed} failed" if failed else "")


# ---------------------------------------------------------------- around it


def changes_table(audit: Audit) -> Table | None:
    """Return what differs in environment and code since the capture; None if nothing does."""
    rows = [("environment", one.what, one.then, one.now) for one in audit.environment_changes]
    rows += [("code", one.what, one.then, one.now) for one in audit.code_changes]
    if not rows:
        return None
    return Table(
        caption=f"Since the capture of {moment_text(audit.capture.captured_at)}",
        head=("Of", "What", "Then", "Now"),
        rows=tuple(rows),
        numeric=(False, False, False, False),
    )


def next_audit_lines(audit: Audit) -> tuple[str, ...]:
    """Return when to look again, why, and how fast these settings go stale where that is estimated."""
    planned = audit.next_audit
    said = as_sentence(planned.reason)
    lines = [f"{moment_text(planned.due)}: {planned.reason}." if planned.due else said]
    if planned.hazard is not None:
        chance = f"{planned.hazard * 100:.2g}{GAP}%"
        lines.append(
            f"While they are fresh, these settings go stale with a chance of about {chance} a month."
        )
    return tuple(lines)


def provenance_facts(audit: Audit) -> tuple[Fact, ...]:
    """Return what it takes to get the same findings again."""
    provenance, snapshot = audit.provenance, audit.snapshot
    facts = [
        Fact(name="The same audit again", value=provenance.command, code=True),
        Fact(name="Audit", value=f"{audit.id} of {audit.model}, {_span(audit)}"),
        Fact(name="Schedule", value=provenance.schedule, code=True),
        Fact(name="Schedule digest", value=provenance.schedule_digest, code=True),
        Fact(name="Snapshot digest", value=provenance.snapshot_digest or NOTHING, code=True),
        Fact(name="Seed", value=str(provenance.seed), code=True),
        Fact(name="Capture", value=f"{audit.capture.id}, recorded {moment_text(audit.capture.captured_at)}"),
        Fact(name="Metric", value=f"{audit.metric} ({audit.unit}, lower is better)"),
    ]
    if snapshot is not None:
        size = f"{counted(snapshot.rows, 'row')}, {counted(len(snapshot.columns), 'column')}"
        facts.append(Fact(name="Data", value=f"{snapshot.source}: {size}, {bytes_text(snapshot.bytes)}"))
    return tuple(facts)


def _span(audit: Audit) -> str:
    return f"{moment_text(audit.started_at)} to {moment_text(audit.finished_at)}"
