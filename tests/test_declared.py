"""What this repository declares and documents is so."""

import re
from pathlib import Path

import pytest
import typer

from auditor.cli.commands import app
from auditor.core.space import build_space
from auditor.declarations import load_plan, parse_plan

ROOT = Path(__file__).parent.parent
SCHEDULES = sorted(
    [
        *ROOT.glob("schedules/*.toml"),
        *ROOT.glob("auditor/demo/*.toml"),
        *ROOT.glob("examples/*/schedules/*.toml"),
    ]
)
README = (ROOT / "README.md").read_text()
COMMANDS = typer.main.get_command(app).commands


def test_there_are_schedules_to_look_at():
    assert {"schedules", "demo"} <= {path.parent.name for path in SCHEDULES}


@pytest.mark.parametrize("path", SCHEDULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_schedule_loads_and_its_space_can_be_searched(path):
    plan = load_plan(path)
    if plan.production.origin is not None:  # what lies elsewhere is searched by the example's own test
        assert not plan.production.inline
        return

    space = build_space(plan.production.inline, plan.search)

    assert space.names
    assert space.warnings == ()


def test_the_schedule_in_the_readme_loads():
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)

    assert parse_plan(text, "schedules/churn.toml").model == "churn"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    assert re.search(rf"`auditor {name}\b", README)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`auditor ([a-z]+)\b", README))))
def test_every_command_in_the_readme_is_there(name):
    assert name in COMMANDS


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert (ROOT / link).exists()
