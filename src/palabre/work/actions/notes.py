"""How an action on a project is written into the record."""

import datetime as dt
from collections.abc import Mapping

from palabre.people.actor import Actor
from palabre.record.actions import record
from palabre.work.models import Project


def note(code: str, project: Project, data: Mapping[str, object], *, by: Actor, at: dt.datetime) -> None:
    """One event about the project, among those of the operator that runs it."""
    record(
        code,
        by=by.account,
        at=at,
        subject=f"project:{project.id}",
        organisation=project.operator_id,
        data=data,
    )
