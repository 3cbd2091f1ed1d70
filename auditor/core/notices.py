"""Whom to tell what, and in which words. Pure: the outbox keeps it, channels carry it.

Somebody who is told every night that nothing changed stops reading. So only a change is told; what
stays stale or keeps failing is repeated after some days; and what is due together goes out as one
message.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from auditor.core.records import Audit, AuditSummary, Call, Message, News, Notice, Reason, Told, digest_of
from auditor.errors import printable

OVERDUE_AFTER = timedelta(hours=1)
"""An audit that has not begun by then is overdue: it may wait for a worker for a while."""

RUNNING_FOR = timedelta(days=1)
"""An audit that has been running for longer counts as one that was interrupted and forgotten."""

MOST_ATTEMPTS = 12
"""With the pauses below: given up after about twelve hours, so that a night's outage loses nothing."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=4)

_MOST_LINES = 50
"""Models spelled out in a digest's text; programs get them all."""

_MARKS = {
    Reason.FIRST_STALE: "STALE",
    Reason.STALE: "STALE",
    Reason.FRESH: "FRESH AGAIN",
    Reason.ALARM: "ALARM",
    Reason.FAILING: "FAILING",
    Reason.RECOVERED: "WORKING AGAIN",
    Reason.OVERDUE: "OVERDUE",
    Reason.REMINDER: "REMINDER",
}


def reason_to_tell(
    newest: AuditSummary, *, previous: AuditSummary | None, decided: Call | None
) -> Reason | None:
    """Return why somebody is to be told of an audit that has ended, or None.

    Parameters
    ----------
    previous
        The model's audit that ended before it, or None.
    decided
        The last call before it that was *fresh* or *stale*: an undecided audit in between changes nothing.
    """
    failed_before = previous is not None and previous.state == "failed"
    if newest.state == "failed":
        return None if failed_before else Reason.FAILING
    if newest.call is Call.STALE and decided is not Call.STALE:
        return Reason.FIRST_STALE if decided is None else Reason.STALE
    if newest.call is Call.FRESH and decided is Call.STALE:
        return Reason.FRESH
    if newest.alarm and newest.call is not Call.STALE and not (previous is not None and previous.alarm):
        return Reason.ALARM
    return Reason.RECOVERED if failed_before else None


def news_of(audit: Audit, reason: Reason) -> News:
    """Return what is told of an audit that has just ended: one thing, whatever the reason."""
    said = [audit.error or audit.sentence]
    if audit.repeated is not None and audit.repeated.number > 1:
        said.append(audit.repeated.sentence)
    return News(
        audit_id=audit.id,
        key="verdict",
        reason=reason,
        model=audit.model,
        started_at=audit.started_at,
        headline=audit.headline,
        sentence=" ".join(part for part in said if part),
    )


def is_overdue(newest: AuditSummary, now: datetime) -> bool:
    """Return whether the audit after this one should have begun long ago."""
    return newest.next_due is not None and newest.next_due + OVERDUE_AFTER < now


def overdue_news(newest: AuditSummary) -> News:
    """Return what is told of a model whose next audit has not begun, once per audit that it waits after."""
    due = f"{newest.next_due:%Y-%m-%d %H:%M} UTC" if newest.next_due else "earlier"
    return _about(
        newest,
        Reason.OVERDUE,
        key="overdue",
        headline="The next audit is overdue",
        sentence=(
            f"It was due {due} and has not begun; `auditor status` says more, `auditor run` with its "
            f"schedule audits now. Of the last one: {newest.headline}"
        ),
    )


def stuck_news(newest: AuditSummary, *, order_id: int, reason: str) -> News:
    """Return what is told of an order that was put into quarantine: its audit ended in no verdict.

    Parameters
    ----------
    newest
        The model's newest audit that has ended, before that order.
    reason
        Why, as the queue keeps it.
    """
    return _about(
        newest,
        Reason.FAILING,
        key=f"order {order_id} in quarantine",
        headline="The audit could not be carried out",
        sentence=(
            f"It was {reason}. Mend that, then `auditor run` with its schedule; nothing is known of it "
            f"since audit {newest.id}: {newest.headline}"
        ),
    )


