"""Reads of ScoreCards."""

import uuid

from palabre.impact.models import ScoreCard
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import project_for


def scorecards_of(project: uuid.UUID, *, by: Actor, after: int | None, limit: int) -> list[ScoreCard]:
    """The ScoreCards of a project after version `after`. Raises: NotAllowed, NotFound."""
    seen = project_for(by, project, Permission.READ_RESULTS)
    return list(ScoreCard.objects.filter(project=seen, version__gt=after or 0).order_by("version")[:limit])
