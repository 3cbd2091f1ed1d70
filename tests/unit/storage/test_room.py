"""A full disk, and one that nothing can be written to, are told; one at the limit does not flicker."""

from collections import namedtuple
from pathlib import Path

import pytest

from auditor.errors import StorageError
from auditor.storage.room import FREE_AGAIN, LEAST_FREE, Room, why_not_writable

Usage = namedtuple("Usage", "total used free")


def test_where_there_is_room_nothing_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    Room({"vault": tmp_path / "still/to/be/made"}).check()

    assert list(tmp_path.iterdir()) == []


def test_a_disk_at_the_limit_is_full_until_there_is_clearly_more(tmp_path, monkeypatch):
    room, said = Room({"vault": tmp_path}), []
    for free in (
        FREE_AGAIN,
        LEAST_FREE,
        LEAST_FREE - 1,
        LEAST_FREE + 1,
        FREE_AGAIN - 1,
        FREE_AGAIN,
        LEAST_FREE,
    ):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: Usage(0, 0, free))
        try:
            room.check()
            said.append("")
        except StorageError as error:
            said.append(str(error))

    assert [bool(each) for each in said] == [False, False, True, True, True, False, False]
    assert said[2] == (
        f"the vault {str(tmp_path)!r} has 63 MiB left; free some space, to 128 MiB at least, or run "
        "`auditor prune`"
    )


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("")

    assert (
        why_not_writable(tmp_path / "vault")
        == f"{str(tmp_path / 'vault')!r} cannot be written to: not a directory"
    )
    with pytest.raises(StorageError, match=r"the vault .* cannot be written to"):
        Room({"vault": tmp_path / "vault"}).check()
