"""``auditor notify``, and what ``auditor run`` tells at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditor.cli import COULD_NOT_RUN, complain
from auditor.errors import AuditorError, ChannelError
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.core.records import Notice
    from auditor.dispatch import Dispatch

_NONE = (
    "no channels: set AUDITOR_NOTIFY to one URL or several (https://host/hook, "
    "smtp://user:password@host?from=a@b.org&to=c@d.org, or any of Apprise)"
)
_SHOWN = 20
"""Notices listed."""


@contextmanager
def telling(settings: Settings) -> Iterator[None]:
    """Send what is due after a ``with`` block that audits, also when the audit failed.

    What cannot be sent is said on stderr and stays in the outbox: the audit's outcome is not touched.
    """
    try:
        yield
    except AuditorError:
        _tell(settings)
        raise
    _tell(settings)


def send_due(settings: Settings, *, json: bool) -> int:
    """Send what is due, print the newest notices, and return the exit code.

    Raises
    ------
    AuditorError
        If there are no channels, or they are declared wrongly.
    """
    dispatch = _opened(settings)
    dispatch.sweep()
    delivered = dispatch.send()
    _print_notices(dispatch.outbox.newest(_SHOWN), json=json)
    return COULD_NOT_RUN if delivered.failed or delivered.given_up else 0


def try_channels(settings: Settings, *, json: bool) -> int:
    """Send a test message to every channel, print what came of it, and return the exit code.

    Raises
    ------
    AuditorError
        If there are no channels, or they are declared wrongly.
    """
    from auditor.core.notices import trial_message

    dispatch = _opened(settings)
    message = trial_message(dispatch.clock.now())
    outcomes: dict[str, str] = {}
    for channel in dispatch.channels:
        try:
            channel.send(message)
            outcomes[channel.name] = "sent"
        except ChannelError as error:
            outcomes[channel.name] = str(error)
    _print_outcomes(outcomes, json=json)
    return 0 if set(outcomes.values()) == {"sent"} else COULD_NOT_RUN


def _tell(settings: Settings) -> None:
    try:
        from auditor.wiring import open_dispatch

        dispatch = open_dispatch(settings)
        if dispatch is not None:
            dispatch.sweep()
            dispatch.send()
    except AuditorError as error:
        complain(error)


def _opened(settings: Settings) -> "Dispatch":
    from auditor.wiring import open_dispatch

    dispatch = open_dispatch(settings)
    if dispatch is None:
        raise AuditorError(_NONE)
    return dispatch


def _print_outcomes(outcomes: dict[str, str], *, json: bool) -> None:
    if json:
        from json import dumps

        print(dumps(outcomes, indent=2))
        return
    for name, outcome in outcomes.items():
        print(f"{name}  {outcome}")


def _print_notices(notices: "tuple[Notice, ...]", *, json: bool) -> None:
    from auditor.cli.printing import print_table
    from auditor.core.document import record_to_json
    from auditor.core.records import Notice

    if json:
        print(record_to_json(notices, tuple[Notice, ...], indent=2))
        return
    if not notices:
        print("nothing to tell so far: only a change is told")
        return
    rows = [
        (
            str(notice.news.audit_id),
            notice.news.model,
            notice.news.reason.value,
            notice.channel,
            notice.state,
            str(notice.attempts),
            notice.problem,
        )
        for notice in notices
    ]
    print_table(("audit", "model", "because", "channel", "state", "attempts", "problem"), rows)
