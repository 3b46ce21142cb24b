"""Days that nothing can settle until a person helps: the place has no floor at all, or nobody knows the place.

They hold up nobody else: other days are settled, deposits given back and ScoreCards issued. Once the floor of the
place is imported, they are settled like any other, and the operator bears what a deposit no longer holds.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from palabre.people.walls import ONLY_HERE

# True of a row `due` of `pay_dueday` whose place has a figure, of whatever time: the nearest settles it.
SETTLEABLE = """EXISTS (SELECT FROM people_lived l JOIN pay_floor f
    ON f.country = l.country AND f.region IN ('', l.region) AND f.sector = ''
    WHERE l.account_id = due.member_id AND due.day >= l.from_day AND due.day < l.until)"""

_STUCK = f"""
SELECT due.member_id, due.day, coalesce(place.country, ''), coalesce(p.name, '')
FROM pay_dueday due
LEFT JOIN people_lived place
    ON place.account_id = due.member_id AND due.day >= place.from_day AND due.day < place.until
LEFT JOIN people_personaldata p ON p.account_id = due.member_id
WHERE due.day < %(day)s AND NOT {SETTLEABLE} AND (%(here)s::uuid IS NULL
    OR due.member_id IN {ONLY_HERE} OR EXISTS (
        SELECT FROM timesheet_timeentry t JOIN pay_ledgeraccount a ON a.id = t.charge
        LEFT JOIN work_project w ON w.id = a.owner
        WHERE t.member_id = due.member_id AND t.day = due.day AND coalesce(w.operator_id, a.owner) = %(here)s))
ORDER BY due.day, due.member_id LIMIT %(limit)s
"""  # noqa: S608 - text of our own
# Nowhere is it an earlier day than twelve hours behind UTC.
_LAST_ZONE = dt.timedelta(hours=12)
MOST = 50


@dataclass(frozen=True, slots=True)
class Stuck:
    """`country` is empty where nobody knows where she lives, `name` where she was erased."""

    member: uuid.UUID
    day: dt.date
    country: str
    name: str


def stuck_days(organisation: uuid.UUID | None, at: dt.datetime) -> list[Stuck]:
    """The oldest `MOST` that are over everywhere: those that an organisation bears, or of members whom only it has; or all.

    One statement.
    """
    asked = {"here": organisation, "day": (at - _LAST_ZONE).date(), "limit": MOST}
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, asked)
        return [Stuck(*row) for row in cursor.fetchall()]
