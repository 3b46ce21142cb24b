"""Handing a member what she needs to work on a project, and remembering when it was first handed to her."""

import datetime as dt
import uuid

from django.db import connection, transaction

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.work.access import WORKED_ON, work_ended
from palabre.work.models import Guideline, Handout
from palabre.work.packs import Pack, pack_of

_HAND = """
INSERT INTO work_handout (member_id, project_id, guideline_version, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (member_id, project_id, guideline_version) DO NOTHING
"""


@transaction.atomic
def hand_pack(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Pack:
    """Give a member's device the pack of a project. From the first time on, reading that guideline is paid time.

    Raises: NotAllowed, NotFound (unknown, another operator's, or not open to her), WorkEnded, NoRateHere.
    """
    pack = pack_of(project_id, by=by, at=at)
    _hand(project_id, pack.guideline.version, by, at)
    return pack


def hand_guideline(guideline: Guideline, *, by: Actor, at: dt.datetime) -> None:
    """Show a member a version of a guideline outside her device's pack. From the first time on, reading it is paid time.

    Nothing is handed out once the work is over, for all or by a decision for her. Raises: NotAllowed.
    """
    by.require(Permission.WORK)
    project = guideline.project
    handed = Handout.objects.filter(member=by.account, project=project, guideline_version=guideline.version)
    if handed.exists() or project.state not in WORKED_ON or work_ended(project.id, by.account):
        return
    with transaction.atomic():
        _hand(project.id, guideline.version, by, at)


def _hand(project_id: uuid.UUID, version: int, by: Actor, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HAND, [by.account, project_id, version, at])
        first = cursor.rowcount == 1
    if first:
        record(
            "work.guideline.handed",
            by=by.account,
            at=at,
            subject=f"project:{project_id}",
            organisation=by.organisation,
            data={"member": str(by.account), "guideline_version": version},
        )
