"""The shape of the package: who may import whom, what a cold import loads, what is public."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import auditor
from auditor.interface import capture
from auditor.notebook import AuditResult, audit
from auditor.ports import Channel, Clock
from tests.implementing import candidates, implements, path_of, ports

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


def suites():
    """Return which classes the suites in ``tests/contracts`` run over, by port."""
    found = {}
    for path in sorted((Path(__file__).parent / "contracts").glob("test_*.py")):
        suite = vars(importlib.import_module(f"tests.contracts.{path.stem}"))
        found |= {suite["PORT"]: suite["IMPLEMENTATIONS"]} if "PORT" in suite else suite.get("PORTS", {})
    return found


def test_every_implementation_of_every_port_has_a_contract_suite():
    covered = suites()

    assert {port.__name__ for port in ports()} == {port.__name__ for port in covered}
    for port in ports():
        there = {path_of(kind) for kind in candidates() if implements(kind, port)}
        assert there == {path_of(kind) for kind in covered[port]}, f"tests/contracts lacks or invents {port}"


def test_what_has_the_shape_of_a_port_is_found_and_what_has_not_is_not():
    class Late:
        def now(self):
            return None

    class Awaited:
        async def now(self):
            return None

    class Other:
        def now(self, zone):
            return zone

    class Zoned:
        def now(self, zone=None):
            return zone

    assert implements(Late, Clock)
    assert not implements(Awaited, Clock)
    assert not implements(Clock, Channel)
    assert not implements(Other, Clock)
    assert implements(Zoned, Clock)


def test_a_ledger_of_every_schema_is_kept_the_newest_too():
    here = Path(__file__).parent
    made = {path.name[:4] for path in (here.parent / "auditor/storage/migrations/versions").glob("0*.py")}

    # 0002 came with 0003, and never was the newest.
    assert made - {"0002"} == {path.stem for path in (here / "kept").glob("*.sql")}, (
        "run `python -m tests.keep`"
    )


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
