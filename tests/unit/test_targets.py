"""The README's table of targets is what the command makes of the results that are committed."""

from pathlib import Path

import pytest

from benchmarks.__main__ import BEGIN, END, README, with_table
from benchmarks.targets import HEAD, MISSING, TARGETS, scripts, table


def test_the_readmes_table_is_made_from_the_committed_results() -> None:
    readme = README.read_text(encoding="utf-8")

    assert readme == with_table(readme, table()), "run `python -m benchmarks --from-results`"


def test_a_table_has_a_row_for_every_target_whatever_was_measured(tmp_path: Path) -> None:
    head, _, *rows = table(tmp_path).splitlines()

    assert head.count("|") == len(HEAD) + 1
    assert [row.split(" | ")[1] for row in rows] == [MISSING] * len(TARGETS)


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = f"before\n{BEGIN}old\n{END}after\n"

    assert with_table(text, "new\n") == f"before\n{BEGIN}new\n{END}after\n"
    with pytest.raises(SystemExit, match="lost its marks"):
        with_table("no table", "new\n")


@pytest.mark.parametrize("name", scripts())
def test_every_benchmark_with_a_target_can_keep_its_result(name: str) -> None:
    assert '"--json"' in (README.parent / "benchmarks" / f"{name}.py").read_text()
