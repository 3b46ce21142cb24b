"""Reads of agreement over several projects."""

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.quality.models import Agreement
from palabre.work.access import WORKED_ON, of_organisation


def agreements(by: Actor, limit: int = 50) -> list[Agreement]:
    """Agreement of the projects that members work on, by their names. One statement. Raises: NotAllowed."""
    by.require(Permission.READ_RESULTS)
    projects = of_organisation(by).filter(state__in=WORKED_ON)
    found = Agreement.objects.filter(project__in=projects).select_related("project")
    found = found.defer("confusion", "disputed", "reliability")
    return list(found.order_by("project__name", "project_id")[:limit])
