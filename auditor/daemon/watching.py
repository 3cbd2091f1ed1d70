"""Looks at triggers from time to time: starts a process for it, and never waits."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass, field
from time import monotonic

from auditor.core.triggers import is_watched
from auditor.daemon.folder import Folder

logger = logging.getLogger(__name__)

_LONGEST_SECONDS = 3600.0
"""A look that takes longer is given up."""


@dataclass(slots=True)
class Watch:
    """What schedules with triggers watch, looked at in a process of its own."""

    folder: Folder
    as_json: bool
    _process: "subprocess.Popen[bytes] | None" = None
    _since: float = field(default_factory=monotonic)

    def look(self) -> None:
        """Begin a look, unless there is nothing to look at or the last one still goes on."""
        watched = [each for each in tuple(self.folder.schedules.values()) if is_watched(each.plan.when)]
        if not self._is_free() or not watched:
            return
        self._since = monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "auditor.daemon.watch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        work = {"json": self.as_json, "schedules": [[each.text, each.plan.path] for each in watched]}
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(work).encode())
            self._process.stdin.close()

    def stop(self) -> None:
        """End a look that goes on."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _is_free(self) -> bool:
        if self._process is None:
            return True
        if self._process.poll() is None:
            if monotonic() - self._since < _LONGEST_SECONDS:
                return False
            logger.warning("gave up a look that took an hour", extra={"action": "look_given_up"})
            self.stop()
        self._process = None
        return True
