import fcntl
from pathlib import Path

import pytest

from auditor.files import alone, in_turn, move, replacing


def write_and_fail(path: Path) -> None:
    path.write_text("half")
    raise ZeroDivisionError


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "target"

    for content in ("first", "second"):
        with replacing(target) as part:
            part.write_text(content)

        assert target.read_text() == content
    assert list(target.parent.iterdir()) == [target]


def test_when_writing_fails_the_old_file_stays_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")

    with pytest.raises(ZeroDivisionError), replacing(target) as part:
        write_and_fail(part)

    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_move_leaves_no_source(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "folder" / "target"
    source.write_text("content")

    move(source, target)

    assert target.read_text() == "content"
    assert not source.exists()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second disk")  # noqa: S108  # no file of others is touched
def test_a_move_from_another_disk_leaves_no_source(tmp_path: Path) -> None:
    source, target = Path("/dev/shm") / f"auditor-{tmp_path.name}", tmp_path / "target"  # noqa: S108  # as above
    source.write_text("content")

    move(source, target)

    assert target.read_text() == "content"
    assert not source.exists()


def test_who_is_alone_keeps_others_out_to_the_end_of_the_block(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.touch()

    with lock.open() as other:
        with alone(lock), pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_where_nobody_can_be_alone_those_who_take_turns_go_ahead(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    with pytest.raises(FileNotFoundError), alone(gone / "lock"):
        raise AssertionError("went ahead")
    with in_turn(gone):
        went_ahead = True

    assert went_ahead


def test_what_fails_within_a_turn_is_told_and_ends_it(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"), in_turn(tmp_path):
        raise OSError("the disk is full")

    with (tmp_path / ".turn").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
