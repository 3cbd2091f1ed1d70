"""What an audit adds to the model's earlier ones, and what that comes to, in words.

The audit's own call is about this audit alone. Who audits every month reads twelve calls a year,
and of twelve calls at 95 % one may well be wrong; so beside the call stands what all audits say
together, with a promise about false alarms that holds for as long as the audits go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.core.cadence import DAYS_PER_MONTH
from auditor.core.detector import (
    FALSE_SHARE,
    detected,
    e_value_of,
    evidence_needed,
    false_alarms_alone,
    multiplied,
    named_together,
)
from auditor.core.records import (
    ALARM,
    AuditSummary,
    Call,
    Carried,
    Config,
    OpenAudit,
    Policy,
    Repeat,
    Repeated,
    config_key,
)
from auditor.core.wording import counted, in_evidence

_DAYS_PER_YEAR = 12.0 * DAYS_PER_MONTH


def done_before(summaries: Sequence[AuditSummary], opened: OpenAudit) -> tuple[AuditSummary, ...]:
    """Return the model's finished audits that an open one may build on, oldest first.

    Those that began before it; and if it does one of them over, those that began before that one: done over,
    an audit comes out as it did. Audits that did another one over are left out: they brought nothing.

    Parameters
    ----------
    summaries
        Of the model, in any order.
    """
    again = done_over(summaries, opened)
    limit = opened.id if again is None else again
    first: dict[tuple[str, int, str], AuditSummary] = {}
    for each in sorted(summaries, key=lambda each: each.id):
        if each.state == "done" and each.id < limit:
            first.setdefault((each.snapshot, each.seed, each.plan_digest), each)
    return tuple(first.values())


def done_over(summaries: Sequence[AuditSummary], opened: OpenAudit) -> int | None:
    """Return the number of the first audit that an open one does over, or None.

    One with the same rows, the same seed and the same plan, code and production: another margin, or another
    metric, makes it another audit.
    """
    asked = (opened.snapshot.digest, opened.seed, opened.plan_digest)
    same = [
        each.id
        for each in summaries
        if each.state == "done"
        and each.id < opened.id
        and (each.snapshot, each.seed, each.plan_digest) == asked
    ]
    return min(same, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one audit brings to the evidence.

    Attributes
    ----------
    p_value
        Of "no challenger is better" on rows no earlier audit looked at; None if it brings nothing.
    reason
        Why it counts, or why it does not: a clause.
    new_rows
        Confirming rows that no earlier audit looked at.
    carried
        Challengers whose seat was theirs before the search began, each with its own p-value.
    """

    p_value: float | None
    reason: str
    new_rows: int
    carried: tuple[tuple[Config, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the audit stands among the model's, and among the models.

    Attributes
    ----------
    number
        Its place among the finished audits of the model, counted from 1.
    to_the_end
        As in `Repeated`.
    before
        What was added up over the earlier audits of these settings; None where there is nothing.
    worth
        Whether the gain is estimated to be worth the margin: no alarm is raised for less.
    others
        Under ``fleet``: the p-values of the other models' newest audits.
    every_days
        Days between audits, or None where the schedule does not say.
    """

    number: int
    to_the_end: bool
    before: Repeated | None
    call: Call
    worth: bool
    others: Mapping[str, float] = field(default_factory=dict)
    every_days: float | None = None


def add_up(brought: Contribution, place: Place, policy: Policy) -> Repeated:
    """Return what the audits of a model say together, this one included."""
    before, repeat = place.before, policy.repeat
    counted = brought.p_value is not None
    e_value = 1.0 if brought.p_value is None else e_value_of(brought.p_value)
    detector = None
    if repeat is Repeat.EVIDENCE:
        earlier = before.detector if before and before.detector is not None else 1.0
        detector = detected(earlier, e_value) if counted else earlier
    found = Repeated(
        policy=repeat,
        number=place.number,
        to_the_end=place.to_the_end,
        counted=counted,
        reason=brought.reason,
        new_rows=brought.new_rows,
        p_value=brought.p_value,
        e_value=e_value,
        detector=detector,
        alarm_at=ALARM,
        alarm=_alarm(brought, place, repeat=repeat, detector=detector),
        audits=(before.audits if before else 0) + counted,
        models=1 + len(place.others) if repeat is Repeat.FLEET else 1,
        promise=_promise(policy, every_days=place.every_days),
        carried=_carried(brought, before.carried if before else (), policy=policy),
    )
    return _worded(found, place, brought=brought, policy=policy)


def _alarm(brought: Contribution, place: Place, *, repeat: Repeat, detector: float | None) -> bool:
    if repeat is Repeat.ALONE:
        return place.call is Call.STALE
    if brought.p_value is None:
        return place.before is not None and place.before.alarm
    if repeat is Repeat.EVIDENCE:
        return place.worth and detector is not None and detector >= ALARM
    return place.worth and "" in named_together({**place.others, "": brought.p_value})


def _carried(brought: Contribution, before: Sequence[Carried], *, policy: Policy) -> tuple[Carried, ...]:
    """Return the challengers carried so far with this audit's evidence on them, and those seen first here."""
    known = {config_key(each.config): each for each in before}
    for config, p_value in brought.carried:
        key = config_key(config)
        old = known.setdefault(key, Carried(config=config, audits=0, e_value=1.0, shown=False))
        product = multiplied(old.e_value, e_value_of(p_value))
        needed = evidence_needed(1 + list(known).index(key), confidence=policy.confidence)
        known[key] = Carried(
            config=config, audits=old.audits + 1, e_value=product, shown=old.shown or product >= needed
        )
    return tuple(known.values())


# ---------------------------------------------------------------- words


def _worded(found: Repeated, place: Place, *, brought: Contribution, policy: Policy) -> Repeated:
    words = {Repeat.ALONE: _alone, Repeat.EVIDENCE: _evidence, Repeat.FLEET: _fleet}[found.policy]
    said = words(found)
    if found.alarm is not (place.call is Call.STALE):
        said = f"{said} {_apart(found, place.call, policy=policy)}"
    for config, _ in brought.carried:
        said = f"{said} {_about(config, found.carried, policy=policy)}"
    return replace(found, sentence=said)


def _alone(found: Repeated) -> str:
    return "This audit stands for itself; the schedule asks for no more."


def _evidence(found: Repeated) -> str:
    detector = found.detector if found.detector is not None else 1.0
    over = f"over {counted(found.audits, 'audit')} of these settings"
    added = "" if found.counted else f"This audit adds no evidence: {found.reason}. "
    if found.audits == 0:
        return f"{added}Nothing has been added up yet; the alarm is at {found.alarm_at:g}."
    if detector >= found.alarm_at and not found.alarm:
        worth = "but the gain is not estimated to be worth the margin"
        return (
            f"{added}Evidence {over}: {in_evidence(detector)}, past the alarm at {found.alarm_at:g}, {worth}."
        )
    raised = "Alarm. " if found.alarm else ""
    return f"{added}{raised}Evidence {over}: {in_evidence(detector)}, alarm at {found.alarm_at:g}."


def _fleet(found: Repeated) -> str:
    if not found.counted or found.p_value is None:
        return f"This audit is not weighed with those of other models: {found.reason}."
    among = f"the newest audits of {counted(found.models, 'model')}"
    stands = "Alarm. This model stands out" if found.alarm else "This model does not stand out"
    return f"{stands} among {among} (p = {found.p_value:.2g})."


def _apart(found: Repeated, call: Call, *, policy: Policy) -> str:
    """Return how an alarm and a call that differ are to be read."""
    if found.alarm:
        return f"This audit's own call is {call}; the alarm rests on the audits before it."
    if found.number == 1:
        sure = f"{policy.confidence * 100:g} %"
        return f"This is the model's first audit: its own call, stale, stands by itself at {sure} confidence."
    return (
        "This audit's own call is stale, which is sure enough for one audit; over many audits, wait for the "
        "alarm, or expect some false calls."
    )


def _about(config: Config, carried: Sequence[Carried], *, policy: Policy) -> str:
    """Return what has been added up on the challenger that an earlier audit left undecided."""
    keys = [config_key(each.config) for each in carried]
    place = keys.index(config_key(config))
    each = carried[place]
    over = f"over {counted(each.audits, 'audit')} since"
    needed = evidence_needed(1 + place, confidence=policy.confidence)
    if each.shown:
        return f"The challenger left undecided before is shown to be better than production, {over}."
    said = f"Evidence {over} on the challenger left undecided before: {in_evidence(each.e_value)}"
    return f"{said}, and {needed:.0f} would show that it is better."


def _promise(policy: Policy, *, every_days: float | None) -> str:
    yearly = None if every_days is None else _DAYS_PER_YEAR / every_days
    if policy.repeat is Repeat.FLEET:
        return (
            f"Of the models that stand out together, on average at most {FALSE_SHARE * 100:.0f} in 100 do so "
            "by chance."
        )
    if policy.repeat is Repeat.ALONE:
        return _promise_alone(policy.confidence, yearly=yearly)
    promised = (
        "While no other settings are better, a false alarm comes on average no more often than once in "
        f"{ALARM:.0f} audits"
    )
    if yearly is None:
        return f"{promised}."
    if yearly > ALARM:
        days = max(1.0, _DAYS_PER_YEAR * ALARM / yearly)
        return f"{promised}; at this pace that may be every {_days(days)}: audit less often."
    in_a_year = _hundredths(min(1.0, max(1.0, yearly) / ALARM))
    return (
        f"{promised}: at one every {_days(every_days)}, once in {_years(ALARM / yearly)}, and within any one "
        f"year with a chance of at most {in_a_year}."
    )


def _promise_alone(confidence: float, *, yearly: float | None) -> str:
    chance = _hundredths(1.0 - confidence)
    one = f"Of audits that each stand for themselves, up to {chance} call stale by chance"
    if yearly is None or yearly < 1.5:
        return f"{one}."
    year = _hundredths(false_alarms_alone(confidence, yearly))
    return f"{one}: in a year of {yearly:.0f}, at least one does with a chance of up to {year}."


def _hundredths(share: float) -> str:
    return f"{share * 100:.2g} in 100" if share < 0.995 else "100 in 100"


def _days(days: float | None) -> str:
    return "day" if days is None or round(days) <= 1 else f"{days:.0f} days"


def _years(years: float) -> str:
    return f"{years:.0f} years" if years >= 1.5 else f"{years * 12:.0f} months"
