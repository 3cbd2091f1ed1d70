import re
import shlex
import subprocess
import sys

import pytest
import typer

from auditor.cli.commands import app
from auditor.cli.helping import EXAMPLES, schedule_names

COMMANDS = typer.main.get_command(app).commands
LINES = [line for examples in EXAMPLES.values() for line, _ in examples]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(name):
    assert EXAMPLES[name]
    assert all(line.startswith(f"auditor {name}") for line, _ in EXAMPLES[name])


@pytest.mark.parametrize("line", LINES)
def test_every_example_is_one_that_its_command_takes(line):
    _, name, *arguments = shlex.split(line)

    assert COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name):
    silent = [each.name for each in COMMANDS[name].params if not getattr(each, "help", None)]

    assert silent == []


def test_help_lists_every_command_with_a_whole_sentence(project):
    ran = project.run("--help")

    assert ran.code == 0
    assert "..." not in ran.out.replace("[ARGS]...", "")
    assert set(COMMANDS) <= set(re.findall(r"^  (\w+) ", ran.out, re.MULTILINE))


def test_help_of_a_command_ends_with_its_examples(project):
    said = project.run("apply", "--help").out

    assert "\n    auditor apply 12 --yes\n        write it, and capture the new production\n" in said


def test_the_version_is_that_of_the_package(project):
    from importlib.metadata import version

    assert project.run("--version").out == f"auditor {version('auditor')}\n"


def test_the_shell_completes_schedules(project):
    project.declare("churn")
    project.declare("late")

    assert schedule_names("") == ["churn", "late"]
    assert schedule_names("ch") == ["churn"]


def test_a_shell_can_be_taught_to_complete():
    shown = subprocess.run(
        [sys.executable, "-m", "auditor", "--show-completion", "bash"],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
    )

    assert "_AUDITOR_COMPLETE=complete_bash" in shown.stdout
