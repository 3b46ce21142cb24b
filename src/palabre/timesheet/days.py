"""A day as an address writes it."""

import datetime as dt
import re

from palabre.timesheet.errors import BadDay

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_day(text: str) -> dt.date:
    """2026-03-02, and no other way of writing it. Raises: BadDay."""
    if not _DAY.fullmatch(text):
        raise BadDay(path="date", value=text[:20])
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadDay(path="date", value=text) from error
    # The days around it must exist as well.
    if not 1970 <= day.year < 9999:
        raise BadDay(path="date", value=text)
    return day
