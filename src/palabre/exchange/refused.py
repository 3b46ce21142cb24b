"""Reads of imports that came to nothing and were not done again."""

import datetime as dt

from django.db.models import Exists, OuterRef

from palabre.exchange.models import Import
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation


def refused_imports(by: Actor, since: dt.datetime) -> list[Import]:
    """Files refused since then, without a later one of the same project that was taken. One statement.

    Raises: NotAllowed.
    """
    by.require(Permission.READ_PROJECTS)
    later = Import.objects.filter(
        project=OuterRef("project"), asked_at__gt=OuterRef("asked_at"), state=Import.State.DONE
    )
    refused = Import.objects.filter(
        project__in=of_organisation(by), state=Import.State.REFUSED, finished_at__gte=since
    )
    found = refused.exclude(Exists(later)).select_related("project").order_by("-finished_at")
    return list(found[:20])
