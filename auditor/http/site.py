"""The reports folder, read-only: pages, twins, tables and pictures, and nothing else that may lie there."""

import os
from pathlib import Path, PurePosixPath

from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

KINDS = frozenset({".html", ".json", ".csv", ".png", ".svg", ".css", ".txt"})

_NOTHING_YET = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>auditor</title>
<h1>No reports yet</h1>
<p>The first audit writes the first page; <code>auditor status</code> says when it is due.</p>
</html>
"""


class Site(StaticFiles):
    """Serves a folder that may not be there yet.

    Starlette resolves the path, symbolic links included, and refuses what lies outside the folder; here,
    hidden files and kinds of files that reports have not are refused as well.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.config_checked = True  # or the first request fails while the folder is not there
        self._index = folder / "index.html"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; where no audit has ended yet, the front page says so."""
        if scope["path"] in ("", "/") and not self._index.is_file():
            await HTMLResponse(_NOTHING_YET)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return where a path leads and what is there; nothing, for what is not served."""
        parts = PurePosixPath(path).parts
        if "\0" in path or "\\" in path or any(part.startswith(".") for part in parts if part != "."):
            return "", None
        try:
            full, found = super().lookup_path(path)
        except (OSError, ValueError):  # a name too long, a loop of links, bytes that are no path
            return "", None
        if found is not None and Path(full).suffix and Path(full).suffix not in KINDS:
            return "", None
        return full, found
