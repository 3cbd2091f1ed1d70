"""What systemd is told, where it started the daemon: that it is ready, that it lives, that it stops.

The protocol is one datagram of text to a socket that the environment names (``man sd_notify``).
"""

import logging
import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

logger = logging.getLogger(__name__)

_ROUNDS = 3.0
"""Rounds of the loop that a watchdog should wait for."""

PATIENCE_SECONDS = 600.0
"""For how long ticks may fail and count as signs of life: longer than a database takes to restart or to fail
over, as a restart of ours would not bring it back, and would end the audits that run."""


@dataclass(slots=True)
class Systemd:
    """Tells systemd; does nothing where it did not start this process.

    Attributes
    ----------
    address
        Of its socket, or empty.
    watched
        Whether it wants signs of life.
    """

    address: str = ""
    watched: bool = False
    patience_seconds: float = PATIENCE_SECONDS
    _ready: bool = False
    _failing_since: float | None = None

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str], *, tick_seconds: float) -> "Systemd":
        """Take over what systemd left in the environment: what audits start has no business there."""
        address = environment.pop("NOTIFY_SOCKET", "")
        micros, process = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
        watched = micros.isdigit() and process in ("", str(os.getpid()))
        if watched and int(micros) / 1e6 < _ROUNDS * tick_seconds:
            logger.warning(
                "WatchdogSec=%g is short for a tick every %g s; set it to %g at least",
                int(micros) / 1e6,
                tick_seconds,
                _ROUNDS * tick_seconds,
                extra={"action": "watchdog_short"},
            )
        return cls(address, watched)

    def ticked(self, well: bool) -> None:
        """Tell of a tick that has just ended: the watchdog is fed here and nowhere else.

        A tick that did not go well feeds it for a while; ticks that go on failing starve it, and systemd
        starts the daemon anew. ``/readyz`` tells of the first one.
        """
        failing = self._failing_seconds(well)
        said = "ticking" if well else f"ticks have failed for {failing:.0f} s; the log says why"
        lines = [f"STATUS={said}"]
        if not self._ready:
            lines.append("READY=1")
            self._ready = True
        if self.watched and failing <= self.patience_seconds:
            lines.append("WATCHDOG=1")
        self._tell(*lines)

    def _failing_seconds(self, well: bool) -> float:
        if well:
            self._failing_since = None
        elif self._failing_since is None:
            self._failing_since = monotonic()
        return 0.0 if self._failing_since is None else monotonic() - self._failing_since

    def stopping(self) -> None:
        """Tell that it stops."""
        self._tell("STOPPING=1", "STATUS=stopping")

    def _tell(self, *lines: str) -> None:
        if not self.address:
            return
        name = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        # Never in the way of the loop: a full or missing socket costs a message.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.setblocking(False)
            telling.sendto("\n".join(lines).encode(), name)
