from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from auditor.core.document import record_from_json, record_to_json
from auditor.core.records import Backtest, Call, Estimate, Margin, Policy, Replay
from auditor.reporting.backtests import backtest_page
from auditor.reporting.publish import FolderPublisher
from auditor.reporting.render import render_backtest
from tests.fakes import NOON, ListedLedger
from tests.gallery import stale

BEGIN = datetime(2025, 3, 1, tzinfo=UTC)


def a_replay(number, call=Call.FRESH, gain=0.0, **changes):
    replay = Replay(
        date=BEGIN + number * timedelta(days=30),
        until=BEGIN + (number + 1) * timedelta(days=30),
        call=call,
        headline="All 2 settings hold",
        stale_settings=("rate",) if call is Call.STALE else (),
        changed=(),
        followed={"rate": 0.1, "kind": "<b>"},
        retuned={"rate": 0.2, "kind": None},
        window_rows=1000,
        scored_rows=500,
        never_loss=0.5,
        followed_gain=Estimate(gain, gain - 0.01, gain + 0.01),
        retuned_gain=Estimate(-0.01, -0.02, 0.0),
    )
    return replace(replay, **changes)


def a_backtest(*replays, **changes):
    replays = replays or (a_replay(0), a_replay(1, Call.STALE, 0.02), a_replay(2, gain=0.03))
    backtest = Backtest(
        model="churn",
        schedule="churn",
        command="auditor backtest churn --every '30 days'",
        metric="log_loss",
        unit="log-loss",
        policy=Policy(metric="log_loss", margin=Margin(0.01, relative=True)),
        every=timedelta(days=30),
        first=BEGIN - timedelta(days=90),
        last=BEGIN + timedelta(days=90),
        rows=3000,
        production={"rate": 0.1, "kind": "<b>"},
        replays=replays,
        never_loss=0.5,
        followed_gain=Estimate(0.0105, 0.0045, 0.0165),
        retuned_gain=None,
        changes_followed=1,
        changes_retuned=3,
        trainings=420,
        headline="1 of 3 audits would have called the settings stale",
        sentence="Following the audits would have lowered <log-loss>.",
        finished_at=BEGIN + timedelta(days=365),
        snapshot_digest="d" * 64,
        schedule_digest="e" * 64,
        notes=("Labels that come late are not allowed for.",),
    )
    return replace(backtest, **changes)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.ids, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        facts = dict(attrs)
        self.ids += [facts["id"]] if "id" in facts else []
        self.links += [facts["href"]] if tag == "a" else []


def test_the_page_is_one_file_without_a_script_and_with_charts_that_speak():
    text = render_backtest(a_backtest(), listed=False)
    tags = Tags(text)

    assert "script" not in tags.found
    assert len(set(tags.ids)) == len(tags.ids)
    assert text.count('role="img"') == text.count("<desc id=") == 2
    assert "prefers-color-scheme" in text
    assert "&lt;log-loss&gt;" in text
    assert "<b>&" not in text
    assert "2.1 %" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert render_backtest(a_backtest(), listed=False) == text


def test_listings_are_linked_where_there_are_some():
    assert Tags(render_backtest(a_backtest(), listed=False)).links == []
    assert Tags(render_backtest(a_backtest(), listed=True)).links == ["../index.html", "index.html"]


@pytest.mark.parametrize(
    "replays",
    [
        (a_replay(0, followed_gain=None, retuned_gain=None, never_loss=None, note="only 3 rows came later"),),
        (a_replay(0, None, headline="it broke"), a_replay(1, retuned_gain=None)),
        tuple(a_replay(number) for number in range(40)),
    ],
    ids=["unscored", "failed", "many"],
)
def test_a_page_is_made_of_whatever_was_found(replays):
    page = backtest_page(a_backtest(*replays), listed=True)

    assert len(page.dates.rows) == len(replays)
    assert render_backtest(a_backtest(*replays), listed=True)


def test_the_twin_holds_the_backtest_as_it_was(tmp_path):
    backtest = a_backtest()
    page = FolderPublisher(tmp_path).publish_backtest(backtest, ListedLedger([]))

    assert page == str(tmp_path / "churn" / "backtest-2026-03-01.html")
    twin = (tmp_path / "churn" / "backtest-2026-03-01.json").read_text()
    assert record_from_json(twin, Backtest) == backtest
    assert record_from_json(record_to_json(backtest), Backtest) == backtest


def test_the_history_of_a_model_leads_to_its_newest_backtest(tmp_path):
    audit, publisher = stale(), FolderPublisher(tmp_path)
    ledger, history = ListedLedger([audit.summary]), tmp_path / "churn" / "index.html"
    publisher.publish(audit, ledger)
    before = history.read_text()
    publisher.publish_backtest(a_backtest(finished_at=NOON), ledger)
    publisher.publish_backtest(a_backtest(finished_at=NOON + timedelta(days=9)), ledger)
    after = history.read_text()
    publisher.publish(audit, ledger)

    assert "backtest" not in before
    assert 'href="backtest.html"' in after
    assert history.read_text() == after  # the next audit leaves the link there
    newest = sorted((tmp_path / "churn").glob("backtest-*.html"))[-1]
    assert (tmp_path / "churn" / "backtest.html").read_bytes() == newest.read_bytes()


def test_a_history_that_another_ledger_wrote_is_left_as_it_is(tmp_path):
    audit, publisher = stale(), FolderPublisher(tmp_path)
    publisher.publish(audit, ListedLedger([audit.summary]))
    before = (tmp_path / "churn" / "index.html").read_bytes()

    page = publisher.publish_backtest(a_backtest(), ListedLedger([]))

    assert Path(page).is_file()
    assert (tmp_path / "churn" / "index.html").read_bytes() == before


def test_a_model_keeps_its_newest_backtest_however_old(tmp_path):
    publisher = FolderPublisher(tmp_path)
    for days in (0, 30):
        publisher.publish_backtest(a_backtest(finished_at=NOON + timedelta(days=days)), ListedLedger([]))

    old = publisher.old_backtests(NOON + timedelta(days=900))

    assert sorted(path.name for path in old) == ["backtest-2026-03-15.html", "backtest-2026-03-15.json"]


def test_pages_of_old_backtests_go_and_the_newest_stays(tmp_path):
    publisher = FolderPublisher(tmp_path)
    for days in (0, 30, 60):
        publisher.publish_backtest(a_backtest(finished_at=NOON + timedelta(days=days)), ListedLedger([]))
    old = publisher.old_backtests(NOON + timedelta(days=60))

    freed = publisher.delete(old)

    assert len(old) == 4  # two pages and their twins
    assert freed > 0
    kept = {path.name for path in (tmp_path / "churn").iterdir()}
    assert kept == {"backtest.html", "backtest-2026-05-14.html", "backtest-2026-05-14.json"}
