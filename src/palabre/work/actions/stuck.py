"""Tasks in a member's hands that nobody hears of: a coordinator gives them back, or gives her more time."""

import datetime as dt
import uuid

from django.db import connection, transaction

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.transactions import retried
from palabre.work.access import project_for
from palabre.work.actions.notes import note
from palabre.work.checks import check_number
from palabre.work.models import Lease

# From now, as a project's own leases: between a day and two weeks.
MORE_HOURS = (24, 24 * 14)

_RETURN = """
WITH over AS (
    SELECT id FROM work_lease
    WHERE project_id = %s AND member_id = %s AND state = 'open' ORDER BY id FOR UPDATE
), expired AS (
    UPDATE work_lease l SET state = 'expired' FROM over WHERE l.id = over.id RETURNING l.id, l.task_id, l.place
), given_back AS (
    UPDATE work_task t SET free = t.free | back.bits, returned = nextval('work_returned')
    FROM (SELECT task_id, bit_or((1 << place)::smallint) AS bits FROM expired GROUP BY task_id) back
    WHERE t.id = back.task_id
)
SELECT id FROM expired ORDER BY id
"""


@retried
@transaction.atomic
def return_leases(project_id: uuid.UUID, member: uuid.UUID, *, by: Actor, at: dt.datetime) -> int:
    """Give all tasks that a member holds of a project back, so that others do them; how many.

    As when their time is over: what she sends later is kept and paid. Doing it again gives back nothing.

    Raises: NotAllowed, NotFound (project of another organisation).
    """
    project = project_for(by, project_id, Permission.ASSIGN_TASKS)
    with connection.cursor() as cursor:
        cursor.execute(_RETURN, [project.id, member])
        leases = [row[0] for row in cursor.fetchall()]
    if leases:
        note("work.leases.returned", project, {"member": str(member), "leases": leases}, by=by, at=at)
    return len(leases)


@retried
@transaction.atomic
def extend_leases(project_id: uuid.UUID, member: uuid.UUID, hours: int, *, by: Actor, at: dt.datetime) -> int:
    """Give a member so many hours from now for the tasks that she holds; how many. None gets less than it had.

    Raises: NotAllowed, NotFound (project of another organisation), NumberWrong (under a day, over two weeks).
    """
    project = project_for(by, project_id, Permission.ASSIGN_TASKS)
    check_number("hours", hours, *MORE_HOURS)
    until = at + dt.timedelta(hours=hours)
    held = Lease.objects.filter(project=project, member=member, state=Lease.State.OPEN, expires_at__lt=until)
    leases = list(held.select_for_update().order_by("id").values_list("id", flat=True))
    Lease.objects.filter(id__in=leases).update(expires_at=until)
    if leases:
        data = {"member": str(member), "leases": leases, "until": until.isoformat()}
        note("work.leases.extended", project, data, by=by, at=at)
    return len(leases)
