"""Mail, over SMTP: encrypted unless asked otherwise, and never a password in the clear."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from threading import Timer
from urllib.parse import SplitResult, parse_qs, unquote

from auditor.core.records import Message
from auditor.errors import ChannelError

logger = logging.getLogger(__name__)

_PORTS = {"starttls": 587, "ssl": 465, "none": 25}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Sends mails through one server.

    Attributes
    ----------
    tls
        ``starttls``, ``ssl`` or ``none``; certificates are checked.
    seconds
        For everything, from connecting to the last answer.
    """

    name: str
    host: str
    port: int
    tls: str
    sender: str
    receivers: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float

    def send(self, message: Message) -> None:
        """Send a message to all receivers.

        Raises
        ------
        ChannelError
            If the server took it for none of them, or not in time.
        """
        try:
            with self._connected() as server:
                refused = server.send_message(self._mail(message), self.sender, self.receivers)
        except smtplib.SMTPResponseException as error:
            raise ChannelError(self._said(f"answered {error.smtp_code} {_text(error.smtp_error)}")) from None
        except smtplib.SMTPRecipientsRefused as error:
            answers = [f"{code} {_text(text)}" for code, text in error.recipients.values()]
            raise ChannelError(self._said(f"no receiver was accepted: {answers[0]}")) from None
        except smtplib.SMTPServerDisconnected:
            raise ChannelError("the connection was lost; it may have been taken all the same") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(self._said(f"{type(error).__name__}: {_reason(error)}")) from None
        if refused:  # not tried again: the others have it, and would get it a dozen times
            logger.warning(
                "%s: %d of %d receivers were refused, the others have the message",
                self.name,
                len(refused),
                len(self.receivers),
                extra={"action": "receivers_refused", "channel": self.name},
            )

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.tls == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(timeout=self.seconds, context=context)
        else:
            server = smtplib.SMTP(timeout=self.seconds)
        # Its time-out is for each step; a server that dribbles bytes would hold us for ever.
        timer = Timer(self.seconds, _cut, [server])
        timer.daemon = True
        timer.start()
        try:
            # Its certificate is checked against this name; connect() alone does not note it.
            server._host = self.host  # type: ignore[attr-defined]  # noqa: SLF001
            server.connect(self.host, self.port)
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # it was taken: how the server says goodbye changes nothing
        finally:
            timer.cancel()
            server.close()

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = _encodable(message.subject)[:200]
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.receivers)
        mail["Date"] = formatdate(usegmt=True)
        # The same for the same news: mail servers and readers drop what they are sent twice.
        mail["Message-ID"] = f"<{message.id}@auditor.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(_encodable(message.text) + "\n")
        return mail

    def _said(self, problem: str) -> str:
        return problem.replace(self.password, "***") if self.password else problem


def mail_channel(parts: SplitResult, *, name: str, seconds: float) -> Mail:
    """Return the channel that an ``smtp://`` or ``smtps://`` URL names.

    Raises
    ------
    ValueError
        If the URL lacks the host, ``from`` or ``to``, or would send a password in the clear.
    """
    asked = parse_qs(parts.query)
    unknown = sorted(asked.keys() - {"from", "to", "tls"})
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}; allowed: from, to, tls")
    tls = "ssl" if parts.scheme == "smtps" else asked.get("tls", ["starttls"])[-1]
    if tls not in _PORTS:
        raise ValueError(f"tls is {tls!r}; allowed: {', '.join(_PORTS)}")
    receivers = tuple(found.strip() for to in asked.get("to", []) for found in to.split(",") if found.strip())
    host, user = parts.hostname or "", unquote(parts.username or "")
    sender = asked.get("from", [user])[-1]
    if not host or not receivers or "@" not in sender:
        raise ValueError("it needs a host, from and to: smtp://user:password@host?from=a@b.org&to=c@d.org")
    if any(character in "".join((sender, *receivers)) for character in "\r\n<>"):
        raise ValueError("from and to are plain addresses, as a@b.org")
    if user and tls == "none" and host not in _LOOPBACK:
        raise ValueError("tls=none would send the password in the clear; leave out tls or the password")
    return Mail(
        name=name,
        host=host,
        port=parts.port or _PORTS[tls],
        tls=tls,
        sender=sender,
        receivers=receivers,
        user=user,
        password=unquote(parts.password or ""),
        seconds=seconds,
    )


def _cut(server: smtplib.SMTP) -> None:
    """Shut a connection whose time is over; whoever waits on it is told at once."""
    with suppress(OSError):
        if server.sock is not None:
            server.sock.shutdown(socket.SHUT_RDWR)


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the host is not trusted: {error.verify_message}"
    return (error.strerror if isinstance(error, OSError) else None) or _text(str(error))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
