"""What somebody is to be told of, and the message that tells it."""

import enum
from dataclasses import dataclass
from datetime import datetime


class Reason(enum.StrEnum):
    """Why somebody is told. Only a change is told, and a reminder of what has not been mended."""

    FIRST_STALE = "stale at first sight"  #: the model's first decided audit found stale settings
    STALE = "gone stale"  #: fresh at the last decided audit
    FRESH = "fresh again"  #: stale at the last decided audit
    ALARM = "alarm"  #: the evidence of all audits raised the alarm, whatever the newest one's call
    FAILING = "failing"  #: the audit before did not fail
    RECOVERED = "working again"  #: the audit before failed
    OVERDUE = "overdue"  #: the next audit was due and has not begun
    REMINDER = "reminder"  #: still stale, or still failing, days after the last message


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing to tell about one audit.

    Attributes
    ----------
    key
        Tells the news of one audit apart; each is sent at most once per channel.
    model, started_at
        Of the audit.
    headline, sentence
        What is told.
    """

    audit_id: int
    key: str
    reason: Reason
    model: str
    started_at: datetime
    headline: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """News on its way to one channel.

    Attributes
    ----------
    channel
        The channel's name, which holds no secret.
    state
        ``waiting``, ``sent`` or ``given up``.
    made_at
        When the verdict was written.
    attempts
        Begun so far, the running one included.
    next_try
        Not before this moment.
    problem
        Why the last attempt failed, or empty.
    """

    id: int
    channel: str
    news: News
    state: str
    made_at: datetime
    attempts: int
    next_try: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told in a message: news and where its page is."""

    news: News
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent: one piece of news, or several in one digest.

    Attributes
    ----------
    id
        The same for the same news, so that a receiver can drop what it was sent twice.
    subject, text
        For people; the subject is one line.
    told
        For programs.
    """

    id: str
    subject: str
    text: str
    told: tuple[Told, ...] = ()