def is_to_be_reminded(
    newest: AuditSummary, *, last: datetime | None, every: timedelta, now: datetime
) -> bool:
    """Return whether a model still stands badly and nobody has been told for a while.

    Parameters
    ----------
    last
        When the last message about the model was made, or None if there never was one: then a channel
        that is new is told how things stand.
    every
        Zero for no reminders.
    """
    stands_badly = newest.state == "failed" or newest.call is Call.STALE
    return bool(stands_badly and every and (last is None or last + every <= now))


def reminder_news(newest: AuditSummary, *, after: int) -> News:
    """Return what is told of a model that still stands badly.

    Parameters
    ----------
    after
        Number of the last notice about it, or 0: two processes that remind at once say the same.
    """
    still = "The newest audit failed" if newest.state == "failed" else "Settings are stale"
    since = newest.finished_at or newest.started_at
    unchanged = ", and nothing has changed since the last message" if after else ""
    return _about(
        newest,
        Reason.REMINDER,
        key=f"reminder after {after}",
        headline=newest.headline,
        sentence=f"{still} as of {since:%Y-%m-%d}{unchanged}.",
    )


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after an attempt that failed, or None to give up.

    Doubling from half a minute, at most four hours.

    Examples
    --------
    >>> str(pause_after(1)), str(pause_after(4)), pause_after(12)
    ('0:00:30', '0:04:00', None)
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    pause: timedelta = _FIRST_PAUSE * 2.0 ** (attempts - 1)
    return min(_LONGEST_PAUSE, pause)


def message_of(notices: Sequence[Notice], links: Sequence[str]) -> Message:
    """Return one message for what is due on one channel: the news itself, or a digest.

    Parameters
    ----------
    notices
        At least one.
    links
        Of each notice's page.
    """
    told = tuple(Told(notice.news, link) for notice, link in zip(notices, links, strict=True))
    names = " ".join(f"{one.news.audit_id}/{one.news.key}" for one in told)
    blocks = [_block(one) for one in told[:_MOST_LINES]]
    if len(told) > _MOST_LINES:
        blocks.append(f"And {len(told) - _MOST_LINES} more; `auditor status` lists every model.")
    return Message(id=digest_of(names)[:32], subject=_subject(told), text="\n\n".join(blocks), told=told)


def trial_message(now: datetime) -> Message:
    """Return the message that tries a channel."""
    return Message(
        id=digest_of(f"test {now.isoformat()}")[:32],
        subject="auditor: a test message",
        text="This channel works. Sent by `auditor notify --test`; nothing has happened.",
    )


def _about(newest: AuditSummary, reason: Reason, *, key: str, headline: str, sentence: str) -> News:
    return News(
        audit_id=newest.id,
        key=key,
        reason=reason,
        model=newest.model,
        started_at=newest.started_at,
        headline=headline,
        sentence=sentence,
    )


def _subject(told: Sequence[Told]) -> str:
    if len(told) == 1:
        news = told[0].news
        return _one_line(f"{_MARKS[news.reason]}: {news.model} - {news.headline}")
    marks = [_MARKS[one.news.reason] for one in told]
    counts = [f"{marks.count(mark)} {mark}" for mark in dict.fromkeys(_MARKS.values()) if mark in marks]
    return f"auditor: {len(told)} messages: {', '.join(counts)}"


def _block(one: Told) -> str:
    news = one.news
    lines = [f"{_MARKS[news.reason]}: {news.model}", news.headline, news.sentence, one.link]
    said = [_one_line(line) for line in lines if line]
    # A message whose answer was lost is sent again: the number tells the two for one.
    return "\n".join([*said, f"audit {news.audit_id} ({news.key})"])


def _one_line(text: str) -> str:
    """Return a text that cannot steer a terminal or begin another header of a mail."""
    return printable(" ".join(text.split()))
