"""Answers to requests, kept so that a repeat gets the same one. They may hold words of a person who is erased."""

import uuid
from collections.abc import Iterable

from django.db import connection

# That it was asked for stays, so that a late repeat still does nothing twice. Forms keep an address, and no words.
_FORGET = """
UPDATE record_request SET answer = '"null"'
WHERE (account = %s OR answer::text LIKE ANY(%s)) AND key NOT LIKE 'page %%'
"""


def forget_answers(*, to: uuid.UUID | None = None, about: Iterable[uuid.UUID] = ()) -> None:
    """Empty the answers that were given to somebody, and those that name one of these ids."""
    patterns = [f"%{each}%" for each in about]
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [to, patterns])
