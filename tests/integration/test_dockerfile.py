"""The container is in step with the repository; building it takes a Docker engine, this does not."""

import importlib.util
import json
import re
import shlex
import tomllib
from pathlib import Path, PurePosixPath

import pytest
import typer
from packaging.specifiers import SpecifierSet

from auditor.cli.commands import app
from auditor.http.listening import Address, parse_address
from auditor.settings import Settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage as (word, rest)."""
    text = (ROOT / "Dockerfile").read_text()
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    instructions = [tuple(line.split(maxsplit=1)) for line in lines.splitlines() if line.strip()]
    starts = [number for number, (word, _) in enumerate(instructions) if word == "FROM"]
    return [instructions[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


BUILD, RUN = stages()


def said(stage: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for given, rest in stage if given == word]


def copied() -> list[str]:
    """Return what is copied from the repository."""
    words = [shlex.split(rest) for rest in said(BUILD, "COPY")]
    return [source for *sources, _target in words for source in sources]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in said(RUN, "ENV") for pair in shlex.split(rest))


def test_both_stages_have_the_same_python_and_it_is_one_that_the_project_supports():
    images = [said(stage, "FROM")[0].split()[0] for stage in (BUILD, RUN)]
    assert images[0] == images[1]
    version = re.fullmatch(r"python:(3\.\d+)-slim-\w+", images[0])
    assert version
    assert f"{version[1]}.0" in SpecifierSet(PROJECT["requires-python"])


def test_everything_it_copies_is_there_and_not_ignored():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied()) == allowed
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_nothing_is_copied_from_the_repository_past_the_build_stage():
    assert all("--from=build" in rest for rest in said(RUN, "COPY"))


def test_what_is_installed_is_held_to_the_constraints():
    installs = [rest for rest in said(BUILD, "RUN") if "pip install" in rest]
    assert all("-c constraints.txt" in rest or "grep '^torch==' constraints.txt" in rest for rest in installs)
    assert re.search(r"^torch==[\d.]+$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)


def test_the_extras_that_it_installs_exist():
    wanted = re.findall(r"\.\[([\w,]+)\]", " ".join(said(BUILD, "RUN")))
    assert set(",".join(wanted).split(",")) <= set(PROJECT["optional-dependencies"])


def test_it_does_not_run_as_root():
    (user,) = said(RUN, "USER")
    assert user.split(":")[0] not in {"root", "0"}
    assert f"--uid {user.split(':')[0]} " in " ".join(said(RUN, "RUN"))
    assert [word for word, _ in RUN].index("USER") > [word for word, _ in RUN].index("RUN")


def test_it_runs_the_command_that_the_project_installs():
    (entry,) = said(RUN, "ENTRYPOINT")
    assert entry == '["auditor"]'
    assert "auditor" in PROJECT["scripts"]


def test_it_runs_the_daemon_where_its_port_is_exposed_and_asks_how_it_is():
    (command,), (port,), (health,) = said(RUN, "CMD"), said(RUN, "EXPOSE"), said(RUN, "HEALTHCHECK")
    asked = json.loads(health[health.index("[") :])

    assert json.loads(command)[0] == "daemon"
    assert "daemon" in typer.main.get_command(app).commands
    assert parse_address(Settings.from_environment(environment()).listen) == Address("0.0.0.0", int(port))  # noqa: S104
    assert asked[:3] == ["python", "-I", "-m"]
    assert importlib.util.find_spec(asked[3])


def test_what_is_found_is_kept_on_the_volume_and_the_schedules_are_elsewhere():
    settings = Settings.from_environment(environment())
    (volume,) = said(RUN, "VOLUME")
    kept = PurePosixPath(volume.strip('["]'))
    assert kept in PurePosixPath(settings.vault).parents
    assert kept in PurePosixPath(settings.reports).parents
    assert settings.database_url == f"sqlite:///{kept / 'auditor.db'}"
    assert kept not in PurePosixPath(settings.schedules).parents


@pytest.mark.parametrize("folder", ["vault", "reports"])
def test_the_folders_it_writes_belong_to_its_user(folder):
    made = next(rest for rest in said(RUN, "RUN") if "install -d" in rest)
    owned = shlex.split(made.split("install -d -o auditor -g auditor")[1])
    assert str(getattr(Settings.from_environment(environment()), folder)) in owned
