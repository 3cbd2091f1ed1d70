"""A real browser, for what only one can tell: what is drawn, asked for, overflowing or hard to read."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

_PATIENCE = 300_000.0
"""Milliseconds; a busy machine takes long to start a browser and to draw a page."""
_NAMES = ("chromium", "chromium-browser", "google-chrome")

Visit = Callable[..., Any]


class Visited:
    """One page in the browser, and what happened while it was loaded."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("dialog", lambda dialog: (self.messages.append(dialog.message), dialog.dismiss()))

    def open_all(self) -> None:
        """Unfold whatever is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    @property
    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    @property
    def violations(self) -> list[str]:
        """What axe-core finds hard to read or to use, a line each."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window. Skips on a laptop that has none; CI must have it.

    Its driver's event loop runs as long as it is open; closed with the module, it is in nobody's way.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        _missing(f"{error}; `pip install auditor[test]` brings it")
    program = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if program is None:
        _missing(f"none of {', '.join(_NAMES)} is installed; on Debian: apt-get install chromium")
    with sync_playwright() as driver:
        # Chromium refuses its sandbox to root, as whom CI runs; it opens nothing but our own pages.
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"], timeout=_PATIENCE)
        yield browser
        browser.close()


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a browser: {what}")
    pytest.skip(f"no browser: {what}")


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Visit:
    """Open a page's text in the browser, in a ``with`` block."""

    @contextmanager
    def visiting(text: str, *, width: int = 1100, scheme: str = "light", media: str = "screen") -> Any:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        try:
            context.set_default_timeout(_PATIENCE)
            page = context.new_page()
            page.emulate_media(media=media)
            visited = Visited(page)
            page.goto(file.as_uri())
            visited.requests.remove(file.as_uri())
            yield visited
        finally:
            context.close()

    return visiting
