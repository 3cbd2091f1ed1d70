"""Every kind of page, as a real browser shows it: legible to all, silent, and never wider than the window."""

import re
from dataclasses import replace
from functools import cache

import pytest

from auditor.reporting.render import render_audit, render_history, render_index
from tests.gallery import NIGHT, back_from, past, stale
from tests.gallery_pages import pages
from tests.hostile import NAMES, named
from tests.integration.reporting.conftest import Visit

KINDS = sorted(set(pages()) - {"by-name.html", "by-gain.html", "by-due.html"})

VIEWS = {
    "light": {},
    "dark": {"scheme": "dark"},
    "phone": {"width": 390},
}


@cache
def _gallery() -> dict[str, str]:
    return pages()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", KINDS)
def test_a_page_can_be_read_by_everyone_and_asks_for_nothing(name: str, view: str, visit: Visit) -> None:
    with visit(_gallery()[name], **VIEWS[view]) as visited:
        assert visited.overflow <= 0
        visited.open_all()

        assert visited.overflow <= 0
        assert visited.violations == []
        assert visited.page.evaluate(_COLLISIONS) == []
        assert visited.requests == []
        assert visited.messages == []


@pytest.mark.parametrize("name", KINDS)
def test_a_page_fits_on_paper(name: str, visit: Visit) -> None:
    with visit(_gallery()[name], width=718, media="print") as visited:  # A4 without its margins, at 96 dpi
        assert visited.overflow <= 0


_COLLISIONS = """
() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const whole = chart.getBoundingClientRect(), name = chart.querySelector('title').textContent;
  const boxes = [...chart.querySelectorAll('text')]
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  const leaves = box => box.left < whole.left - 1 || box.right > whole.right + 1
    || box.top < whole.top - 1 || box.bottom > whole.bottom + 1;
  const covers = (box, other) => box.left + 1 < other.right - 1 && other.left + 1 < box.right - 1
    && box.top + 3 < other.bottom - 3 && other.top + 3 < box.bottom - 3;
  return [
    ...boxes.filter(([, box]) => leaves(box)).map(([text]) => `${name}: ${text} leaves`),
    ...boxes.flatMap(([text, box], place) => boxes.slice(place + 1)
      .filter(([, other]) => covers(box, other)).map(([other]) => `${name}: ${text} covers ${other}`)),
  ];
})
"""
"""Labels of a chart that cover another or leave the chart; a unit of slack each way."""


def test_rows_of_the_index_are_narrowed_down_without_a_script(visit: Visit) -> None:
    with visit(_gallery()["index.html"]) as visited:
        rows = visited.page.locator(".models tbody tr")
        assert rows.count() == 7
        for choice, shown in (("stale", 2), ("overdue", 3), ("all", 7)):
            visited.page.locator(f"#show-{choice}").check()
            assert sum(row.is_visible() for row in rows.all()) == shown


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_shown_as_text(name: str, visit: Visit) -> None:
    listed = [replace(one, model=name, headline=name, stale_settings=(name,)) for one in past()[:12]]
    texts = (
        render_audit(named(stale(), name), back_from(stale())),
        render_history(listed, pages=()),
        render_index(listed, as_of=NIGHT, folders={name: "folder"}, pages={name: {"x"}})["index"],
    )
    for text in texts:
        with visit(text, width=390) as visited:
            visited.open_all()
            shown = visited.page.evaluate("document.body.textContent")

            assert re.sub("[\x00\ud800]", "\N{REPLACEMENT CHARACTER}", name) in shown
            assert visited.overflow <= 0
            assert visited.requests == []
            assert visited.messages == []
            visited.page.set_viewport_size({"width": 1100, "height": 900})
            assert visited.overflow <= 0


def test_a_page_that_misbehaves_would_be_found_out(visit: Visit) -> None:
    loud = "<p style='color:#ddd'>pale</p><img src='missing.png'><script>console.log('loud')</script>"
    crowded = (
        "<div style='width:3000px'>wide</div><svg class='chart' viewBox='0 0 9 9' width='90'>"
        "<title>one</title><text y='5'>a</text><text y='5'>b</text></svg>"
    )

    with visit(loud) as visited:
        assert [line for line in visited.violations if line.startswith("color-contrast")]
        assert [url.rpartition("/")[2] for url in visited.requests] == ["missing.png"]
        assert "loud" in visited.messages
    with visit(crowded) as visited:
        assert visited.overflow > 0
        assert "one: a covers b" in visited.page.evaluate(_COLLISIONS)
