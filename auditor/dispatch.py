"""The outbox, emptied: what is overdue or to be said again is added, and what is due is sent.

Run by the daemon every ten seconds, and by ``auditor run`` at its end. A channel that does not answer
costs its own messages a delay, never an audit.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from auditor.core.notices import (
    is_overdue,
    is_to_be_reminded,
    message_of,
    overdue_news,
    reminder_news,
)
from auditor.core.records import AuditSummary, News, Notice
from auditor.errors import ChannelError
from auditor.ports import Channel, Clock, Outbox

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)
"""For how long nobody else takes what is being sent: well above what an attempt may take."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the notices that were due."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        """Return both together."""
        return Delivered(self.sent + other.sent, self.failed + other.failed, self.given_up + other.given_up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Sends what is due on every channel.

    Attributes
    ----------
    link
        Where the page of some news is.
    remind_every
        After how long what stays stale or keeps failing is said again; zero for never.
    declared
        The models whose audits are expected (a schedule may be gone, or paused); None for all of them.
    """

    outbox: Outbox
    channels: Sequence[Channel]
    clock: Clock
    link: Callable[[News], str]
    remind_every: timedelta
    declared: Callable[[], frozenset[str] | None] = lambda: None

    def sweep(self) -> int:
        """Add what is overdue, stuck, or to be said again, and return how many notices are new."""
        if not self.channels:
            return 0
        now = self.clock.now()
        standings = self.outbox.standings(now)
        late = [newest for newest in standings if is_overdue(newest, now)]
        declared = self.declared() if late else None
        overdue = [newest for newest in late if declared is None or newest.model in declared]
        told = [*map(overdue_news, overdue), *self.outbox.stuck(now)]
        return sum(self._swept(channel, standings, told) for channel in self.channels)

    def send(self) -> Delivered:
        """Send what is due, one message per channel.

        Raises
        ------
        StorageError
            If the outbox cannot be reached; a channel that cannot be is no error.
        """
        return sum((self._sent(channel) for channel in self.channels), Delivered())

    def _swept(self, channel: Channel, standings: Sequence[AuditSummary], others: Sequence[News]) -> int:
        now, told = self.clock.now(), self.outbox.last_told(channel.name)
        news = list(others)
        for newest in standings:
            last = told.get(newest.model)
            at = last.made_at if last else None
            if is_to_be_reminded(newest, last=at, every=self.remind_every, now=now):
                news.append(reminder_news(newest, after=last.id if last else 0))
        return self.outbox.add(news, channel=channel.name, now=now)

    def _sent(self, channel: Channel) -> Delivered:
        now = self.clock.now()
        due = self.outbox.claim(channel.name, now=now, until=now + CLAIM)
        if not due:
            return Delivered()
        try:
            channel.send(message_of(due, [self.link(notice.news) for notice in due]))
        except ChannelError as error:
            return self._not_sent(channel, due, str(error))
        except Exception as error:  # a library's bug must not stop the other channels
            return self._not_sent(channel, due, f"{type(error).__name__} in the channel itself")
        self.outbox.sent(due, now=self.clock.now())
        logger.info(
            "%s: %d notices sent", channel.name, len(due), extra=_fields("notices_sent", channel, due)
        )
        return Delivered(sent=len(due))

    def _not_sent(self, channel: Channel, due: Sequence[Notice], problem: str) -> Delivered:
        given_up = self.outbox.failed(due, problem=problem, now=self.clock.now())
        logger.warning(
            "%s: %d notices not sent: %s",
            channel.name,
            len(due),
            problem,
            extra=_fields("notices_failed", channel, due),
        )
        if given_up:
            logger.error(
                "%s: %d notices given up after %d attempts: %s",
                channel.name,
                len(given_up),
                given_up[0].attempts,
                problem,
                extra=_fields("notices_given_up", channel, given_up),
            )
        return Delivered(failed=len(due) - len(given_up), given_up=len(given_up))


def _fields(action: str, channel: Channel, notices: Sequence[Notice]) -> dict[str, object]:
    audits = [notice.news.audit_id for notice in notices]
    return {"action": action, "channel": channel.name, "audit_ids": audits}
