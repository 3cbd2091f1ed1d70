"""The environment, read once."""

import dataclasses
import re
from pathlib import Path

import pytest

import auditor
from auditor.errors import DeclarationError
from auditor.settings import VARIABLES, Settings, copies_of


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


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("DATBASE_URL", "DATABASE_URL"), ("SCHEDULE", "SCHEDULES"), ("EXECUTER", "EXECUTOR")],
)
def test_a_slip_in_the_name_of_a_variable_is_told_and_its_value_is_not(slip, meant):
    with pytest.raises(DeclarationError, match=f"did you mean AUDITOR_{meant}") as refused:
        Settings.from_environment({f"AUDITOR_{slip}": "s3cret"})

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["AUDITOR_PORT", "AUDITOR_SERVICE_HOST", "AUDITOR_DATABASE_PORT", "AUDITOR_TEST_POSTGRES_URL"]
)
def test_variables_of_others_that_begin_as_ours_do_are_let_be(name):
    assert Settings.from_environment({name: "tcp://10.0.0.1:8321"}) == Settings()


def test_every_variable_that_the_package_names_is_known():
    sources = Path(auditor.__file__).parent.rglob("*.py")
    named = {
        name for path in sources for name in re.findall(r"AUDITOR_[A-Z_]*[A-Z]", path.read_text("utf-8"))
    }

    assert named == set(VARIABLES)
