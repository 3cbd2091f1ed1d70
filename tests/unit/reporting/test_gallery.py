"""The committed gallery is what the code renders now: golden files, and what newcomers see first.

After a change that was meant: ``pytest tests/unit/reporting/test_gallery.py --update-gallery``, look at the
pages, commit them.
"""

from pathlib import Path

import pytest

from tests.gallery_pages import pages

GALLERY = Path(__file__).parents[3] / "reports" / "gallery"


@pytest.fixture(scope="module")
def rendered() -> dict[str, str]:
    return pages()


def test_the_gallery_is_what_the_code_renders(
    rendered: dict[str, str], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--update-gallery"):
        GALLERY.mkdir(exist_ok=True)
        for name, text in rendered.items():
            (GALLERY / name).write_text(text, encoding="utf-8", newline="\n")

    changed = [name for name, text in rendered.items() if (GALLERY / name).read_bytes() != text.encode()]

    assert not changed, f"{changed} render differently now; if that was meant, run pytest --update-gallery"


def test_the_gallery_holds_nothing_else_but_the_picture_for_the_readme(rendered: dict[str, str]) -> None:
    assert {path.name for path in GALLERY.iterdir()} - {"stale.png"} == set(rendered)


def test_the_picture_is_small_enough_for_a_readme() -> None:
    picture = (GALLERY / "stale.png").read_bytes()

    assert picture.startswith(b"\x89PNG")
    assert len(picture) <= 200_000


def test_rendering_twice_gives_the_same_bytes(rendered: dict[str, str]) -> None:
    assert pages() == rendered
