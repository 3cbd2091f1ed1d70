"""``auditor demo --torch`` as a newcomer runs it, in an empty folder."""

import json

import pytest

from tests.acceptance.conftest import Project

pytestmark = pytest.mark.slow


def test_both_strategies_find_the_planted_learning_rate_and_both_pages_lie_there(tmp_path):
    project = Project(tmp_path)

    ran = project.run("demo", "--torch", AUDITOR_EXECUTOR="inline")

    assert ran.code == 0, ran.err
    assert "both pages, side by side: auditor-demo/reports/index.html" in ran.out
    reports = tmp_path / "auditor-demo" / "reports"
    for name in ("digits-panda", "digits-caviar"):
        (twin,) = (json.loads(path.read_text()) for path in (reports / name).glob("*-?.json"))
        stale = {each["name"]: each for each in twin["settings"] if each["call"] == "stale"}
        assert twin["search"]["strategy"] == name.removeprefix("digits-")
        assert list(stale) == ["learning_rate"]
        assert stale["learning_rate"]["recommended"] < 0.03 / 2
        assert name in (reports / "index.html").read_text()
