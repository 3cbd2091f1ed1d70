"""Schedules on disk: one file, a folder of them, or one by name."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from auditor.core.records import Plan
from auditor.declarations.parsing import parse_plan
from auditor.declarations.suggestions import nearest
from auditor.errors import DeclarationError


def load_plan(path: Path) -> Plan:
    """Return the plan that a schedule file declares.

    Raises
    ------
    DeclarationError
        If the file is missing, is not UTF-8, is not TOML, or has mistakes; all of them are listed.
    """
    return parse_plan(read_schedule(path), path)


def read_schedule(path: Path) -> str:
    """Return the text of a schedule file.

    Raises
    ------
    DeclarationError
        If the file is missing, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise DeclarationError(_missing(path.stem, path.parent)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DeclarationError(f"{path}: is not UTF-8 in line {line}; save it as UTF-8") from error
    except OSError as error:
        raise DeclarationError(f"{path}: cannot be read: {error.strerror or error}") from error


def load_plans(folder: Path) -> tuple[tuple[Plan, ...], tuple[DeclarationError, ...]]:
    """Return every plan of a folder by file name, and the errors of the files that hold none.

    One bad file takes no other down with it. A folder that does not exist is one error.
    """
    if not folder.is_dir():
        return (), (_no_folder(folder),)
    plans: list[Plan] = []
    errors: list[DeclarationError] = []
    for path in schedule_files(folder):
        try:
            plans.append(load_plan(path))
        except DeclarationError as error:
            errors.append(error)
    return tuple(plans), tuple(errors)


def find_plan(folder: Path, name: str) -> Plan:
    """Return a plan by its file's stem, or else by its model's name when only one has it.

    Raises
    ------
    DeclarationError
        If there is none, if several audit that model, or if the file has mistakes.
    """
    if not folder.is_dir():
        raise _no_folder(folder)
    by_stem = {path.stem: path for path in schedule_files(folder)}
    if name in by_stem:
        return load_plan(by_stem[name])
    plans, errors = load_plans(folder)
    found = [plan for plan in plans if plan.model == name]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(plan.name for plan in found)
        raise DeclarationError(f"{len(found)} schedules audit {name!r}; name one of them: {names}")
    raise DeclarationError(_missing(name, folder) + _unread(errors))


def schedule_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of a folder that are schedules, by name."""
    # By their names as text: paths take four times as long to compare, and the daemon looks at every tick.
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(".toml"))
        # Editors leave hidden files beside the one being edited.
        return tuple(folder / name for name in names if not name.startswith("."))
    return ()


def _no_folder(folder: Path) -> DeclarationError:
    return DeclarationError(
        f"no folder {str(folder)!r} here; run auditor where it lies; `auditor init NAME` makes one"
    )


def _missing(name: str, folder: Path) -> str:
    stems = [path.stem for path in schedule_files(folder)]
    if name in stems:
        return f"{folder}/{name}.toml: leads nowhere; it is a link to a file that is not there"
    near = nearest(name, stems)
    hint = f"; did you mean {near!r}?" if near else ""
    there = f"there are: {', '.join(stems)}{hint}" if stems else "there are none yet"
    return f"no schedule {name!r} in {folder}/; {there}"


def _unread(errors: Sequence[DeclarationError]) -> str:
    if not errors:
        return ""
    return f" ({len(errors)} could not be read; the first: {str(errors[0]).splitlines()[0]})"
