"""Instants as signed documents write them."""

import datetime as dt
import re

# RFC 3339, as the dateTimeStamp that VC 2.0 asks for: a zone is always given.
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def readable(moment: dt.datetime) -> str:
    """An instant for a sentence: 2026-01-31 08:00:00 UTC."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def instant(value: object) -> dt.datetime | None:
    """The instant, in UTC, that a text such as 2026-01-31T08:00:00Z names; None for anything else."""
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        return None
    try:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
