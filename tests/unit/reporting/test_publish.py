import errno
import json
import os
import re
import stat
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import AuditSummary
from auditor.errors import StorageError
from auditor.reporting.publish import FolderPublisher, folder_name
from tests.fakes import ListedLedger
from tests.gallery import everything, failed, fresh, stale

LEDGER = ListedLedger(everything())

HOSTILE = [
    "..",
    ".",
    "",
    "/",
    "../../etc/passwd",
    "a/b\\c",
    "CON",
    "nul.txt",
    "con",
    "gallery",
    "x" * 300,
    "ü",
    "\x00",
    "~",
]


@given(st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_any_model_has_a_folder_of_its_own_below_the_reports(model: str) -> None:
    name = folder_name(model)

    assert 1 <= len(name) <= 100
    assert name.isascii()
    assert name == Path(name).name
    assert not name.startswith(".")
    assert name != "gallery"


@given(st.text(), st.text())
def test_two_models_never_share_a_folder_even_where_case_is_ignored(one: str, other: str) -> None:
    if one != other:
        assert folder_name(one).lower() != folder_name(other).lower()


def test_models_that_differ_in_case_only_have_folders_that_differ() -> None:
    assert folder_name("Churn").lower() != folder_name("churn")


@pytest.mark.parametrize("model", HOSTILE)
def test_a_hostile_model_is_published_within_the_folder(model: str, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    audit = replace(failed(), model=model)  # the smallest page there is

    page = FolderPublisher(reports).publish(audit, ListedLedger([audit.summary]))

    assert Path(page).resolve().is_relative_to(reports.resolve())
    assert list(tmp_path.iterdir()) == [reports]


def test_an_audit_is_published_as_page_twin_history_and_index(tmp_path: Path) -> None:
    page = FolderPublisher(tmp_path).publish(stale(), LEDGER)

    assert page == str(tmp_path / "churn" / "2026-11-22-184.html")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        ".turn",
        "by-due.html",
        "by-gain.html",
        "by-name.html",
        "churn/2026-11-22-184.csv",
        "churn/2026-11-22-184.html",
        "churn/2026-11-22-184.json",
        "churn/2026-11.html",
        "churn/index.html",
        "index.html",
    ]


def test_the_twin_reads_back_as_the_audit(tmp_path: Path) -> None:
    FolderPublisher(tmp_path).publish(stale(), LEDGER)

    assert audit_from_json((tmp_path / "churn" / "2026-11-22-184.json").read_text("utf-8")) == stale()


def test_the_listings_link_what_was_published(tmp_path: Path) -> None:
    publisher = FolderPublisher(tmp_path)
    publisher.publish(fresh(), LEDGER)
    publisher.publish(stale(), LEDGER)

    index = (tmp_path / "index.html").read_text("utf-8")
    history = (tmp_path / "churn" / "index.html").read_text("utf-8")

    assert 'href="churn/2026-11-22-184.html"' in index
    assert 'href="churn/index.html"' in index
    assert 'href="2026-11-22-184.html"' in history


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    publisher = FolderPublisher(tmp_path)
    publisher.publish(stale(), LEDGER)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    publisher.publish(stale(), LEDGER)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_two_daemons_that_publish_at_once_leave_both_audits_in_the_index(tmp_path: Path) -> None:
    mine, theirs = (replace(stale(), model=model) for model in ("mine", "theirs"))
    both = ListedLedger([mine.summary, theirs.summary])
    other = threading.Thread(target=lambda: FolderPublisher(tmp_path).publish(theirs, both))

    class Overtaken(ListedLedger):
        """A ledger to which another daemon adds an audit as soon as it was read."""

        def latest(self, each: int = 1) -> tuple[AuditSummary, ...]:
            read = super().latest(each)
            other.start()
            other.join(timeout=0.2)
            return read

    FolderPublisher(tmp_path).publish(mine, Overtaken([mine.summary]))
    other.join()

    index = (tmp_path / "index.html").read_text()
    assert 'href="mine/' in index
    assert 'href="theirs/' in index


def test_where_no_turn_can_be_had_pages_are_published_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".turn").mkdir()

    assert Path(FolderPublisher(tmp_path).publish(stale(), LEDGER)).is_file()
    assert (tmp_path / "index.html").is_file()


def test_pages_may_be_read_by_a_web_server(tmp_path: Path) -> None:
    page = Path(FolderPublisher(tmp_path).publish(stale(), LEDGER))

    assert stat.S_IMODE(page.stat().st_mode) == 0o644


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file stands where the folder should")

    with pytest.raises(StorageError, match="auditor report 184"):
        FolderPublisher(tmp_path / "reports").publish(stale(), LEDGER)


def test_a_disk_that_is_full_leaves_the_old_pages_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(FolderPublisher(tmp_path).publish(stale(), LEDGER))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        FolderPublisher(tmp_path).publish(replace(stale(), headline="Another."), LEDGER)

    assert page in before
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_twin_is_plain_json() -> None:
    assert json.loads(audit_to_json(stale()))["call"] == "stale"


def _daily(count: int) -> list[AuditSummary]:
    """Return that many audits of churn, a day apart, and the other models' ones."""
    newest = stale().summary
    mine = [
        replace(newest, id=10_000 - back, started_at=newest.started_at - timedelta(days=back))
        for back in range(count)
    ]
    return [*mine, *(one for one in everything() if one.model != "churn")]


def test_the_ten_thousandth_audit_costs_no_more_than_the_two_hundredth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda _: written.append(1))
    costs = []
    for count in (10, 300, 10_000):
        ledger, folder = ListedLedger(_daily(count)), tmp_path / str(count)
        written.clear()
        FolderPublisher(folder).publish(replace(stale(), id=10_000), ledger)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        costs.append((ledger.read, len(written), size))

    few, full, many = costs
    # The page of the month that is about to fall off the list: what it says, and its name in the folder.
    assert full[1] == few[1] + 2
    assert many == full


def test_audits_that_fell_off_the_history_stay_linked_on_the_page_of_their_month(tmp_path: Path) -> None:
    audits = _daily(300)
    oldest = min((one for one in audits if one.model == "churn"), key=lambda one: one.id)
    publisher, ledger = FolderPublisher(tmp_path), ListedLedger(audits)
    publisher.publish(replace(stale(), id=oldest.id, started_at=oldest.started_at), ledger)
    publisher.publish(replace(stale(), id=10_000), ledger)

    index = (tmp_path / "churn" / "index.html").read_text("utf-8")
    month = (tmp_path / "churn" / f"{oldest.started_at:%Y-%m}.html").read_text("utf-8")
    page = f"{oldest.started_at:%Y-%m-%d}-{oldest.id}.html"

    assert page in month
    assert page not in index
    assert f'href="{oldest.started_at:%Y-%m}.html"' in index


def test_every_link_of_the_published_pages_leads_to_a_file(tmp_path: Path) -> None:
    FolderPublisher(tmp_path).publish(stale(), LEDGER)

    for page in tmp_path.rglob("*.html"):
        for link in re.findall(r'href="(?!data:)([^"]+)"', page.read_text("utf-8")):
            assert (page.parent / link).is_file(), f"{page.name} links {link}"
