"""A single batch: offered no more."""

import datetime as dt
import uuid

from django.db import transaction

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.fund import refresh_funding
from palabre.work.actions.notes import note
from palabre.work.errors import BatchIs
from palabre.work.models import Batch

State = Batch.State


@transaction.atomic
def close_batch(batch_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Batch:
    """Offer no more of a batch. What members hold stays theirs, and what they answer is kept and paid.

    The money that its open tasks would have taken covers tasks of other batches. Closing again changes nothing.
    Raises: NotAllowed, NotFound, BatchIs (still being imported, or discarded).
    """
    by.require(Permission.MANAGE_PROJECTS)
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise NotFound()
    project = locked_project(by, batch.project_id, Permission.MANAGE_PROJECTS)
    batch = Batch.objects.select_for_update().get(id=batch_id)
    if batch.state == State.CLOSED:
        return batch
    if batch.state != State.OPEN:
        raise BatchIs(state=batch.state)
    batch.state = State.CLOSED
    batch.save(update_fields=["state"])
    refresh_funding(project)
    data: dict[str, object] = {"batch": str(batch.id), "number": batch.number, "funded": batch.funded_upto}
    note("work.batch.closed", project, data, by=by, at=at)
    return batch
