"""Where a judgement comes from, as far as a client may know: never who, always on what terms."""

import hashlib
import hmac
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from palabre.exchange.formats import JsonValue
from palabre.work.models import Project

# Base pay over all counted hours, reading and redo included; top-ups come on top of it.
_PER_HOUR = """
    SELECT paid.member_id::text, round(paid.exact * 3600000 / nullif(time.ms, 0), 2)::text
    FROM (SELECT member_id, sum(exact) AS exact FROM pay_accrual WHERE charge_id = %(escrow)s GROUP BY 1
          HAVING count(DISTINCT currency) = 1) paid
    JOIN (SELECT member_id, sum(counted_ms) AS ms FROM timesheet_timeentry WHERE charge = %(escrow)s
          GROUP BY 1) time ON time.member_id = paid.member_id
"""


def pseudonym(project: uuid.UUID, member: uuid.UUID) -> str:
    """A member's name in the files of one project: stable there, and of no use elsewhere."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{project}:{member}".encode(), hashlib.sha256)
    return f"m-{mark.hexdigest()[:16]}"


class Pseudonyms(dict[str, str]):
    """The pseudonyms of a project's members, by their ids in text; each made once."""

    def __init__(self, project: uuid.UUID) -> None:
        super().__init__()
        self._project = project

    def __missing__(self, member: str) -> str:
        self[member] = name = pseudonym(self._project, uuid.UUID(member))
        return name


class Provenance:
    """When and under which versions a judgement was made, its pay, and what an hour brings its member.

    `pay_per_hour`: the member's base pay for the project over her counted hours of it, in `currency`;
    null while nothing is counted.
    """

    COLUMNS = (
        "submitted_at",
        "seconds",
        "schema_version",
        "guideline_version",
        "pay",
        "currency",
        "pay_per_hour",
    )

    def __init__(self, project: Project) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_PER_HOUR, {"escrow": project.escrow_id})
            self._per_hour: dict[str, str | None] = dict(cursor.fetchall())

    def cells(self, member: str, texts: Sequence[str]) -> list[JsonValue]:
        """From the columns of an annotation, as text: time, milliseconds, versions, pay, currency."""
        at, milliseconds, schema, guideline, pay, currency = texts
        per_hour = self._per_hour.get(member)
        return [at, int(milliseconds) / 1000, int(schema), int(guideline), pay, currency, per_hour]
