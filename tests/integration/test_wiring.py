"""Vendors are chosen here, and let go of at the end."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from auditor.core.records import TrainerSpec
from auditor.errors import BusyError, DeclarationError, StorageError
from auditor.executors.inline import InlineExecutor
from auditor.progress import silent
from auditor.reporting.publish import folder_name
from auditor.settings import Settings
from auditor.wiring import (
    SystemClock,
    ledger_to_read,
    only_one,
    open_dispatch,
    open_executor,
    open_ledger,
    open_publisher,
    open_tools,
    scratch,
)
from tests.examples import NOON, a_capture, a_snapshot, an_audit


@pytest.fixture
def settings(tmp_path):
    return Settings(
        database_url=f"sqlite:///{tmp_path}/auditor.db",
        vault=tmp_path / "vault",
        reports=tmp_path / "reports",
        schedules=tmp_path / "schedules",
        executor="inline",
    )


def test_the_clock_is_aware_and_goes_on():
    first, second = SystemClock().now(), SystemClock().now()

    assert first.tzinfo is UTC
    assert first <= second


def test_an_unknown_executor_is_refused_by_the_variable_s_name():
    with pytest.raises(DeclarationError) as caught:
        open_executor(Settings(executor="slurm"), workers=1)

    assert str(caught.value) == "AUDITOR_EXECUTOR is 'slurm'; allowed: pool, inline, dask://host:8786"


def test_tools_are_opened_where_the_settings_say(settings, tmp_path):
    with open_tools(settings, workers=1, progress=silent()) as tools:
        assert isinstance(tools.executor, InlineExecutor)
        assert tools.ledger.summaries() == ()
        assert (tmp_path / "auditor.db").exists()
        assert tools.vault.folder == str((tmp_path / "vault").resolve())


def test_what_only_reads_the_ledger_makes_none(settings, tmp_path):
    with ledger_to_read(settings) as ledger:
        assert (ledger.latest(), ledger.summaries()) == ((), ())

    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_is_there_is_read(settings):
    with closing(open_ledger(settings)) as ledger:
        ledger.add_capture(a_capture())

    with ledger_to_read(settings) as ledger:
        assert ledger.latest_capture("churn") is not None


def test_a_ledger_in_a_folder_that_is_not_there_is_refused_to_readers_too(settings, tmp_path):
    elsewhere = replace(settings, database_url=f"sqlite:///{tmp_path}/gone/auditor.db")

    with pytest.raises(StorageError, match="there is no folder"), ledger_to_read(elsewhere):
        pass


def test_trainers_are_described_where_user_code_may_run(settings):
    linear = TrainerSpec(kind="sklearn", entry="sklearn.linear_model:Ridge")

    with open_tools(settings, workers=1, progress=silent()) as tools:
        facts = tools.describe(linear, {"alpha": 1.0}, "squared_error")

    assert facts.classifier is False
    assert facts.defaults["alpha"] == 1.0


def test_workers_are_stopped_whatever_happens(settings, monkeypatch):
    closed = []
    monkeypatch.setattr(InlineExecutor, "close", lambda self: closed.append(self))

    with pytest.raises(KeyboardInterrupt), open_tools(settings, workers=1, progress=silent()):
        raise KeyboardInterrupt

    assert len(closed) == 1


def test_a_model_is_held_against_others(settings):
    with only_one(settings, "churn"):
        with pytest.raises(BusyError), only_one(settings, "churn"):
            pass
        with only_one(settings, "flights"):
            pass
    with only_one(settings, "churn"):
        pass


def test_a_publisher_writes_into_the_reports_folder(settings):
    assert open_publisher(settings)


def test_without_a_place_for_temporary_files_the_next_step_is_told(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")

    with pytest.raises(StorageError, match=r"no temporary folder can be made .* set TMPDIR"):
        scratch()


def test_a_cluster_needs_a_host_and_a_port() -> None:
    with pytest.raises(DeclarationError) as caught:
        open_executor(Settings(executor="dask://cluster"), workers=1)

    expected = "AUDITOR_EXECUTOR needs a host and a port, as dask://host:8786, got 'dask://cluster'"
    assert str(caught.value) == expected


# ---------------------------------------------------------------- telling


def test_without_channels_there_is_nothing_to_dispatch_with(settings):
    assert open_dispatch(settings) is None


def test_a_verdict_goes_through_the_ledger_and_the_outbox_to_the_channel_with_a_link(settings, monkeypatch):
    sent = []
    monkeypatch.setattr("auditor.notify.webhook.Webhook.send", lambda self, message: sent.append(message))
    hooked = replace(settings, notify="https://host/hook", site="https://auditor.example.org")
    ledger, dispatch = open_ledger(hooked), open_dispatch(hooked)
    begun = ledger.begin(
        model="A model",
        plan_digest="p",
        capture=ledger.add_capture(a_capture("A model")),
        snapshot=a_snapshot(),
        seed=1,
        now=NOON,
    )

    ledger.finish(an_audit(begun.id, model="A model"))
    dispatch.send()

    page = f"{folder_name('A model')}/2026-03-15-{begun.id}.html"
    assert sent[0].told[0].link == f"https://auditor.example.org/{page}"
    there = replace(dispatch.link, settings=replace(hooked, site=""))
    assert there(sent[0].told[0].news) == f"{settings.reports}/{page}"


def test_only_models_that_schedules_declare_are_expected_unless_one_cannot_be_read(settings):
    dispatch = open_dispatch(replace(settings, notify="https://host/hook"))
    settings.schedules.mkdir()

    assert dispatch.declared() == frozenset()
    (settings.schedules / "a.toml").write_text("no toml")
    assert dispatch.declared() is None


@pytest.mark.parametrize(("said", "days"), [("7 days", 7), ("2 weeks", 14), ("never", 0), ("0", 0)])
def test_reminders_come_when_the_environment_says(settings, said, days):
    dispatch = open_dispatch(replace(settings, notify="https://host/hook", remind=said))

    assert dispatch.remind_every == timedelta(days=days)


def test_a_span_of_reminders_that_is_none_is_refused(settings):
    with pytest.raises(DeclarationError, match=r"AUDITOR_NOTIFY_REMIND must be a span .* or 'never'"):
        open_dispatch(replace(settings, notify="https://host/hook", remind="often"))
