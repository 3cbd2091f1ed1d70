from pathlib import Path

import pytest

from auditor.declarations import find_plan, load_plan, load_plans
from auditor.errors import DeclarationError

ROOT = Path(__file__).parents[3]

GOOD = """
model = "{model}"
[data]
source = "rows.csv"
target = "y"
[trainer]
estimator = "sklearn.linear_model:Ridge"
"""


def write(folder: Path, name: str, model: str) -> None:
    (folder / f"{name}.toml").write_text(GOOD.format(model=model))


def test_one_bad_file_takes_no_other_down_with_it(tmp_path):
    write(tmp_path, "b", "beta")
    write(tmp_path, "a", "alpha")
    (tmp_path / "broken.toml").write_text("model = ")
    (tmp_path / ".#a.toml").write_text("an editor's lock")
    (tmp_path / "notes.txt").write_text("no schedule")

    plans, errors = load_plans(tmp_path)

    assert [plan.name for plan in plans] == ["a", "b"]
    assert [str(error).splitlines()[0] for error in errors] == [f"{tmp_path / 'broken.toml'}: 1 problem"]


def test_a_folder_that_is_not_there_is_one_error(tmp_path):
    plans, errors = load_plans(tmp_path / "schedules")

    assert plans == ()
    assert "no folder" in str(errors[0])


def test_a_missing_schedule_lists_those_there_are(tmp_path):
    write(tmp_path, "churn", "churn")
    write(tmp_path, "flights", "flights")

    with pytest.raises(DeclarationError) as caught:
        load_plan(tmp_path / "flight.toml")

    assert str(caught.value) == (
        f"no schedule 'flight' in {tmp_path}/; there are: churn, flights; did you mean 'flights'?"
    )


def test_a_file_that_is_not_utf_8_says_in_which_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'model = "a"\n# caf\xe9\n')

    with pytest.raises(DeclarationError, match="not UTF-8 in line 2"):
        load_plan(path)


def test_a_folder_in_place_of_a_file_is_told(tmp_path):
    (tmp_path / "x.toml").mkdir()

    with pytest.raises(DeclarationError, match="cannot be read"):
        load_plan(tmp_path / "x.toml")


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD.format(model="a"), encoding="utf-8-sig")

    assert load_plan(tmp_path / "a.toml").model == "a"


def test_a_plan_is_found_by_its_file_first_and_by_its_model_next(tmp_path):
    write(tmp_path, "a", "b")
    write(tmp_path, "b", "c")

    assert find_plan(tmp_path, "b").model == "c"
    assert find_plan(tmp_path, "c").name == "b"


def test_a_model_with_two_schedules_is_not_guessed_at(tmp_path):
    write(tmp_path, "daily", "churn")
    write(tmp_path, "weekly", "churn")

    with pytest.raises(DeclarationError, match="2 schedules audit 'churn'; name one of them: daily, weekly"):
        find_plan(tmp_path, "churn")


def test_a_name_that_nothing_has_is_told_with_the_files_that_could_not_be_read(tmp_path):
    write(tmp_path, "a", "a")
    (tmp_path / "bad.toml").write_text("=")

    with pytest.raises(DeclarationError, match=r"no schedule 'zzz' .*there are: a, bad.*1 could not be read"):
        find_plan(tmp_path, "zzz")


@pytest.mark.parametrize("path", sorted((ROOT / "schedules").glob("*.toml")), ids=lambda path: path.stem)
def test_every_committed_schedule_loads(path):
    plan = load_plan(path)

    assert (ROOT / plan.data.source).is_file()


def test_the_minimal_schedule_is_minimal():
    assert len((ROOT / "schedules/minimal.toml").read_text().splitlines()) < 15


def test_a_schedule_in_no_folder_is_told_in_one_line(tmp_path):
    with pytest.raises(
        DeclarationError,
        match=r"^no folder .*; run auditor where it lies; `auditor init NAME` makes one",
    ):
        find_plan(tmp_path / "schedules", "churn")


def test_a_link_that_leads_nowhere_is_called_one(tmp_path):
    (tmp_path / "churn.toml").symlink_to(tmp_path / "gone.toml")

    with pytest.raises(DeclarationError, match=r"churn\.toml: leads nowhere; it is a link"):
        find_plan(tmp_path, "churn")
