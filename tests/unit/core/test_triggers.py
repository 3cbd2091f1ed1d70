from auditor.core.records import When, Why
from auditor.core.triggers import Fired, Seen, is_watched, judge


def looks(when: When, *seen: Seen) -> list[list[Why]]:
    """What fired at each look, one after another."""
    state, fired = {}, []
    for each in seen:
        found, state = judge(when, each, state)
        fired.append([one.why for one in found])
    return fired


CODE = When(code=True)
DRIFT = When(data_drift=0.2)


def drifts(*distances: float, reference: str = "r") -> list[Seen]:
    return [Seen(drift=(distance, "age"), reference=reference) for distance in distances]


def test_what_is_seen_first_is_known():
    assert looks(CODE, Seen(code="a"), Seen(code="a"), Seen(code="a")) == [[], [], []]


def test_a_change_fires_once_when_it_is_seen_twice_in_a_row():
    assert looks(CODE, *(Seen(code=sign) for sign in "abbbb")) == [[], [], [Why.CODE], [], []]


def test_what_is_changed_back_at_once_is_no_change():
    assert looks(CODE, *(Seen(code=sign) for sign in "abaabcaa")) == [[]] * 8


def test_a_change_back_that_stays_is_a_change():
    assert looks(CODE, *(Seen(code=sign) for sign in "abbaa")) == [[], [], [Why.CODE], [], [Why.CODE]]


def test_what_could_not_be_looked_at_changes_nothing():
    assert looks(CODE, Seen(code="a"), Seen(code="b"), Seen(), Seen(code="b")) == [[], [], [], [Why.CODE]]


def test_only_what_is_asked_for_fires():
    seen = [Seen(code=sign, environment=sign, production=sign) for sign in "abb"]

    assert looks(When(), *seen) == [[], [], []]
    assert looks(When(environment=True, production=True), *seen)[2] == [Why.ENVIRONMENT, Why.PRODUCTION]


def test_drift_fires_as_it_passes_and_not_again_until_it_has_fallen_clearly():
    found = looks(DRIFT, *drifts(0.1, 0.25, 0.3, 0.19, 0.21, 0.15, 0.22))

    assert found == [[], [Why.DATA_DRIFT], [], [], [], [], [Why.DATA_DRIFT]]


def test_drift_against_other_rows_may_fire_at_once():
    found = looks(DRIFT, *drifts(0.25), *drifts(0.25, reference="s"))

    assert found == [[Why.DATA_DRIFT], [Why.DATA_DRIFT]]


def test_the_reason_names_the_column():
    (fired,), _ = judge(DRIFT, Seen(drift=(0.31, "age"), reference="r"), {})

    assert fired == Fired(Why.DATA_DRIFT, "column 'age' has moved by 0.31, above 0.2")


def test_a_schedule_without_triggers_is_not_watched():
    assert not is_watched(When(cron="0 3 * * *"))
    assert is_watched(DRIFT)
    assert is_watched(CODE)
