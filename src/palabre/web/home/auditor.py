"""The first page of auditors and delegates: how the record stands, and where every figure can be followed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.impact.models import ScoreCard
from palabre.people.permissions import Permission
from palabre.people.queries import Viewer
from palabre.record import queries
from palabre.record.seals import keys
from palabre.web.access import at_of
from palabre.work.access import of_organisation
from palabre.work.queries.waiting import appeals_due


def auditor_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """State of the record, what is stated, and what is not known."""
    by, at = viewer.actor, at_of(request)
    projects = of_organisation(by)
    cards = ScoreCard.objects.filter(project__in=projects).order_by("project", "-version").distinct("project")
    stated = list(cards.select_related("project"))
    context = {
        "viewer": viewer,
        "state": queries.state(),
        "last": next(iter(queries.verifications(by.organisation, 1)), None),
        "keys": keys(at).public,
        "cards": [(card, len(card.credential["credentialSubject"]["unknown"])) for card in stated],
        "unstated": projects.exclude(id__in=[card.project_id for card in stated]).count(),
        "reads_money": by.may(Permission.READ_MONEY),
        "appeals": appeals_due(by) if by.may(Permission.ANSWER_APPEALS) else None,
    }
    return render(request, "web/home/auditor.html", context)
