"""What a model's audits say together, and how it is said."""

from dataclasses import replace

import pytest

from auditor.core.detector import e_value_of
from auditor.core.records import Call, Margin, Policy, Repeat
from auditor.core.repeated import Contribution, Place, add_up, done_before, done_over
from tests.examples import a_snapshot, an_audit, an_open_audit

EVIDENCE = Policy(metric="log_loss", margin=Margin(0.01, relative=True))
ALONE, FLEET = replace(EVIDENCE, repeat=Repeat.ALONE), replace(EVIDENCE, repeat=Repeat.FLEET)

NOTHING = Contribution(p_value=None, reason="its rows are those of audit 4", new_rows=0)
CHALLENGER = {"rate": 0.1}


def brought(p_value, *, carried=()):
    return Contribution(
        p_value=p_value, reason="it brings 500 confirming rows", new_rows=500, carried=carried
    )


def place(before=None, *, call=Call.UNDECIDED, **changes):
    number = 1 if before is None else before.number + 1
    return Place(
        number=number,
        to_the_end=number > 1,
        before=before,
        call=call,
        **{"worth": True, "every_days": 30.0, **changes},
    )


def series(*p_values, policy=EVIDENCE, **changes):
    """What stands after audits with these p-values; None for one that brings nothing."""
    found = None
    for p_value in p_values:
        found = add_up(NOTHING if p_value is None else brought(p_value), place(found, **changes), policy)
    return found


def test_evidence_adds_up_to_an_alarm():
    twice = series(0.01, 0.01)

    assert twice.detector == pytest.approx(e_value_of(0.01) ** 2)
    assert (twice.audits, twice.number, twice.alarm) == (2, 2, True)
    assert series(0.01).alarm is False


def test_evidence_for_fresh_is_forgotten_and_not_held_against_later_evidence():
    assert series(1.0, 1.0, 0.01).detector == series(0.01).detector


def test_an_audit_that_brings_nothing_changes_nothing():
    before, after = series(0.01, 0.2), series(0.01, 0.2, None)

    assert (after.detector, after.audits, after.e_value) == (before.detector, before.audits, 1.0)
    assert (after.counted, after.p_value) == (False, None)


def test_an_alarm_outlasts_an_audit_that_brings_nothing():
    assert series(0.001, 0.001, None).alarm


def test_a_gain_that_is_not_worth_the_margin_raises_no_alarm():
    found = series(0.001, 0.001, worth=False)

    assert found.alarm is False
    assert "past the alarm at 100, but the gain is not estimated to be worth the margin" in found.sentence


def test_the_state_is_said_in_words():
    assert series(0.01, 0.05).sentence == "Evidence over 2 audits of these settings: 52, alarm at 100."
    assert series(0.001, 0.001).sentence.startswith("Alarm. Evidence over 2 audits of these settings: 4,277")
    assert series(None).sentence == (
        "This audit adds no evidence: its rows are those of audit 4. Nothing has been added up yet; "
        "the alarm is at 100."
    )


def test_a_call_of_stale_without_an_alarm_says_what_it_is_worth():
    first, found = series(0.02, call=Call.STALE), series(1.0, 0.02, call=Call.STALE)

    assert not first.alarm
    assert first.sentence.endswith("its own call, stale, stands by itself at 95 % confidence.")
    assert not found.alarm
    assert "own call is stale, which is sure enough for one audit" in found.sentence


def test_an_alarm_without_a_call_of_stale_says_what_it_rests_on():
    found = series(0.001, 0.001, 0.3)

    assert found.alarm
    assert found.sentence.endswith("own call is undecided; the alarm rests on the audits before it.")


