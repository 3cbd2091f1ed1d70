"""Cron expressions and time zones, checked before anything waits for them."""

import difflib
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_FIELDS = 5
_START = datetime(2024, 1, 1, tzinfo=UTC)


def checked_cron(expression: str) -> str:
    """Return a cron expression of five fields that comes round.

    Weekdays are names only: 1 is Monday to cron and Tuesday to some schedulers, so a digit is
    refused rather than guessed at.

    Raises
    ------
    ValueError
        If it cannot be read, names weekdays by digits, or never comes.

    Examples
    --------
    >>> checked_cron("0 3 * * mon")
    '0 3 * * mon'
    """
    # Imported here: only schedules with a cron line need it.
    from cronsim import CronSim, CronSimError

    fields = expression.split()
    if len(fields) != _FIELDS:
        raise ValueError(
            f"needs 5 fields (minute hour day month weekday), got {len(fields)} in {expression!r}"
        )
    if re.search(r"(?<![#/\d])\d", fields[4]):
        raise ValueError(
            f"names weekdays by digits in {expression!r}, which programs count differently (1 is Monday to "
            "cron, Tuesday to others); use sun, mon, tue, wed, thu, fri, sat"
        )
    try:
        next(CronSim(expression, _START))
    except CronSimError as error:
        raise ValueError(f"cannot be read: {str(error).lower()} in {expression!r}") from error
    except StopIteration as error:
        raise ValueError(f"never comes round: {expression!r}") from error
    return expression


def checked_timezone(name: str) -> str:
    """Return an IANA time zone name that exists here.

    Raises
    ------
    ValueError
        If there is no such zone; the nearest name is suggested.

    Examples
    --------
    >>> checked_timezone("Europe/Paris")
    'Europe/Paris'
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = difflib.get_close_matches(name, available_timezones(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; an example is 'Europe/Paris'"
        raise ValueError(f"is no IANA time zone: {name!r}{hint}") from error
    return name
