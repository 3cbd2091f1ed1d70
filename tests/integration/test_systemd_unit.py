"""The unit file is one that systemd takes, and in step with the program."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from auditor.cli.commands import app
from auditor.settings import Settings

UNIT = Path(__file__).parents[2] / "deploy" / "auditor.service"
TEXT = UNIT.read_text()


def values(key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", TEXT, re.MULTILINE)


def test_it_is_told_of_readiness_and_watches():
    assert values("Type") == ["notify"]
    assert values("NotifyAccess") == ["main"]
    ticks = typer.main.get_command(app).commands["daemon"].params
    (tick,) = (option.default for option in ticks if option.name == "tick")
    (grace,) = (option.default for option in ticks if option.name == "grace")
    assert float(values("WatchdogSec")[0]) >= 3 * tick
    assert float(values("TimeoutStopSec")[0]) > grace


def test_it_runs_a_command_that_exists_with_options_that_exist():
    _, command, *options = shlex.split(values("ExecStart")[0])

    known = {name for each in typer.main.get_command(app).commands[command].params for name in each.opts}
    assert set(options) <= known


def test_what_it_writes_lies_in_its_state_directory():
    settings = Settings.from_environment(dict(pair.split("=", 1) for pair in values("Environment")))

    assert values("StateDirectory") == ["auditor"]
    for path in (settings.vault, settings.reports, Path(settings.database_url.removeprefix("sqlite:///"))):
        assert Path("/var/lib/auditor") in path.parents
    assert values("ProtectSystem") == ["strict"]


def test_no_secret_is_in_a_file_that_everybody_reads():
    assert values("EnvironmentFile") == ["-/etc/auditor/environment"]
    assert not [pair for pair in values("Environment") if re.search("TOKEN|NOTIFY|PASSWORD", pair)]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_it(tmp_path):
    program = Path(sys.executable).with_name("auditor")
    copy = tmp_path / "auditor.service"
    copy.write_text(
        TEXT.replace("/opt/auditor/bin/auditor", str(program)).replace("User=auditor", "User=root")
    )

    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )

    about_it = [line for line in ran.stderr.splitlines() if "auditor" in line]
    assert (ran.returncode, about_it) == (0, [])


def test_every_line_is_a_section_a_setting_or_a_comment():
    parser = configparser.RawConfigParser(strict=False, allow_no_value=False)
    parser.optionxform = str
    parser.read_string(TEXT)

    assert parser.sections() == ["Unit", "Service", "Install"]
