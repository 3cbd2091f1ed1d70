"""Import paths, and what is said when nothing lies at their end."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.errors import TrainerError
from auditor.trainers.importing import import_object, nearest


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Go to a folder with user code in it, and forget the code afterwards."""
    package = tmp_path / "shop_of_tests"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "churn.py").write_text("class Models:\n    forest = 'oak'\n\ndef build():\n    return 1\n")
    (package / "broken.py").write_text("import a_library_nobody_has\n")
    (package / "raising.py").write_text("raise ValueError('no licence\\n found')\n")
    (package / "leaving.py").write_text("raise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("shop_of_tests")]:
        del sys.modules[name]


def test_code_in_the_current_folder_is_found(shop: Path) -> None:
    assert import_object("shop_of_tests.churn:build")() == 1


def test_a_name_may_have_dots(shop: Path) -> None:
    assert import_object("shop_of_tests.churn:Models.forest") == "oak"


def test_code_that_was_written_after_the_first_look_is_found(shop: Path) -> None:
    with pytest.raises(TrainerError):
        import_object("shop_of_tests.late:x")
    (shop / "shop_of_tests" / "late.py").write_text("x = 3\n")

    assert import_object("shop_of_tests.late:x") == 3


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("shop_of_tests.churn:biuld", "module 'shop_of_tests.churn' has no 'biuld'; did you mean 'build'?"),
        ("shop_of_tests.churn:Models.frest", "'Models' has no 'frest'; did you mean 'forest'?"),
        (
            "shop_of_tests.chrun:build",
            "there is no module 'shop_of_tests.chrun' in the current folder or among the installed packages; "
            "did you mean 'churn'?",
        ),
        ("no_such_thing_at_all:x", "there is no module 'no_such_thing_at_all' in the current folder"),
        (
            "shop_of_tests.broken:x",
            "broken cannot be imported: ModuleNotFoundError: No module named 'a_library_nobody_has'",
        ),
        ("shop_of_tests.raising:x", "shop_of_tests.raising cannot be imported: ValueError: no licence found"),
        ("shop_of_tests.leaving:x", "shop_of_tests.leaving cannot be imported: SystemExit: 1"),
        ("shop_of_tests.churn.build", "is not an import path; did you mean 'shop_of_tests.churn:build'?"),
        ("build", "is not an import path; write it as 'package.module:name'"),
        ("shop:", "is not an import path; write it as 'package.module:name'"),
    ],
)
def test_what_is_missing_is_said_with_the_path_and_the_nearest_name(
    shop: Path, path: str, message: str
) -> None:
    with pytest.raises(TrainerError) as raised:
        import_object(path)

    assert str(raised.value).startswith(repr(path))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert nearest("learning_rate", ["C", "kernel"]) == ""
