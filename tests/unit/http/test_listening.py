"""Where the web side listens, and as whom."""

import pytest

from auditor.errors import DeclarationError
from auditor.http.guarding import host_of
from auditor.http.listening import Address, allowed_hosts, listen, parse_address


@pytest.mark.parametrize(
    ("text", "address", "loopback"),
    [
        ("127.0.0.1:8321", Address("127.0.0.1", 8321), True),
        (" localhost:0 ", Address("localhost", 0), True),
        ("[::1]:80", Address("::1", 80), True),
        ("127.9.9.9:1", Address("127.9.9.9", 1), True),
        ("0.0.0.0:80", Address("0.0.0.0", 80), False),  # noqa: S104
        ("auditor.example.org:80", Address("auditor.example.org", 80), False),
    ],
)
def test_an_address_is_a_host_and_a_port(text, address, loopback):
    assert parse_address(text) == address
    assert address.is_loopback is loopback


@pytest.mark.parametrize(
    "text", ["8321", "host", ":80", "host:x", "host:99999", "http://host:80", "a@h:1", "h:1/x"]
)
def test_what_is_no_address_is_refused_with_what_is(text):
    with pytest.raises(
        DeclarationError, match=r"AUDITOR_LISTEN is .*; allowed: host:port, as 127\.0\.0\.1:8321"
    ):
        parse_address(text)


def test_an_address_that_is_taken_is_one_line():
    taken = listen(Address("127.0.0.1", 0))
    port = taken.getsockname()[1]

    with (
        taken,
        pytest.raises(DeclarationError, match=rf"cannot listen on 127.0.0.1:{port} \(Address already"),
    ):
        listen(Address("127.0.0.1", port))


def test_on_this_machine_only_its_own_names_are_answered_and_that_of_the_site():
    local = allowed_hosts(Address("127.0.0.1", 1), "")
    named = allowed_hosts(Address("127.0.0.1", 1), "https://Auditor.Example.org/x")

    assert local == {"localhost", "127.0.0.1", "::1"}
    assert named == local | {"auditor.example.org"}
    assert allowed_hosts(Address("0.0.0.0", 1), "") is None  # noqa: S104


@pytest.mark.parametrize(
    "header", ["evil.example", "localhost.evil.example:80", "[::1]evil", "localhost:80:80", ""]
)
def test_a_header_that_only_looks_like_this_host_is_another(header):
    assert host_of(header) not in allowed_hosts(Address("127.0.0.1", 1), "")
