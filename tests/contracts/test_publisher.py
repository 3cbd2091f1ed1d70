"""Promises of ``ports.Publisher``, over every implementation."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.backtest.stand_ins import Unseen
from auditor.core.document import audit_to_json
from auditor.core.records import Audit, AuditSummary
from auditor.errors import StorageError
from auditor.ports import Publisher
from auditor.reporting.publish import FolderPublisher
from tests.examples import NOON, an_audit
from tests.fakes import ListedLedger, MemoryPublisher

PORT = Publisher
IMPLEMENTATIONS = (FolderPublisher, MemoryPublisher, Unseen)


@dataclass
class Place:
    """A publisher, and what can be seen of what it published.

    Attributes
    ----------
    seen
        Returns what is shown, by path.
    shows
        Whether anybody is to see audits.
    """

    publisher: Publisher
    seen: Callable[[], Mapping[str, object]]
    shows: bool = True


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda kind: kind.__name__)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    folder = tmp_path / "reports"
    if request.param is FolderPublisher:
        return Place(FolderPublisher(folder), lambda: files_of(folder))
    if request.param is MemoryPublisher:
        memory = MemoryPublisher()
        return Place(memory, lambda: memory.shown)
    return Place(Unseen(), lambda: files_of(tmp_path), shows=False)


def files_of(folder: Path) -> dict[str, object]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def daily(count: int) -> list[AuditSummary]:
    """Return the lines of so many audits, one a day, the last of them today."""
    newest = an_audit(count).summary
    return [
        replace(newest, id=number, started_at=NOON - timedelta(days=count - number))
        for number in range(1, count + 1)
    ]


def published(place: Place, audit: Audit, *others: Audit) -> str:
    return place.publisher.publish(audit, ListedLedger([one.summary for one in (audit, *others)]))


def test_the_path_is_the_one_of_the_page_and_empty_where_nothing_is_shown(place: Place) -> None:
    path = published(place, an_audit(1))

    assert bool(path) == place.shows
    assert not path or path in place.seen()
    assert bool(place.seen()) == place.shows


def test_every_audit_has_a_page_of_its_own_that_stays(place: Place) -> None:
    first, other = an_audit(1), an_audit(2, model="fraud")
    one = published(place, first)
    before = place.seen().get(one)

    two = published(place, other, first)

    assert (one == two) is not place.shows
    assert place.seen().get(one) == before


def test_a_failed_audit_is_shown_too(place: Place) -> None:
    failed = replace(an_audit(1), call=None, error="no rows since Friday")

    path = published(place, failed)

    assert (path in place.seen()) == place.shows


def test_to_publish_again_changes_nothing(place: Place) -> None:
    path = published(place, an_audit(1))
    before = dict(place.seen())

    assert published(place, an_audit(1)) == path
    assert place.seen() == before


def test_no_more_of_the_ledger_is_read_for_the_thousandth_audit_than_for_the_three_hundredth(
    place: Place,
) -> None:
    read = []
    for count in (300, 1_000):
        ledger = ListedLedger(daily(count))
        place.publisher.publish(an_audit(count), ledger)
        read.append(ledger.read)

    assert read[1] <= read[0]


def test_the_page_lies_beside_its_twin_and_the_listings_lead_to_it(tmp_path: Path) -> None:
    audit = an_audit(1)

    page = Path(published(Place(FolderPublisher(tmp_path), dict), audit))

    assert page.with_suffix(".json").read_text("utf-8") == audit_to_json(audit)
    assert json.loads(page.with_suffix(".json").read_text("utf-8"))["id"] == 1
    assert f'href="{page.parent.name}/{page.name}"' in (tmp_path / "index.html").read_text("utf-8")
    assert f'href="{page.name}"' in (page.parent / "index.html").read_text("utf-8")


@pytest.mark.parametrize("written", range(6))
def test_wherever_the_disk_fills_up_no_file_is_half_there_and_it_is_mended_by_doing_it_again(
    written: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, place = tmp_path / "whole", Place(FolderPublisher(tmp_path / "reports"), dict)
    first, second = an_audit(1), an_audit(2)
    published(Place(FolderPublisher(whole), dict), first)
    published(place, first)
    before = files_of(tmp_path / "reports")
    published(Place(FolderPublisher(whole), dict), second, first)
    after = {path.replace("/whole/", "/reports/"): text for path, text in files_of(whole).items()}
    left = [written]

    def fsync(_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fsync)
        with pytest.raises(StorageError, match="No space left on device"):
            published(place, second, first)

    for path, text in files_of(tmp_path / "reports").items():
        assert text in (before.get(path), after[path])
    published(place, second, first)
    assert files_of(tmp_path / "reports") == after
