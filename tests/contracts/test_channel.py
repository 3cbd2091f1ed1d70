"""Promises of ``ports.Channel``, over every implementation: real receivers on this machine."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from auditor.errors import ChannelError
from auditor.notify import open_channels
from auditor.notify.apprised import Apprised
from auditor.notify.mail import Mail
from auditor.notify.webhook import Webhook
from auditor.ports import Channel
from tests.fakes import Receiver
from tests.receivers import MESSAGE, Box, answering, mail_server, receiving

PORT = Channel
IMPLEMENTATIONS = (Webhook, Mail, Apprised, Receiver)
SECRET = "hunter2"  # noqa: S105

# Apprise still looks for a module that Python has dropped.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


@dataclass
class Line:
    """A channel, with what stands at its other end.

    Attributes
    ----------
    to
        Returns the channel to a port of this machine.
    taking, refusing
        Serve something at a port that takes every message, or none; yield the port and what was taken.
    """

    to: Callable[[int], Channel]
    taking: Callable[[], AbstractContextManager[tuple[int, list[Any]]]]
    refusing: Callable[[], AbstractContextManager[tuple[int, list[Any]]]]


def line_of(kind: type) -> Line:
    if kind is Mail:
        return Line(
            lambda port: opened(f"smtp://localhost:{port}?from=r@a.org&to=x@a.org&tls=none"), mails, no_mails
        )
    if kind is Receiver:
        fake = Receiver("fake")
        return Line(
            lambda port: broken(fake) if port < 0 else fake, lambda: in_hand(fake), lambda: in_hand(fake, -1)
        )
    scheme = "json" if kind is Apprised else "http"
    return Line(
        lambda port: opened(f"{scheme}://localhost:{port}/{SECRET}"), lambda: posts(200), lambda: posts(500)
    )


def opened(url: str) -> Channel:
    (channel,) = open_channels([url], secret=SECRET)
    return channel


@contextmanager
def posts(status: int) -> Iterator[tuple[int, list[Any]]]:
    with receiving(answering(status)) as (url, received):
        yield int(url.rpartition(":")[2]), received


@contextmanager
def mails(answer: str = "250 OK") -> Iterator[tuple[int, list[Any]]]:
    box = Box()
    box.answer = answer
    with mail_server(box) as port:
        yield port, box.mails


def no_mails() -> AbstractContextManager[tuple[int, list[Any]]]:
    return mails("554 no")


def broken(fake: Receiver) -> Receiver:
    return replace(fake, broken=ChannelError("answered 500, where 2xx is wanted"))


@contextmanager
def in_hand(fake: Receiver, port: int = 0) -> Iterator[tuple[int, list[Any]]]:
    yield port, fake.got


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type:
    monkeypatch.setenv("NO_PROXY", "*")
    found: type = request.param
    return found


def test_a_message_is_taken_and_whoever_sends_it_twice_sends_it_twice(kind: type) -> None:
    line = line_of(kind)
    with line.taking() as (port, taken):
        channel = line.to(port)
        assert type(channel) is kind

        channel.send(MESSAGE)
        channel.send(MESSAGE)

        assert len(taken) == 2


def test_a_message_is_sent_from_any_thread(kind: type) -> None:
    line, errors = line_of(kind), []
    with line.taking() as (port, taken):

        def send() -> None:
            try:
                line.to(port).send(MESSAGE)
            except BaseException as error:  # it would be lost with the thread
                errors.append(error)

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (errors, len(taken)) == ([], 2)


def test_a_message_that_is_refused_is_an_error_of_one_line_without_a_secret(
    kind: type, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    line = line_of(kind)
    with line.refusing() as (port, _):
        channel = line.to(port)
        with pytest.raises(ChannelError) as refused:
            channel.send(MESSAGE)

    assert "\n" not in str(refused.value)
    for shown in (str(refused.value), channel.name, repr(channel), caplog.text):
        assert SECRET not in shown


def test_nobody_at_the_other_end_is_an_error_too(kind: type) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = -1 if kind is Receiver else free.getsockname()[1]
        with pytest.raises(ChannelError):
            line_of(kind).to(port).send(MESSAGE)


@pytest.mark.parametrize("patience", [0.3])
def test_an_end_that_says_nothing_is_left_in_time(kind: type, patience: float) -> None:
    if kind is Receiver:
        return  # it answers at once
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        channel = replace(line_of(kind).to(silent.getsockname()[1]), seconds=patience)  # type: ignore[type-var]

        with pytest.raises(ChannelError):
            channel.send(MESSAGE)  # it never says anything


def test_a_channel_has_the_same_name_whenever_it_is_opened(kind: type) -> None:
    one, again, other = (line_of(kind).to(port).name for port in (80, 80, 81))

    assert one == again
    assert (one == other) == (kind is Receiver)
