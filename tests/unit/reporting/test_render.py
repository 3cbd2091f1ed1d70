"""The page as a text: escaped, small, silent, and with every fact of the twin in it."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from auditor.core.records import (
    Audit,
    Call,
    Finding,
    Round,
    Value,
)
from auditor.reporting.numbers import GAP
from auditor.reporting.render import render_audit, render_history, render_index
from tests.examples import an_audit
from tests.gallery import NIGHT, back_from, failed, fresh, past, stale, undecided
from tests.hostile import NAMES, named


class _Outline(HTMLParser):
    """Collects the elements, attributes and texts of a page, as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text += data


ALL: dict[str, Callable[[], Audit]] = {
    "stale": stale,
    "fresh": fresh,
    "undecided": undecided,
    "failed": failed,
}


@pytest.fixture(scope="module", params=ALL)
def audit(request: pytest.FixtureRequest) -> Audit:
    return ALL[request.param]()


@pytest.fixture(scope="module")
def page(audit: Audit) -> str:
    return render_audit(audit, back_from(audit))


@pytest.fixture(scope="module")
def outline(page: str) -> _Outline:
    return _Outline(page)


@pytest.fixture(scope="module")
def plain() -> _Outline:
    return _Outline(render_audit(named(stale(), "plain"), back_from(stale())))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_shown_as_text(name: str, plain: _Outline) -> None:
    hostile = _Outline(render_audit(named(stale(), name), back_from(stale())))

    assert hostile.tags <= plain.tags
    assert not [attribute for attribute, _ in hostile.attributes if attribute.startswith("on")]
    assert re.sub("[\x00\ud800]", "\N{REPLACEMENT CHARACTER}", name) in hostile.text


def test_a_hostile_page_can_be_written_as_utf_8() -> None:
    render_audit(named(stale(), "a\ud800\udfff"), back_from(stale())).encode("utf-8")


def test_a_page_has_no_script_and_asks_for_nothing(page: str, outline: _Outline) -> None:
    assert "script" not in outline.tags
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import", page)
    assert not [value for _, value in outline.attributes if "//" in value]
    assert "src" not in {name for name, _ in outline.attributes}


def test_every_link_stays_within_the_reports(outline: _Outline) -> None:
    links = [value for name, value in outline.attributes if name == "href"]

    assert {link for link in links if not link.startswith("data:")} == {"../index.html", "index.html"}


def test_ids_are_unique_and_every_reference_finds_one(outline: _Outline) -> None:
    wanted = {
        word for name, value in outline.attributes if name == "aria-labelledby" for word in value.split()
    }

    assert len(outline.ids) == len(set(outline.ids))
    assert wanted <= set(outline.ids)


def test_rendering_twice_gives_the_same_bytes(audit: Audit, page: str) -> None:
    assert render_audit(audit, back_from(audit)) == page


def test_a_call_is_never_shown_by_colour_alone(audit: Audit, page: str) -> None:
    word = audit.call.value if audit.call else "failed"

    for found in re.findall(r'<span class="mark [a-z]+">(.*?)</span>', page):
        assert re.search(r"<path[^>]* d=\"[^\"]+\"", found)
        assert re.sub("<[^>]*>", "", found) in {"stale", "fresh", "undecided", "failed"}
    assert f">{word}</span>" in re.sub(r"</svg>", ">", page)


def _facts(audit: Audit) -> list[str]:
    """Return what the twin's main fields hold, as a person would look for it."""
    provenance = audit.provenance
    facts = [audit.model, audit.headline, audit.sentence, audit.unit, audit.metric, str(audit.id)]
    facts += [provenance.command, provenance.schedule, provenance.schedule_digest, provenance.snapshot_digest]
    facts += [str(provenance.seed), provenance.schedule_text, *audit.notes, *provenance.versions.values()]
    facts += [f"{audit.started_at:%Y-%m-%d %H:%M} UTC", f"{audit.finished_at:%Y-%m-%d %H:%M} UTC"]
    facts += [f"{audit.next_audit.due:%Y-%m-%d %H:%M} UTC", audit.next_audit.reason]
    for finding in audit.settings:
        facts += [finding.name, str(finding.call), finding.sentence[1:]]
    for change in (*audit.environment_changes, *audit.code_changes):
        facts += [change.what, change.then, change.now]
    if audit.snapshot:
        facts += [audit.snapshot.source, f"{audit.snapshot.rows:,} rows"]
    if audit.search:
        facts += [audit.search.strategy, audit.search.reason[1:]]
        facts += [f"{trial.loss:.5g}" for trial in audit.search.trials if trial.loss is not None]
        facts += [trial.failure.message for trial in audit.search.trials if trial.failure]
        facts += [one.warning[1:] for one in audit.search.space if one.warning]
    if audit.confirmation:
        confirmation = audit.confirmation
        facts += [
            confirmation.reason[1:],
            f"{confirmation.production_loss:.5g}",
            f"{confirmation.p_value:.2g}",
        ]
    return facts


