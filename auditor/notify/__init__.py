"""Where messages go: a webhook, a mail server, or whatever Apprise reaches.

A channel is written as one URL, which may hold a secret. Its name, in contrast, holds none: it is what
the outbox keeps and what logs say.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from auditor.errors import DeclarationError

if TYPE_CHECKING:  # commands that only list what was found name channels, and do without numpy
    from auditor.ports import Channel

ATTEMPT_SECONDS = 20.0
"""How long one attempt may take in all, whatever the other side does."""

_BETWEEN = re.compile(r"[,\s]+(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")
"""Between two URLs; a comma within one stays."""

_ALLOWED = (
    "https://host/path, smtp://user:password@host?from=a@b.org&to=c@d.org, smtps://..., or any URL of Apprise"
)


def split_urls(text: str) -> tuple[str, ...]:
    """Return the URLs of a list, which commas or spaces separate.

    Examples
    --------
    >>> split_urls("https://a/b, smtp://h?to=x@a,y@a  slack://t")
    ('https://a/b', 'smtp://h?to=x@a,y@a', 'slack://t')
    """
    return tuple(part for part in _BETWEEN.split(text.strip().strip(",").strip()) if part)


def channel_names(urls: Sequence[str]) -> tuple[str, ...]:
    """Return the names of channels, each once, without opening them.

    Raises
    ------
    DeclarationError
        If one is no URL; it is told by its place, as it may hold a secret.
    """
    return tuple(dict.fromkeys(_name(_parts(url, place)) for place, url in enumerate(urls, 1)))


def open_channels(urls: Sequence[str], *, secret: str = "") -> "tuple[Channel, ...]":
    """Return a channel for every URL.

    Parameters
    ----------
    secret
        Signs what webhooks are sent; empty for no signature.

    Raises
    ------
    DeclarationError
        If one is no URL of a channel, or needs a library that is not installed.
    """
    found: dict[str, Channel] = {}
    for place, url in enumerate(urls, 1):
        parts = _parts(url, place)
        found.setdefault(_name(parts), _open(url, parts, place, secret=secret))
    return tuple(found.values())


def _open(url: str, parts: SplitResult, place: int, *, secret: str) -> "Channel":
    try:
        if parts.scheme in ("http", "https"):
            from auditor.notify.webhook import Webhook

            return Webhook(name=_name(parts), url=url, secret=secret, seconds=ATTEMPT_SECONDS)
        if parts.scheme in ("smtp", "smtps"):
            from auditor.notify.mail import mail_channel

            return mail_channel(parts, name=_name(parts), seconds=ATTEMPT_SECONDS)
        from auditor.notify.apprised import Apprised

        return Apprised(name=_name(parts), url=url, seconds=ATTEMPT_SECONDS)
    except ValueError as error:
        raise DeclarationError(f"AUDITOR_NOTIFY, channel {place} ({_name(parts)}): {error}") from None


def _parts(url: str, place: int) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if not parts.scheme or not (parts.netloc or parts.path):
        raise DeclarationError(
            f"AUDITOR_NOTIFY, channel {place} is no URL (not shown, as it may hold a secret); "
            f"allowed: {_ALLOWED}"
        )
    return parts


def _name(parts: SplitResult) -> str:
    """Return kind and host, and a digest of the rest without the password, which may be changed.

    Hosts of schemes that only Apprise knows may be tokens, so they are left out.
    """
    known = parts.scheme in ("http", "https", "smtp", "smtps")
    kind = {"http": "webhook", "https": "webhook", "smtps": "smtp"}.get(parts.scheme, parts.scheme)
    host = (parts.hostname or "") if known else ""
    rest = f"{parts.scheme} {parts.username} {parts.hostname} {parts.port} {parts.path} {parts.query}"
    digest = hashlib.sha256(rest.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return ":".join(part for part in (kind, host, digest) if part)
