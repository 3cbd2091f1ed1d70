import os
from pathlib import Path

import pytest

from auditor.daemon.folder import Folder

GOOD = """
[production]
a = 1
[data]
source = "postgresql://ann:s3cret@db/shop"
query = "SELECT 1"
target = "y"
[trainer]
estimator = "sklearn.linear_model:Ridge"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "churn.toml").write_text(GOOD)
    return Folder(tmp_path)


def names(found) -> list[str]:
    return [each.plan.name for each in found.mended]


def test_only_what_changed_is_read_again(folder: Folder) -> None:
    first, second = folder.look(), folder.look()
    (folder.path / "churn.toml").write_text(GOOD + "[budget]\ntrials = 7\n")
    third = folder.look()

    assert [names(found) for found in (first, second, third)] == [["churn"], [], ["churn"]]
    assert folder.schedules["churn"].plan.budget.trials == 7


def test_the_text_is_kept_with_its_password_for_whoever_audits_and_the_plan_without(folder: Folder) -> None:
    folder.look()

    kept = folder.schedules["churn"]

    assert "s3cret" in kept.text
    assert kept.plan.text == ""


def test_a_broken_file_is_told_of_once_and_its_last_good_text_is_kept(folder: Folder) -> None:
    folder.look()
    (folder.path / "churn.toml").write_text("[production")
    first, found, again = folder.look(), folder.look(), folder.look()

    assert first.broken == again.broken == {}
    assert "is not TOML" in found.broken["churn"]
    assert "is not TOML" in folder.problems["churn"]
    assert folder.schedules["churn"].text == GOOD

    (folder.path / "churn.toml").write_text(GOOD)
    assert names(folder.look()) == ["churn"]
    assert folder.problems == {}


def test_half_a_file_that_an_editor_still_writes_is_not_told_of(folder: Folder) -> None:
    folder.look()
    path = folder.path / "churn.toml"
    path.write_text("")
    half = folder.look()
    path.write_text(GOOD + "\n[when]\nevry = 1\n")
    whole = folder.look()
    path.write_text(GOOD)
    mended = folder.look()

    assert half.broken == whole.broken == mended.broken == {}
    assert names(mended) == ["churn"]
    assert folder.look().broken == {}


def test_a_file_is_gone_when_it_was_not_there_twice_in_a_row(folder: Folder) -> None:
    folder.look()
    path = folder.path / "churn.toml"
    path.rename(path.with_suffix(".bak"))
    once = folder.look()
    path.with_suffix(".bak").rename(path)
    back = folder.look()
    path.unlink()
    twice = [folder.look(), folder.look(), folder.look()]

    assert (once.gone, back.gone) == ((), ())
    assert [found.gone for found in twice] == [(), ("churn",), ()]
    assert folder.schedules == {}


def test_a_schedule_that_was_kept_before_and_whose_file_went_meanwhile_is_gone(folder: Folder) -> None:
    folder.expect(["churn", "former"])

    assert [folder.look().gone for _ in range(3)] == [(), ("former",), ()]


def test_an_empty_folder_forgets_nothing_that_was_kept_before(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.expect(["former"])

    assert [folder.look().gone for _ in range(3)] == [(), (), ()]


def test_a_folder_that_is_away_is_no_wish_to_audit_nothing(folder: Folder) -> None:
    folder.look()
    away = folder.path.with_name("away")
    folder.path.rename(away)
    found = [folder.look(), folder.look()]
    away.rename(folder.path)

    assert "there is no folder" in found[0].broken[""]
    assert found[1].broken == {}, "said once"
    assert "churn" in folder.schedules
    assert folder.look().gone == ()
    assert folder.problems == {}


def test_a_file_of_the_same_size_that_was_put_in_its_place_is_read(folder: Folder) -> None:
    folder.look()
    path = folder.path / "churn.toml"
    stamp = path.stat()
    other = folder.path / ".new"
    other.write_text(GOOD.replace("a = 1", "a = 2"))
    os.utime(other, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    other.rename(path)

    assert names(folder.look()) == ["churn"]
