import pytest

from auditor.drafts.columns import ColumnFacts, is_classes, propose_roles


def column(name, kind="number", *, rows=1000, distinct=500, missing=0):
    return ColumnFacts(name=name, kind=kind, rows=rows, distinct=distinct, missing=missing)


def test_a_name_that_says_it_is_the_target_wins_over_the_last_column():
    roles = propose_roles([column("isFraud", "bool", distinct=2), column("amount")])

    assert (roles.target.column, roles.sure) == ("isFraud", True)


def test_without_such_a_name_the_last_column_is_proposed_and_said_to_be_a_guess():
    roles = propose_roles([column("a"), column("b"), column("c")])

    assert (roles.target.column, roles.sure) == ("c", False)
    assert "last column" in roles.target.because


def test_the_whole_name_says_more_than_a_word_of_it():
    roles = propose_roles([column("target"), column("target_encoded_city")])

    assert roles.target.column == "target"


@pytest.mark.parametrize(
    "bad",
    [
        column("label", "time"),
        column("label", distinct=1),
        column("label", missing=3),
        column("label", "text", distinct=900),
    ],
)
def test_what_cannot_be_predicted_is_no_target(bad):
    assert propose_roles([column("x"), bad]).target.column == "x"


def test_a_column_named_like_a_target_that_has_holes_is_not_passed_over_in_silence():
    found = propose_roles([column("a"), column("b"), column("y", missing=45)]).target

    assert found.column == "b"
    assert "y is named like a target, but has no value in 45 of 1,000 rows" in found.because
    assert propose_roles([column("y"), column("late", missing=45)]).target.because == "its name says so"


def test_nothing_to_predict_is_said():
    assert propose_roles([column("day", "time")]).target.column is None


def test_of_several_dates_one_orders_the_rows_and_the_others_are_no_features():
    columns = [column("birthday", "time"), column("ts", "time"), column("y", "bool", distinct=2)]

    roles = propose_roles(columns)

    assert roles.time.column == "ts"
    assert [each.column for each in roles.drop] == ["birthday"]


def test_numbers_order_rows_only_where_their_name_says_so():
    assert propose_roles([column("Time"), column("y")]).time.column == "Time"
    assert propose_roles([column("year", "integer"), column("y")]).time.column is None


def test_rows_of_one_customer_are_kept_together_where_no_time_orders_them():
    customer = column("customer_id", "integer", distinct=200)

    assert propose_roles([customer, column("y")]).group.column == "customer_id"
    assert propose_roles([customer, column("day", "time"), column("y")]).group.column is None


def test_what_tells_every_row_apart_is_no_feature():
    roles = propose_roles([column("order_id", "integer", distinct=1000), column("note", "text"), column("y")])

    assert [each.column for each in roles.drop] == ["order_id", "note"]


def test_what_is_asked_for_is_taken():
    roles = propose_roles([column("a"), column("b"), column("c")], target="a", time="b")

    assert (roles.target.column, roles.time.column) == ("a", "b")


def test_few_whole_numbers_are_classes_and_many_are_amounts():
    assert is_classes(column("y", "integer", distinct=3))
    assert is_classes(column("y", distinct=2))
    assert not is_classes(column("y", "integer", distinct=300))
    assert not is_classes(column("y", "integer", rows=20, distinct=10))
    assert not is_classes(column("y", distinct=7))