@pytest.mark.parametrize(
    ("every_days", "promise"),
    [
        (
            30.4375,
            "While no other settings are better, a false alarm comes on average no more often than once in "
            "100 audits: at one every 30 days, once in 8 years, and "
            "within any one year with a chance of at most 12 in 100.",
        ),
        (
            None,
            "While no other settings are better, a false alarm comes on average no more often than once in "
            "100 audits.",
        ),
        (
            1.0,
            "While no other settings are better, a false alarm comes on average no more often than once in "
            "100 audits; at this pace that may be every 100 days: audit less often.",
        ),
    ],
)
def test_the_promise_about_false_alarms_is_for_a_year_of_such_audits(every_days, promise):
    assert series(0.5, every_days=every_days).promise == promise


def test_audits_that_stand_alone_say_how_false_calls_add_up():
    found = series(None, policy=ALONE, call=Call.STALE, every_days=30.4375)

    assert (found.alarm, found.detector) == (True, None)
    assert found.promise == (
        "Of audits that each stand for themselves, up to 5 in 100 call stale by chance: in a year of 12, at "
        "least one does with a chance of up to 46 in 100."
    )


def test_a_model_is_weighed_with_the_others_of_its_cycle():
    others = {f"model-{number}": 0.5 for number in range(9)}

    alone = series(0.02, policy=FLEET)
    among = series(0.02, policy=FLEET, others=others)

    assert (alone.alarm, alone.models) == (True, 1)
    assert (among.alarm, among.models) == (False, 10)
    assert among.sentence == "This model does not stand out among the newest audits of 10 models (p = 0.02)."
    assert series(0.005, policy=FLEET, others=others).alarm


def test_a_carried_challenger_is_shown_when_its_evidence_multiplies_to_thirty_three():
    found = None
    for audits in (1, 2):
        found = add_up(brought(0.3, carried=((CHALLENGER, 0.02),)), place(found), EVIDENCE)
        (carried,) = found.carried
        assert carried.audits == audits
        assert carried.e_value == pytest.approx(e_value_of(0.02) ** audits)
        assert carried.shown is (audits == 2)
        assert found.sentence.endswith(
            "is shown to be better than production, over 2 audits since."
            if carried.shown
            else "challenger left undecided before: 8.2, and 33 would show that it is better."
        )


def test_a_carried_challenger_that_lost_does_not_come_back():
    found = None
    for p_value in (1.0, 1e-6):
        found = add_up(brought(0.3, carried=((CHALLENGER, p_value),)), place(found), EVIDENCE)

    assert found.carried[0].e_value == 0.0


# ---------------------------------------------------------------- which audits came before


def an_open(number, *, rows="r", seed=0):
    return replace(an_open_audit(), id=number, snapshot=replace(a_snapshot(), digest=rows), seed=seed)


def a_line(number, *, rows="r", seed=0, state="done", plan=None):
    plan = plan or an_open_audit().plan_digest
    return replace(an_audit(number).summary, state=state, snapshot=rows, seed=seed, plan_digest=plan)


def test_an_audit_builds_on_the_finished_ones_before_it_oldest_first():
    lines = [a_line(4), a_line(3, rows="c"), a_line(2, rows="b", state="failed"), a_line(1, rows="a")]

    assert [each.id for each in done_before(lines, an_open(4, rows="d"))] == [1, 3]
    assert done_over(lines, an_open(4, rows="d")) is None


def test_an_audit_that_is_done_over_builds_on_what_it_built_on():
    lines = [a_line(3, rows="c"), a_line(2, rows="b", seed=5), a_line(1, rows="a")]

    for number in (4, 9):
        opened = an_open(number, rows="b", seed=5)
        assert [each.id for each in done_before(lines, opened)] == [1]
        assert done_over(lines, opened) == 2
    assert done_over(lines, an_open(4, rows="b", seed=6)) is None


def test_another_plan_on_the_same_rows_with_the_same_seed_is_another_audit():
    lines = [a_line(2, rows="b", seed=5, plan="other"), a_line(1, rows="a")]
    opened = an_open(4, rows="b", seed=5)

    assert done_over(lines, opened) is None
    assert [each.id for each in done_before(lines, opened)] == [1, 2]
