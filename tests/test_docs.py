"""The documentation says what is so: its snippets load, its commands exist, its pages need no network."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from auditor.cli.commands import app
from auditor.declarations import parse_plan

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
COMMANDS = typer.main.get_command(app).commands
BASE = {
    "production": "learning_rate = 0.1",
    "data": 'source = "rows.csv"\ntarget = "y"',
    "trainer": 'estimator = "sklearn.linear_model:Ridge"',
}
"""What a snippet leaves out."""


def blocks(language):
    """Return every block of a language with the page it is on."""
    return [
        pytest.param(text, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, text in enumerate(re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL))
    ]


def whole(snippet):
    """Return a snippet as a schedule: what it leaves out is put before it."""
    missing = [f"[{table}]\n{text}\n" for table, text in BASE.items() if f"[{table}]" not in snippet]
    return "\n".join([snippet, *missing])


@pytest.mark.parametrize("snippet", blocks("toml"))
def test_every_snippet_of_a_schedule_loads(snippet):
    assert parse_plan(whole(snippet), "schedules/snippet.toml").name == "snippet"


@pytest.mark.parametrize("snippet", blocks("sh"))
def test_every_command_line_is_one_that_there_is(snippet):
    for line in snippet.splitlines():
        program, name, *arguments = shlex.split(line, comments=True)
        assert program == "auditor"
        assert COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("snippet", blocks("python"))
def test_every_python_snippet_is_python(snippet):
    compile(snippet, "snippet", "exec")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_a_page_names_is_there(page):
    named = set(re.findall(r"`auditor ([a-z]+)\b", page.read_text()))

    assert named <= set(COMMANDS)


def test_every_key_of_a_schedule_is_explained():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import generated
    finally:
        sys.path.remove(str(ROOT / "docs"))

    assert set(generated.keys()) <= set(generated.KEYS)


@pytest.mark.slow
def test_the_site_builds_strictly_and_asks_nothing_of_the_network(tmp_path):
    site = tmp_path / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", site],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert built.returncode == 0, built.stderr
    loaded = re.compile(r'<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)="((?:https?:)?//[^"]*)"')
    pages = sorted(site.glob("*.html"))
    assert {page.name for page in pages} >= {"index.html", "commands.html", "python.html"}
    assert [found for page in pages for found in loaded.findall(page.read_text())] == []
    assert "AuditResult" in (site / "python.html").read_text()
    assert "auditor apply 12 --undo --yes" in (site / "commands.html").read_text()
