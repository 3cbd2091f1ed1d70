"""The environment, read once."""

import dataclasses
from pathlib import Path

import pytest

from auditor.errors import DeclarationError
from auditor.settings import Settings, copies_of


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
        cache=Path("/root/.cache/auditor"),
    )


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "VAULT", "REPORTS", "SCHEDULES", "EXECUTOR", "NOTIFY", "NOTIFY_REMIND", "LISTEN"]
)
def test_an_empty_variable_counts_as_absent(name):
    assert Settings.from_environment({f"AUDITOR_{name}": ""}) == Settings()


def test_settings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().executor = "inline"


def test_a_vault_at_a_url_has_its_copies_in_the_cache():
    for environment, cache in (
        ({"HOME": "/home/a"}, "/home/a/.cache/auditor"),
        ({"HOME": "/home/a", "XDG_CACHE_HOME": "/fast"}, "/fast/auditor"),
        ({"HOME": "/home/a", "AUDITOR_VAULT_CACHE": "/big"}, "/big"),
    ):
        found = Settings.from_environment({**environment, "AUDITOR_VAULT": "s3://bucket/audits/"})

        assert found.vault_url == "s3://bucket/audits"
        assert found.vault == copies_of("s3://bucket/audits", Path(cache))
        assert found.vault.parent == found.cache == Path(cache)


def test_a_file_url_is_a_folder():
    found = Settings.from_environment({"AUDITOR_VAULT": "file:///srv/vault"})

    assert (found.vault, found.vault_url) == (Path("/srv/vault"), "")


@pytest.mark.parametrize("vault", ["sftp://me:hunter2@host/vault", "s3://KEY:hunter2@bucket"])
def test_a_password_in_the_vaults_url_is_refused_and_not_repeated(vault):
    with pytest.raises(DeclarationError, match="AUDITOR_VAULT holds a password") as refused:
        Settings.from_environment({"AUDITOR_VAULT": vault})

    assert "hunter2" not in str(refused.value)


def test_what_leaves_nothing_behind_stays_on_this_machine():
    project = Settings(vault_url="s3://bucket", executor="dask://host:8786")

    aside = project.aside(Path("aside"))

    assert (aside.vault, aside.vault_url, aside.executor) == (Path("aside"), "", "pool")
