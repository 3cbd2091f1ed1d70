"""A webhook: one POST of JSON, signed where a secret is set."""

import asyncio
import hashlib
import hmac
import json
import logging
import ssl
from dataclasses import dataclass, field

from auditor.core.records import Message
from auditor.errors import ChannelError

SCHEMA_VERSION = 1
"""Of the body; raised when a field changes its meaning or goes away."""

_TAKEN = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Posts to one URL.

    The certificate of the host is checked, redirections are not followed (they would carry the message
    elsewhere) and proxies of the environment are used.

    Attributes
    ----------
    secret
        If set, ``X-Auditor-Signature: sha256=<hex>`` is the HMAC of the body under it.
    seconds
        For everything, from the look-up of the host to the last byte of the answer's head.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    seconds: float

    def send(self, message: Message) -> None:
        """Post a message.

        Raises
        ------
        ChannelError
            If it was not answered with 2xx in time.
        """
        import httpx

        # They log the URL, whose path is the secret of most webhooks.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        try:
            status = asyncio.run(asyncio.wait_for(self._post(message), self.seconds))
        except TimeoutError as error:
            raise ChannelError(
                f"no answer within {self.seconds:g} s; it may have been taken all the same"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise ChannelError(_problem(error)) from None  # what is behind it may quote the URL
        if status not in _TAKEN:
            raise ChannelError(f"answered {status}, where 2xx is wanted")

    async def _post(self, message: Message) -> int:
        import httpx

        body = body_of(message)
        context = ssl.create_default_context()
        async with (
            httpx.AsyncClient(verify=context, timeout=self.seconds, follow_redirects=False) as client,
            client.stream("POST", self.url, content=body, headers=self._headers(message, body)) as answer,
        ):
            return answer.status_code  # the body is nobody's business, and may have no end

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "auditor",
            "X-Auditor-Message": message.id,
        }
        if self.secret:
            headers["X-Auditor-Signature"] = f"sha256={signature(self.secret, body)}"
        return headers


def signature(secret: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of a body, in hexadecimal.

    Examples
    --------
    >>> signature("key", b"The quick brown fox jumps over the lazy dog")[:16]
    'f7bc83f430538424'
    """
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def body_of(message: Message) -> bytes:
    """Return the JSON that is posted; ``text`` alone is what chat systems show."""
    told = [
        {
            "id": f"{one.news.audit_id}/{one.news.key}",
            "audit": one.news.audit_id,
            "model": one.news.model,
            "reason": one.news.reason.value,
            "headline": one.news.headline,
            "sentence": one.news.sentence,
            "started_at": one.news.started_at.isoformat(),
            "link": one.link,
        }
        for one in message.told
    ]
    whole = {
        "schema_version": SCHEMA_VERSION,
        "id": message.id,
        "subject": message.subject,
        "text": f"{message.subject}\n\n{message.text}",
        "news": told,
    }
    return json.dumps(whole).encode("ascii")


def _problem(error: Exception) -> str:
    """Return what went wrong without the library's words, which may quote the URL."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of the host is not trusted: {cause.verify_message}"
        if isinstance(cause, OSError) and cause.strerror:
            return f"{type(error).__name__}: {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
