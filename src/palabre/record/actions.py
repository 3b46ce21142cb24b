"""The only writer of the record."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping

from django.db import connection

from palabre.record.canonical import check_event_data


def record(
    code: str,
    *,
    by: uuid.UUID | None,
    at: dt.datetime,
    subject: str,
    organisation: uuid.UUID | None = None,
    data: Mapping[str, object],
) -> int:
    """Append one event inside the caller's transaction; its sequence number is returned.

    `code` is dotted and stable (`pay.day.settled`), `subject` is `kind:id`. `data` holds text,
    whole numbers, booleans, null, lists and objects with ASCII keys: no floats, no personal data.

    Raises: BadEventData (naming the path) for anything else.
    """
    check_event_data(data)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_event (code, actor, at, subject, organisation, data)"
            " VALUES (%s, %s, %s, %s, %s, %s::jsonb) RETURNING seq",
            [code, by, at, subject, organisation, json.dumps(data, ensure_ascii=False)],
        )
        row = cursor.fetchone()
    seq: int = row[0]
    return seq
