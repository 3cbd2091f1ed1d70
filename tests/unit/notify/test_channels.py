"""Channels as they are declared: what is allowed, and that no secret is ever shown."""

import sys

import pytest

from auditor.errors import DeclarationError
from auditor.notify import channel_names, open_channels, split_urls
from auditor.settings import Settings

# Apprise still looks for a module that Python has dropped.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")

MAIL = "smtp://robot:hunter2@mail.example.org?from=robot@example.org&to=a@example.org,b@example.org"
KEY = "key7"
HOOK = "https://hooks.example.org/services/T0/B0/verysecret"


def test_urls_are_separated_by_commas_or_spaces_and_keep_their_own_commas():
    assert split_urls(f" {HOOK},{MAIL}\n{HOOK} ,") == (HOOK, MAIL, HOOK)
    assert split_urls("  ") == ()


def test_a_name_says_kind_and_host_and_no_secret():
    names = channel_names([HOOK, MAIL, "slack://TokenA/TokenB/TokenC"])

    assert [name.rsplit(":", 1)[0] for name in names] == [
        "webhook:hooks.example.org",
        "smtp:mail.example.org",
        "slack",
    ]
    assert not any(word in name for name in names for word in ("secret", "hunter2", "Token", "robot"))


def test_a_new_password_is_the_same_channel_and_another_path_another():
    assert channel_names([MAIL]) == channel_names([MAIL.replace("hunter2", "hunter3")])
    assert channel_names([HOOK]) != channel_names([HOOK + "x"])
    assert len(channel_names([HOOK, HOOK])) == len(open_channels([HOOK, HOOK])) == 1


def test_a_mail_channel_is_encrypted_unless_asked_otherwise():
    (plain,) = open_channels([MAIL])
    (wrapped,) = open_channels([MAIL.replace("smtp:", "smtps:")])

    assert (plain.tls, plain.port, plain.receivers) == ("starttls", 587, ("a@example.org", "b@example.org"))
    assert (wrapped.tls, wrapped.port) == ("ssl", 465)
    assert (plain.user, plain.password) == ("robot", "hunter2")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("not a url", "channel 1 is no URL"),
        ("https://[::1", "channel 1 is no URL"),
        ("https://host:99999/x", "channel 1 is no URL"),
        ("smtp://host?from=a@b.org", "it needs a host, from and to"),
        ("smtp://host?from=me&to=a@b.org", "it needs a host, from and to"),
        ("smtp://host?from=a@b.org&to=a@b.org&tls=maybe", "tls is 'maybe'; allowed: starttls, ssl, none"),
        ("smtp://host?from=a@b.org&to=a@b.org&port=1", "unknown option 'port'; allowed: from, to, tls"),
        ("smtp://u:hunter2@host?from=a@b.org&to=a@b.org&tls=none", "would send the password in the clear"),
        ("smtp://host?from=a@b.org%0d%0aBcc:x@y&to=a@b.org", "plain addresses"),
    ],
)
def test_what_is_declared_wrongly_is_one_line_without_the_url(url, problem):
    with pytest.raises(DeclarationError) as refused:
        open_channels([url])

    assert problem in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_apprise_the_command_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)

    with pytest.raises(DeclarationError, match=r"pip install 'auditor\[notify\]'"):
        open_channels(["slack://TokenA/TokenB/TokenC"])


def test_nothing_that_is_printed_holds_a_secret():
    shown = repr(open_channels([MAIL, HOOK], secret=KEY))
    shown += repr(Settings.from_environment({"AUDITOR_NOTIFY": MAIL, "AUDITOR_NOTIFY_SECRET": KEY}))

    assert not any(secret in shown for secret in ("hunter2", "verysecret", KEY))