def test_every_fact_of_the_twin_is_on_the_page(audit: Audit, outline: _Outline) -> None:
    text = outline.text.replace(GAP, " ")

    assert not [fact for fact in _facts(audit) if fact not in text]


def test_awkward_values_do_not_stop_a_page() -> None:
    render_audit(an_audit(), ())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, None, "text", 2**70, 0, -1.0, 1.0])
def test_no_value_of_a_setting_stops_a_page(value: Value) -> None:
    audit = stale()
    assert audit.search is not None
    settings = tuple(replace(finding, production=value, recommended=value) for finding in audit.settings)
    trials = tuple(
        replace(trial, config=dict.fromkeys(trial.config, value)) if trial.round is Round.FINE else trial
        for trial in audit.search.trials
    )

    render_audit(
        replace(audit, settings=settings, search=replace(audit.search, trials=trials)), back_from(audit)
    )


@pytest.mark.parametrize("loss", [math.nan, math.inf, None, 0.0, 1e300, -1e300])
def test_no_loss_stops_a_page(loss: float | None) -> None:
    audit = stale()
    assert audit.search is not None
    some = tuple(replace(trial, loss=loss) if trial.id % 3 else trial for trial in audit.search.trials)
    every = tuple(replace(trial, loss=loss, curve=()) for trial in audit.search.trials)

    for trials in (some, every, ()):
        render_audit(replace(audit, search=replace(audit.search, trials=trials)), back_from(audit))


def test_a_search_with_a_single_value_or_a_single_trial_still_renders() -> None:
    audit = stale()
    assert audit.search is not None
    space = tuple(replace(one, low=one.high) for one in audit.search.space)

    render_audit(replace(audit, search=replace(audit.search, space=space)), back_from(audit))
    render_audit(
        replace(audit, search=replace(audit.search, trials=audit.search.trials[:1])), back_from(audit)
    )


def test_a_setting_that_was_not_searched_is_said_so() -> None:
    extra = Finding(name="seed", production=3, recommended=3, call=Call.FRESH, sentence="", searched=False)

    assert "Not searched." in render_audit(replace(stale(), settings=(*stale().settings, extra)), ())


def test_a_history_links_only_pages_that_exist() -> None:
    mine = [summary for summary in past() if summary.model == "churn"]
    newest = f"{mine[0].started_at:%Y-%m-%d}-{mine[0].id}"

    links = [
        value for name, value in _Outline(render_history(mine, pages={newest})).attributes if name == "href"
    ]

    assert f"{newest}.html" in links
    assert {link for link in links if link.startswith("20")} == {f"{newest}.html"}


def test_an_unfinished_audit_is_listed_without_a_call() -> None:
    running = replace(past()[0], id=999, state="running", call=None, gain=None, finished_at=None)

    page = render_history([running, *past()], pages=())

    assert ">running" in unescape(page)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_text_in_the_listings_too(name: str) -> None:
    audits = [replace(one, model=name, unit=name, headline=name, stale_settings=(name,)) for one in past()]

    listed = render_index(audits, as_of=NIGHT, folders={name: "folder"}, pages={name: {"x"}})
    index = _Outline(listed["index"])
    history = _Outline(render_history(audits, pages=()))

    for outline in (index, history):
        assert not outline.tags & {"script", "img"}
        assert not [attribute for attribute, _ in outline.attributes if attribute.startswith("on")]
