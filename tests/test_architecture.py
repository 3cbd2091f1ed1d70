"""The shape of the package: who may import whom, what a cold import loads, what is public."""

import subprocess
import sys

import pytest

import auditor
from auditor.interface import capture
from auditor.notebook import AuditResult, audit

HEAVY = {"torch", "sklearn", "pandas", "sqlmodel", "sqlalchemy", "numpy", "scipy", "pyarrow", "pydantic"}


def loaded_by(module):
    """Return which heavy libraries a fresh interpreter has loaded after an import."""
    code = f"import sys, {module}; print(*({HEAVY!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


def test_imports_point_down():
    # In a process of its own: import-linter turns the loggers of this one off.
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("module", ["auditor", "auditor.cli", "auditor.cli.commands"])
def test_a_cold_import_loads_no_heavy_library(module):
    assert loaded_by(module) == set()


@pytest.mark.parametrize(("words", "more"), [(["status"], {"sqlalchemy", "sqlmodel"}), (["log"], set())])
def test_a_listing_loads_nothing_that_it_does_not_use(words, more, tmp_path):
    # Also where no ledger is yet: to make one by way of the migrations took longer than all the rest.
    unused = {"alembic", "numpy", "pandas", "pyarrow", "scipy", "sqlalchemy.dialects.postgresql", *more}
    code = (
        "import atexit, sys; from auditor.cli import main;"
        f"atexit.register(lambda: print('loaded:', *sorted({unused!r} & set(sys.modules)))); main()"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert ran.stdout.startswith("no audits yet")
    assert ran.stdout.splitlines()[-1] == "loaded:"
    assert list(tmp_path.iterdir()) == []


def test_a_worker_of_an_estimator_loads_no_more_than_it_trains_with():
    code = (
        "import sys, auditor.worker, auditor.trainers.train, sklearn.linear_model;"
        "print(*{'torch', 'skops', 'sqlalchemy'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert ran.stdout.split() == []


def test_the_public_names_are_few_and_there():
    assert auditor.__all__ == ["AuditResult", "audit", "capture", "production"]
    assert auditor.capture is capture
    assert auditor.audit is audit
    assert auditor.AuditResult is AuditResult


def test_the_function_stays_where_it_is_once_the_module_of_its_name_is_loaded():
    code = (
        "import auditor.audit, auditor; from auditor.audit import run_audit; print(auditor.audit.__module__)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert ran.stdout == "auditor.notebook\n"


def test_a_name_that_is_not_public_is_none():
    with pytest.raises(AttributeError, match="module 'auditor' has no attribute 'audits'"):
        auditor.audits  # noqa: B018


def test_the_package_is_typed_and_runs_as_a_module():
    ran = subprocess.run(
        [sys.executable, "-m", "auditor", "--help"], check=True, capture_output=True, text=True
    )

    assert "Usage: auditor" in ran.stdout
