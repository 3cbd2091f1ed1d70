"""Where to listen: ``AUDITOR_LISTEN``, and which names of hosts are answered there."""

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from auditor.errors import DeclarationError

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_ALLOWED = "allowed: host:port, as 127.0.0.1:8321, [::1]:8321 or 0.0.0.0:8321 (port 0: a free one), or off"

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True, slots=True)
class Address:
    """A host, by number or name, and a port."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"

    @property
    def from_here(self) -> "Address":
        """Where this machine reaches it: what listens everywhere listens on loopback, too."""
        return Address(_EVERYWHERE.get(self.host, self.host), self.port)

    def __str__(self) -> str:
        """Return it as it is written in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address | None:
    """Return the address that a text names, or None for ``off``.

    Raises
    ------
    DeclarationError
        If it names none.

    Examples
    --------
    >>> parse_address("[::1]:80"), parse_address("off")
    (Address(host='::1', port=80), None)
    """
    if text.strip().lower() == "off":
        return None
    with suppress(ValueError):
        parts = urlsplit(f"//{text.strip()}")
        host, port = parts.hostname, parts.port
        plain = not (parts.path or parts.query or parts.fragment) and parts.username is None
        if host and port is not None and plain:
            return Address(host, port)
    raise DeclarationError(f"AUDITOR_LISTEN is {text!r}; {_ALLOWED}")


def listen(address: Address) -> socket.socket:
    """Return a socket that listens; here, so that what is wrong is said before anything else starts.

    Raises
    ------
    DeclarationError
        If the address is taken, is not this machine's, or needs other rights.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address.host, address.port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise DeclarationError(
            f"cannot listen on {address} ({error.strerror or error}); set AUDITOR_LISTEN to another address"
        ) from error
    return listening


def allowed_hosts(address: Address, site: str) -> frozenset[str] | None:
    """Return the names of hosts that are answered, or None for all of them.

    On this machine's own address only its own names, and that of ``AUDITOR_SITE``: a page elsewhere whose
    name suddenly leads here (DNS rebinding) would otherwise read everything through its visitor's browser.
    Elsewhere nobody can know under which names the address is reached.
    """
    if not address.is_loopback:
        return None
    named = urlsplit(site).hostname if site else None
    return _LOCAL | ({named} if named else set())
