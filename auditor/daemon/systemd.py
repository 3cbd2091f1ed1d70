"""What systemd is told, where it started the daemon: that it is ready, that it lives, that it stops.

The protocol is one datagram of text to a socket that the environment names (``man sd_notify``).
"""

import logging
import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass

logger = logging.getLogger(__name__)

_ROUNDS = 3.0
"""Rounds of the loop that a watchdog should wait for."""


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
    _ready: bool = False

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

        Also by a tick that did not go well: the loop goes round, and a database that is away does not come
        back by a restart, which would only end the audits that run. ``/readyz`` tells of it.
        """
        lines = ["STATUS=ticking" if well else "STATUS=the last tick failed; the log says why"]
        if not self._ready:
            lines.append("READY=1")
            self._ready = True
        if self.watched:
            lines.append("WATCHDOG=1")
        self._tell(*lines)

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
