"""What an audit runs on: the machine, the libraries, the trainer's code.

Nothing is imported to be fingerprinted: versions come from installed metadata, a module's source
from the import path, so that no user code runs here.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from auditor.core.records import CodeVersion, Environment, TrainerSpec

PACKAGES = (
    "numpy", "scipy", "scikit-learn", "torch", "pandas", "pyarrow", "xgboost", "lightgbm", "catboost",
)  # fmt: skip
"""Packages whose version can change what a training gives."""

_NO_ANSWER_SECONDS = 10.0


def environment() -> Environment:
    """Return the fingerprint of this machine and of the libraries installed on it."""
    import psutil

    gpu, driver = _gpu()
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        cpu=_cpu(),
        cores=psutil.cpu_count(logical=True) or os.cpu_count() or 1,
        memory_bytes=psutil.virtual_memory().total,
        gpu=gpu,
        driver=driver,
        blas=_blas(),
        packages=_versions(),
    )


def code_version(trainer: TrainerSpec) -> CodeVersion:
    """Return the fingerprint of the code that a trainer names, without running it.

    Of a command, the code is the files that its words name: the script, as a rule.
    """
    if trainer.kind == "command":
        sources = [path for path in map(Path, shlex.split(trainer.entry)) if path.is_file()]
    else:
        module = source_of(trainer.entry.partition(":")[0])
        sources = [] if module is None else [module]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest() if sources else None
    return CodeVersion(trainer=trainer.entry, digest=digest, commit=_commit())


def source_of(module: str) -> Path | None:
    """Return the Python file of a module; of a package, its ``__init__.py``.

    Only the place of the top-level package is asked of the import system. ``find_spec`` on a
    dotted name would import the parents, and so run them.

    Returns
    -------
    Path or None
        None if there is no such module, or it has no source: compiled, built in, a bare folder.

    Examples
    --------
    >>> source_of("auditor.core.cells").name
    'cells.py'
    >>> source_of("sys") is None
    True
    """
    top, *rest = module.split(".")
    spec, name = _top_level(top), top
    for part in rest:
        if spec is None or spec.submodule_search_locations is None:
            return None
        name = f"{name}.{part}"
        spec = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    path = Path(spec.origin)
    return path if path.is_file() else None


def _top_level(name: str) -> ModuleSpec | None:
    # A worker finds the user's modules in the current folder first, as `python -m` does.
    here = PathFinder.find_spec(name, [str(Path.cwd())])
    if here is not None and here.origin is not None:
        return here
    try:
        return importlib.util.find_spec(name)
    except ValueError:  # a module without a spec, such as __main__
        return None


def _cpu() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.processor() or platform.machine()


def _gpu() -> tuple[str | None, str | None]:
    """Return the names of the GPUs, and of their driver, or None twice."""
    answer = _ask("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"])
    cards = [line.rsplit(",", 1) for line in (answer or "").splitlines() if "," in line]
    if not cards:
        return None, None
    return ", ".join(name.strip() for name, _ in cards), cards[0][1].strip()


def _blas() -> str | None:
    import numpy as np

    built_with = np.show_config(mode="dicts") or {}
    blas = built_with.get("Build Dependencies", {}).get("blas", {})
    return f"{blas['name']} {blas.get('version', '')}".strip() if blas.get("name") else None


def _versions() -> dict[str, str]:
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _commit() -> str | None:
    commit = _ask("git", ["rev-parse", "HEAD"])
    if not commit:
        return None
    # Untracked files are left out: our own ledger and reports may lie in the folder.
    changes = _ask("git", ["status", "--porcelain", "--untracked-files=no"])
    return commit + ("+" if changes else "")


def _ask(program: str, arguments: Sequence[str]) -> str | None:
    """Return what a program prints, or None if it is absent, fails, or does not answer."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and arguments that are ours
            [path, *arguments],
            capture_output=True,
            text=True,
            timeout=_NO_ANSWER_SECONDS,
            check=True,
            # So that asking for the status does not write to the repository.
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
