"""The installation: is it well, what runs, what is set."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.exchange.models import Export, Import
from palabre.installation.doctor import examine
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.failures import failures
from palabre.record.models import Failure
from palabre.settings import current
from palabre.web.access import actor_of, at_of
from palabre.web.jobs import job_states
from palabre.web.page import page

# Shown as set or not, never by what they are.
SECRET = frozenset({"secret_key", "access_key", "password", "database_url"})
_MOST = 50
JOBS = {
    "imports": _("imports"),
    "exports": _("exports"),
    "uploads": _("uploads"),
    "messages": _("messages"),
    "notices": _("e-mails about what waits"),
    "old sessions": _("old sessions"),
    "old tries": _("old tries to come in"),
    "seals": _("seals"),
    "expired leases": _("expired leases"),
    "guidelines": _("guidelines"),
    "funding": _("funding"),
    "shares": _("shares"),
    "consensus": _("consensus"),
    "tallies": _("tallies"),
    "settlements": _("settlements"),
    "forgotten requests": _("old requests"),
    "verifications": _("verifications"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One setting in force."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Running:
    """A file that is being read or made. `done`: rows so far."""

    kind: str
    name: str
    project: str
    waiting: bool
    done: int


@page(Permission.ADMINISTER)
def health(request: HttpRequest) -> HttpResponse:
    """What `palabre doctor` says."""
    return render(request, "installation/health.html", {"findings": list(examine(current()))})


@page(Permission.ADMINISTER)
def jobs(request: HttpRequest) -> HttpResponse:
    """Background work: what runs, when it last did, what failed, and the files in hand."""
    by = actor_of(request)
    states = [(JOBS.get(state.name, state.name), state) for state in job_states(at_of(request))]
    context = {"jobs": states, "running": [*_imports(by), *_exports(by)], "passed": _passed()}
    return render(request, "installation/jobs.html", context)


@page(Permission.ADMINISTER)
def settings(request: HttpRequest) -> HttpResponse:
    """What is in force. Settings are variables of the environment, so nothing is changed here."""
    return render(request, "installation/settings.html", {"values": list(_values(current(), "PALABRE"))})


def _passed() -> list[tuple[str, Failure]]:
    """What background work could not do: the job, and the row."""
    return [(str(JOBS.get(one.job, one.job)), one) for one in failures(limit=_MOST)]


def _imports(by: Actor) -> list[Running]:
    due = Import.objects.filter(state__in=["waiting", "running"], project__operator=by.organisation)
    return [
        Running("import", one.name, one.project.name, one.state == Import.State.WAITING, one.good + one.bad)
        for one in due.select_related("project").order_by("asked_at")[:_MOST]
    ]


def _exports(by: Actor) -> list[Running]:
    due = Export.objects.filter(state__in=["waiting", "running"], project__operator=by.organisation)
    return [
        Running("export", one.format, one.project.name, one.state == Export.State.WAITING, one.rows)
        for one in due.select_related("project").order_by("asked_at")[:_MOST]
    ]


def _values(settings: object, prefix: str) -> Iterator[Value]:
    if not is_dataclass(settings):
        return
    for field in fields(settings):
        value, name = getattr(settings, field.name), f"{prefix}_{field.name}".upper()
        if is_dataclass(value):
            yield from _values(value, name)
        else:
            yield Value(name.replace("PALABRE_DATABASE_URL", "DATABASE_URL"), _shown(field.name, value))


def _shown(name: str, value: object) -> str:
    if value is None or value == "":
        return gettext("not set")
    if name in SECRET:
        return gettext("set, not shown")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(value) if isinstance(value, tuple) else str(value)
