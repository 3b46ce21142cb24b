"""Where a judgement comes from, as far as a client may know: never who, always on what terms."""

import uuid
from collections.abc import Sequence

from django.db import connection

from palabre.exchange.formats import JsonValue
from palabre.people.small_groups import FEWEST
from palabre.work.models import Project
from palabre.work.pseudonyms import pseudonym

# Base pay over all counted hours, reading and redo included; top-ups come on top of it.
_PER_HOUR = """
    SELECT paid.member_id::text, round(paid.exact * 3600000 / nullif(time.ms, 0), 2)::text, count(*) OVER ()
    FROM (SELECT member_id, sum(exact) AS exact FROM pay_accrual WHERE charge_id = %(escrow)s GROUP BY 1
          HAVING count(DISTINCT currency) = 1) paid
    JOIN (SELECT member_id, sum(counted_ms) AS ms FROM timesheet_timeentry WHERE charge = %(escrow)s
          GROUP BY 1) time ON time.member_id = paid.member_id
"""


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
    null while nothing is counted, or of fewer than five members: a pseudonym hides nobody among so few.
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
            rows: list[tuple[str, str | None, int]] = cursor.fetchall()
        self._per_hour = {member: hourly for member, hourly, members in rows if members >= FEWEST}

    def cells(self, member: str, texts: Sequence[str]) -> list[JsonValue]:
        """From the columns of an annotation, as text: time, milliseconds, versions, pay, currency."""
        at, milliseconds, schema, guideline, pay, currency = texts
        per_hour = self._per_hour.get(member)
        return [at, int(milliseconds) / 1000, int(schema), int(guideline), pay, currency, per_hour]
