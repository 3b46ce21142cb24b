"""What of the work can't wait until the morning."""

import datetime as dt
from collections.abc import Iterator

from django.db import connection
from django.utils.translation import ngettext

from palabre.messages.notices import AtOnce, Matter, register_at_once
from palabre.people.models import Role
from palabre.work.models import Flag
from palabre.work.queries.looks import GRAVE

# Who bears the time answers: the operator of the project, or the operator itself. What is on nobody's account is
# answered by the only organisation that keeps her (`work.queries.waiting`), and told with its morning.
_LATE = """
SELECT c.id, coalesce(p.operator_id, a.owner) FROM timesheet_correction c
JOIN pay_ledgeraccount a ON a.id = c.charge
LEFT JOIN work_project p ON p.id = a.owner
WHERE c.state = 'waiting' AND c.answer_due < %s AND coalesce(p.operator_id, a.owner) IS NOT NULL
"""
# On offer, with tasks and nothing to hand out, because the money does not cover them. A new deposit is a new matter.
_STOPPED = """
SELECT p.id, p.operator_id, p.client_id,
    (SELECT count(*) FROM pay_ledgertransaction t
     WHERE t.key ~>=~ ('deposit:' || p.id || ':') AND t.key ~<~ ('deposit:' || p.id || ';'))
FROM work_project p WHERE p.state = 'live'
    AND EXISTS (SELECT FROM work_batch b WHERE b.project_id = p.id AND b.state = 'open' AND b.size > b.funded_upto)
    AND NOT EXISTS (SELECT FROM work_batch b JOIN work_task t ON t.batch_id = b.id AND t.is_open
                    AND t.position <= b.funded_upto WHERE b.project_id = p.id AND b.state = 'open')
"""


def register() -> None:
    coordinator, paying = frozenset({Role.COORDINATOR}), frozenset({Role.FINANCE, Role.CLIENT})
    register_at_once(
        AtOnce("late corrections", late_corrections, say_late_corrections, "/team/corrections/", coordinator)
    )
    register_at_once(
        AtOnce("grave marks", grave_marks, say_grave_marks, "/flags/", coordinator | {Role.CLIENT})
    )
    register_at_once(AtOnce("stopped work", stopped_work, say_stopped_work, "/projects/", paying))


def late_corrections(at: dt.datetime) -> Iterator[Matter]:
    """Those that nobody has answered by the day that was promised. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [at])
        for correction, operator in cursor.fetchall():
            yield Matter(f"late_correction:{correction}", organisation=operator)


def say_late_corrections(number: int) -> str:
    return ngettext(
        "%(n)s correction of time was to be answered by now",
        "%(n)s corrections of time were to be answered by now",
        number,
    ) % {"n": number}


def grave_marks(_at: dt.datetime) -> Iterator[Matter]:
    """Tasks that members marked as harmful or personal, for both sides of the project. One statement."""
    waiting = Flag.objects.filter(outcome=Flag.Outcome.WAITING, reason__in=GRAVE)
    for flag, *sides in waiting.values_list("id", "project__operator_id", "project__client_id"):
        for side in sides:
            yield Matter(f"flag:{flag}", organisation=side)


def say_grave_marks(number: int) -> str:
    return ngettext(
        "%(n)s task may do harm or shows who somebody is",
        "%(n)s tasks may do harm or show who somebody is",
        number,
    ) % {"n": number}


def stopped_work(_at: dt.datetime) -> Iterator[Matter]:
    """Projects whose deposit has run out while tasks wait, for who pays and who records it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED)
        for project, operator, client, deposits in cursor.fetchall():
            for side in (operator, client):
                yield Matter(f"deposit:{project}:{deposits}", organisation=side)


def say_stopped_work(number: int) -> str:
    return ngettext(
        "the deposit of %(n)s project has run out, and tasks wait for money",
        "the deposits of %(n)s projects have run out, and tasks wait for money",
        number,
    ) % {"n": number}
