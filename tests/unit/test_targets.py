"""The README's table of targets is what the command makes of the results that are committed."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import BEGIN, END, README, with_table
from benchmarks.targets import HEAD, MISSING, OLDER, SCRIPTS, TARGETS, scripts, table, unread


def test_the_readmes_table_is_made_from_the_committed_results() -> None:
    readme = README.read_text(encoding="utf-8")

    assert readme == with_table(readme, table()), "run `python -m benchmarks --from-results`"


def test_a_table_has_a_row_for_every_target_whatever_was_measured(tmp_path: Path) -> None:
    head, _, *rows = [line for line in table(tmp_path).splitlines() if line.startswith("|")]

    assert head.count("|") == len(HEAD) + 1
    assert [row.split(" | ")[1] for row in rows] == [MISSING] * len(TARGETS)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.what)
def test_every_target_says_what_is_wanted_and_who_measures_it(target: object) -> None:
    assert target.least  # type: ignore[attr-defined]
    assert target.moonshot  # type: ignore[attr-defined]
    assert target.script in SCRIPTS  # type: ignore[attr-defined]


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = f"before\n{BEGIN}old\n{END}after\n"

    assert with_table(text, "new\n") == f"before\n{BEGIN}new\n{END}after\n"
    with pytest.raises(SystemExit, match="lost its marks"):
        with_table("no table", "new\n")


@pytest.mark.parametrize("name", scripts())
def test_every_benchmark_with_a_target_can_keep_its_result(name: str) -> None:
    assert '"--json"' in (README.parent / "benchmarks" / f"{name}.py").read_text()


def test_what_is_of_an_earlier_tree_than_the_newest_result_is_marked(tmp_path: Path) -> None:
    _kept(tmp_path, "startup", at="2026-11-25 10:00", tree="old")
    _kept(tmp_path, "engine_overhead", at="2026-11-26 10:00", tree="new")

    rows = {line.split(" | ")[0]: line for line in table(tmp_path).splitlines()}

    assert f"abc, 0.5 {OLDER} |" in rows["| `auditor --help`"]
    assert rows["| the engine's share of a training"].endswith("2026-11-26, abc, 0.5 |")


def test_a_target_that_cannot_be_read_from_a_result_is_told_of(tmp_path: Path) -> None:
    _kept(tmp_path, "startup", at="2026-11-25 10:00", tree="old")
    path = tmp_path / "startup.json"
    document = json.loads(path.read_text())
    del document["rows"]["--help"]
    path.write_text(json.dumps(document))

    assert unread("startup", tmp_path) == ["`auditor --help`"]


def _kept(folder: Path, name: str, *, at: str, tree: str) -> None:
    row = {"wall": 0.1, "cpu": 0.1, "peer_wall": 1.0, "peer_cpu": 1.0, "ratio_wall": 10.0, "ratio_cpu": 10.0}
    run = {"at": at, "commit": "abc", "load": 0.5, "seconds": 3, "tree": tree, "script": "s"}
    rows = {"--help": row, "status, 100 audits": row}
    (folder / f"{name}.json").write_text(json.dumps({"run": run, "rows": rows}))
