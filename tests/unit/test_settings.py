"""The environment, read once."""

import dataclasses
from pathlib import Path

import pytest

from auditor.settings import Settings


def test_every_default_works_in_the_current_folder():
    assert Settings.from_environment({}) == Settings(
        database_url="sqlite:///auditor.db",
        vault=Path("vault"),
        reports=Path("reports"),
        schedules=Path("schedules"),
        executor="pool",
    )


def test_variables_put_things_elsewhere():
    assert Settings.from_environment(
        {
            "AUDITOR_DATABASE_URL": "postgresql://db/audits",
            "AUDITOR_VAULT": "/data/vault",
            "AUDITOR_REPORTS": "/www",
            "AUDITOR_SCHEDULES": "/etc/auditor",
            "AUDITOR_EXECUTOR": "inline",
            "AUDITOR_NOTIFY": "https://hooks.example.org/x",
            "AUDITOR_NOTIFY_SECRET": "key",
            "AUDITOR_NOTIFY_REMIND": "never",
            "AUDITOR_LISTEN": "off",
            "AUDITOR_TOKEN": "secret",
            "AUDITOR_SITE": "https://auditor.example.org/",
            "HOME": "/root",
        }
    ) == Settings(
        database_url="postgresql://db/audits",
        vault=Path("/data/vault"),
        reports=Path("/www"),
        schedules=Path("/etc/auditor"),
        executor="inline",
        notify="https://hooks.example.org/x",
        notify_secret="key",  # noqa: S106
        remind="never",
        site="https://auditor.example.org",
        listen="off",
        token="secret",  # noqa: S106
    )


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "VAULT", "REPORTS", "SCHEDULES", "EXECUTOR", "NOTIFY", "NOTIFY_REMIND", "LISTEN"]
)
def test_an_empty_variable_counts_as_absent(name):
    assert Settings.from_environment({f"AUDITOR_{name}": ""}) == Settings()


def test_settings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().executor = "inline"
