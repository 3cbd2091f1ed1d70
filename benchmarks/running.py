"""Benchmarks run one after another: what is new enough is left, what was measured is kept.

A result is stamped with when it was taken, of which commit, under which load, in how much time, and with
a digest of the sources that it says something about: those of the product, of the script, and of what
the script imports of ``benchmarks/``. While that digest stays the same, the result need not be taken again.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from auditor.wiring import SystemClock

ROOT = Path(__file__).parents[1]
PRODUCT = "auditor"

GRACE_SECONDS = 15.0
"""How long a benchmark that was interrupted may take to put things away."""

_IMPORTED = re.compile(r"^\s*(?:from|import) benchmarks\.(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When and where a result was taken.

    Attributes
    ----------
    at
        To the minute, in UTC.
    commit
        What was checked out; with a plus where files had been changed since.
    load
        Processes that wanted a core, over the minute before.
    seconds
        How long it took.
    tree, script
        Digests of the product's sources, and of the benchmark's own.
    """

    at: str
    commit: str
    load: float
    seconds: float
    tree: str
    script: str


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a result; None where there is none, or no result."""
    try:
        found = json.loads(path.read_text()).get("run")
        return Stamp(**found) if found else None
    except (OSError, ValueError, TypeError):
        return None


def is_current(path: Path, name: str, *, root: Path = ROOT) -> bool:
    """Return whether a result was taken of the sources as they are."""
    stamp = stamp_of(path)
    return stamp is not None and (stamp.tree, stamp.script) == (tree_digest(root), script_digest(name, root))


def tree_digest(root: Path = ROOT) -> str:
    """Return a digest of the product's sources."""
    folder = root / PRODUCT
    return _digest(sorted(path for kind in ("*.py", "*.c") for path in folder.rglob(kind)), root)


def script_digest(name: str, root: Path = ROOT) -> str:
    """Return a digest of a benchmark's source, and of what it imports of the others."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        module = open_.pop()
        path = root / "benchmarks" / f"{module}.py"
        if module not in found and path.is_file():
            found.add(module)
            open_ += _IMPORTED.findall(path.read_text(encoding="utf-8"))
    return _digest([root / "benchmarks" / f"{module}.py" for module in sorted(found)], root)


def _digest(paths: Sequence[Path], root: Path) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.relative_to(root)}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def carry_out(module: str, arguments: Sequence[str], path: Path, *, root: Path = ROOT) -> bool:
    """Run one benchmark and keep its result, stamped; an old one is kept where it fails or is interrupted.

    Parameters
    ----------
    module
        As ``benchmarks.report``; it takes ``--json PATH``.

    Raises
    ------
    KeyboardInterrupt
        Once the benchmark has put things away.
    """
    new = path.with_suffix(".new")
    name = module.rpartition(".")[2]
    before = (tree_digest(root), script_digest(name, root))
    load, at, began = os.getloadavg()[0], SystemClock().now(), time.monotonic()
    try:
        done = _run([sys.executable, "-m", module, *arguments, "--json", str(new)], root)
        if done or not new.is_file():
            return False
        stamp = Stamp(
            at=at.strftime("%Y-%m-%d %H:%M"),
            commit=commit_of(root),
            load=round(load, 1),
            seconds=round(time.monotonic() - began),
            tree=before[0],
            script=before[1],
        )
        _put(path, {"run": asdict(stamp), **json.loads(new.read_text())})
    finally:
        new.unlink(missing_ok=True)
    return True


def _put(path: Path, document: dict[str, Any]) -> None:
    whole = path.with_suffix(".whole")
    whole.write_text(json.dumps(document, indent=1) + "\n")
    whole.replace(path)


def _run(command: Sequence[str], root: Path) -> int:
    # A group of its own: it is told once that it is to stop, and nothing that it started outlives it.
    process = subprocess.Popen(command, cwd=root, start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def commit_of(root: Path = ROOT) -> str:
    """Return the commit that is checked out, with a plus where product or benchmarks differ from it."""
    try:
        ask = ("git", "-C", str(root))
        commit = subprocess.run(
            [*ask, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
        )
        changed = subprocess.run(
            [*ask, "diff", "--quiet", "HEAD", "--", PRODUCT, "benchmarks/*.py"], check=False
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return commit.stdout.strip() + ("+" if changed.returncode else "")
