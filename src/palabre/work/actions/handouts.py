"""Handing a member what she needs to work on a project, and remembering when it was first handed to her."""

import datetime as dt
import uuid

from django.db import connection, transaction

from palabre.people.actor import Actor
from palabre.record.actions import record
from palabre.work.packs import Pack, pack_of

_HAND = """
INSERT INTO work_handout (member_id, project_id, guideline_version, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (member_id, project_id, guideline_version) DO NOTHING
"""


@transaction.atomic
def hand_pack(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Pack:
    """Give a member's device the pack of a project. From the first time on, reading that guideline is paid time.

    Raises: NotAllowed, NotFound (unknown, another operator's, or not open to her).
    """
    pack = pack_of(project_id, by=by, at=at)
    version = pack.guideline.version
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
    return pack
