"""Benchmarks are run one after another; what is new enough is left, and what was measured is kept."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.running import carry_out, is_current, script_digest, stamp_of, tree_digest

WORKS = """
import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--json", type=pathlib.Path)
parser.add_argument("--fail", action="store_true")
parser.add_argument("--wait", action="store_true")
options = parser.parse_args()
if options.wait:
    pathlib.Path("began").touch()
    import time
    time.sleep(3600)
options.json.write_text('{"rows": 1}')
raise SystemExit(options.fail)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a small tree with a product, a benchmark and a module that it imports."""
    for name, text in {
        "auditor/core.py": "ONE = 1",
        "benchmarks/__init__.py": "",
        "benchmarks/tiny.py": f"from benchmarks.shared import NOTHING\n{WORKS}",
        "benchmarks/shared.py": "NOTHING = 0",
        "benchmarks/other.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_result_is_stamped_and_is_current_until_its_sources_change(root: Path) -> None:
    path = root / "tiny.json"

    assert carry_out("benchmarks.tiny", (), path, root=root)

    stamp = stamp_of(path)
    assert stamp is not None
    assert (stamp.tree, stamp.script) == (tree_digest(root), script_digest("tiny", root))
    assert json.loads(path.read_text())["rows"] == 1
    assert is_current(path, "tiny", root=root)
    (root / "benchmarks/other.py").write_text("ANOTHER = 1")
    assert is_current(path, "tiny", root=root)
    (root / "benchmarks/shared.py").write_text("NOTHING = 1")
    assert not is_current(path, "tiny", root=root)


def test_a_change_of_the_product_makes_every_result_old(root: Path) -> None:
    path = root / "tiny.json"
    carry_out("benchmarks.tiny", (), path, root=root)

    (root / "auditor/core.py").write_text("ONE = 2")

    assert not is_current(path, "tiny", root=root)


def test_a_benchmark_that_fails_keeps_its_old_result(root: Path) -> None:
    path = root / "tiny.json"
    path.write_text("{}")

    assert not carry_out("benchmarks.tiny", ("--fail",), path, root=root)

    assert path.read_text() == "{}"
    assert not is_current(path, "tiny", root=root)
    assert sorted(each.name for each in root.glob("tiny.*")) == ["tiny.json"]


def test_an_interrupted_benchmark_keeps_its_old_result_and_leaves_nothing_running(root: Path) -> None:
    path = root / "tiny.json"
    path.write_text("{}")
    code = (
        "from pathlib import Path; from benchmarks.running import carry_out; "
        f"carry_out('benchmarks.tiny', ('--wait',), Path({str(path)!r}), root=Path({str(root)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 300.0
    while not (root / "began").exists():
        assert time.monotonic() < until
        time.sleep(0.02)

    process.send_signal(signal.SIGINT)

    _, said = process.communicate(timeout=300)
    assert b"KeyboardInterrupt" in said
    assert path.read_text() == "{}"
    running = [each / "cwd" for each in Path("/proc").iterdir() if each.name.isdigit()]
    assert not [link for link in running if _points_to(link, root)]


def _points_to(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True) == root.resolve()
    except OSError:
        return False
