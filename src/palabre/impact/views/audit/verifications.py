"""Recompute everything, by a button."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from palabre.impact.actions.audit import ask_verification
from palabre.people.permissions import Permission
from palabre.record import queries
from palabre.record.errors import VerificationRunning
from palabre.record.models import Verification
from palabre.web.access import actor_of, at_of
from palabre.web.page import done, page

PARTS = {
    "seals": _("Seals"),
    "rows": _("Each row against the record"),
    "files": _("Stored files"),
    "ledger": _("Ledger"),
    "tables": _("Answers, time and pay against the record"),
}


@page(Permission.READ_RECORD)
def verifications(request: HttpRequest) -> HttpResponse:
    """Start one, and see the last ones."""
    by, at = actor_of(request), at_of(request)
    if request.method == "POST":
        try:
            made = ask_verification(by=by, at=at)
        except VerificationRunning as error:
            return _shown(request, refused=str(error))
        sentence = gettext("It has begun. You can leave this page; what is found is kept.")
        return done(request, sentence, "record-verification", verification=made.id)
    return _shown(request)


@page(Permission.READ_RECORD)
def verification(request: HttpRequest, verification: uuid.UUID) -> HttpResponse:
    """One run: how far it is, or what it found."""
    by = actor_of(request)
    found = queries.verification(by.organisation, verification)
    context = {"run": found, "mine": found.asked_by == by.account, "problems": problems_of(found)}
    return render(request, "impact/audit/verification.html", context)


def problems_of(found: Verification) -> list[tuple[object, str]]:
    """(part, sentence) in the reader's language."""
    language = (get_language() or "en")[:2]
    return [
        (PARTS[one["part"]], one["text"].get(language) or next(iter(one["text"].values())))
        for one in found.problems
    ]


def _shown(request: HttpRequest, refused: str = "") -> HttpResponse:
    found = queries.verifications(actor_of(request).organisation)
    running = next((one for one in found if one.finished_at is None), None)
    context = {
        "runs": found,
        "running": running,
        "refused": refused,
        "parts": PARTS.values(),
        "may_check": actor_of(request).may(Permission.CHECK_RECORD),
    }
    return render(request, "impact/audit/verifications.html", context, status=409 if refused else 200)
