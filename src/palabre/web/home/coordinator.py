"""The first page of the role: coordinator. What needs her now, each a number with a way to it; else nothing."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from palabre.exchange.refused import refused_imports
from palabre.pay.stuck import stuck_days
from palabre.people.actor import Actor
from palabre.people.queries import Viewer
from palabre.quality.queries.agreements import agreements
from palabre.record.failures import failures
from palabre.web.access import at_of
from palabre.web.templatetags.palabre import away, country, day
from palabre.work.queries.held import stuck_count
from palabre.work.queries.looks import flagged_count, unread_count
from palabre.work.queries.people import SILENT, silent_count
from palabre.work.queries.questions import oldest_question
from palabre.work.queries.unpriced import unpriced_members
from palabre.work.queries.waiting import appeals_due, corrections_due, running_out
from palabre.work.spoken import reads

# A file that was refused longer ago than this was given up.
RECENT = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Need:
    """`what` waits, `number` of it; `more` says until when, or why. `late`: what was promised is over.

    `names`: it says a member's name, which no letter does; this says how many of the kind there are.
    """

    number: int
    what: str
    more: str
    address: str
    late: bool = False
    names: Callable[[int], str] | None = None


def coordinator_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    by, at = viewer.actor, at_of(request)
    context = {
        "viewer": viewer,
        "needs": needs(by, at),
        "agreements": agreements(by),
    }
    return render(request, "web/home/coordinator.html", context)


def needs(by: Actor, at: dt.datetime) -> list[Need]:
    """What waits for her, as her home and her morning's letter say it."""
    return [one for one in _needs(by, at) if one.number]


def _needs(by: Actor, at: dt.datetime) -> Iterator[Need]:
    yield _questions(by, at)
    yield _corrections(by, at)
    yield _appeals(by, at)
    yield _flags(by)
    yield _unread(by)
    stuck = stuck_count(by, at)
    what = ngettext(
        "member holds tasks that are late or end within a day",
        "members hold tasks that are late or end within a day",
        stuck,
    )
    yield Need(stuck, what, gettext("Give more time, or give them to others."), reverse("leases"))
    silent = silent_count(by, at)
    what = ngettext("member is silent", "members are silent", silent)
    more = gettext("Nothing was heard of them for %(days)s days.") % {"days": SILENT.days}
    yield Need(silent, what, more, reverse("people-at-work") + "?show=silent")
    yield from _stuck(by, at)
    yield from _unpriced(by)
    yield from _projects(by)
    yield from _imports(by, at)
    yield _passed(by)


def _passed(by: Actor) -> Need:
    """Rows of her projects that the background work could not do."""
    number = len(failures(by.organisation, jobs=("consensus", "imports", "exports", "funding")))
    what = ngettext(
        "thing of your projects could not be done in the background",
        "things of your projects could not be done in the background",
        number,
    )
    return Need(
        number,
        what,
        gettext("Everything else goes on. An administrator sees which and why."),
        reverse("projects"),
    )


def _questions(by: Actor, at: dt.datetime) -> Need:
    number, oldest = oldest_question(by)
    what = ngettext("question waits for an answer", "questions wait for an answer", number)
    more = gettext("The oldest was asked %(age)s.") % {"age": away(oldest, at)}
    return Need(number, what, more, reverse("questions"))


def _corrections(by: Actor, at: dt.datetime) -> Need:
    number, due = corrections_due(by)
    what = ngettext("correction of time waits", "corrections of time wait", number)
    return Need(number, what, _promised(due, at), reverse("corrections-waiting"), bool(due and due < at))


def _appeals(by: Actor, at: dt.datetime) -> Need:
    number, due = appeals_due(by)
    what = ngettext("decision is contested", "decisions are contested", number)
    more = f"{_promised(due, at)} {gettext('Somebody who did not decide answers.')}"
    return Need(number, what, more, reverse("team-decisions"), bool(due and due < at))


def _flags(by: Actor) -> Need:
    number, grave = flagged_count(by)
    what = ngettext("marked or skipped task waits", "marked or skipped tasks wait", number)
    more = gettext("Take it out, let it stay, or answer her.")
    if grave:
        said = ngettext(
            "%(n)s may do harm or shows who somebody is.", "%(n)s may do harm or show who somebody is.", grave
        )
        more = f"{said % {'n': grave}} {more}"
    return Need(number, what, more, reverse("flags"))


def _unread(by: Actor) -> Need:
    number = unread_count(by)
    what = ngettext("thing from a phone could not be read", "things from phones could not be read", number)
    more = gettext("Nothing of it is lost. Look whether she is owed anything more.")
    return Need(number, what, more, reverse("unread"))


def _promised(due: dt.datetime | None, at: dt.datetime) -> str:
    if due is not None and due < at:
        return gettext("The first answer was promised for %(age)s.") % {"age": away(due, at)}
    return gettext("The first answer is promised %(age)s.") % {"age": away(due, at)}


def _stuck(by: Actor, at: dt.datetime) -> Iterator[Need]:
    """Each day that nothing can settle, by her name and its date."""
    for one in stuck_days(by.organisation, at):
        said = {"name": one.name or str(one.member)[:8], "day": day(one.day), "country": country(one.country)}
        what = gettext("day cannot be settled: %(name)s, %(day)s") % said
        if one.country:
            more = (
                gettext("No floor is known for %(country)s. Finance imports one; nobody else is held up.")
                % said
            )
        else:
            more = gettext("It is not known where she lives. Nobody else is held up.")
        yield Need(1, what, more, reverse("people-at-work"), names=days_in_all)


def days_in_all(number: int) -> str:
    """Days that nothing can settle, without whose they are."""
    return ngettext("%(n)s day can't be settled", "%(n)s days can't be settled", number)


def _unpriced(by: Actor) -> Iterator[Need]:
    """Each member who moved to where a project of hers has no price, by her name."""
    for one in unpriced_members(by):
        said = {
            "name": one.name or str(one.member)[:8],
            "country": country(one.country),
            "project": one.project.said("name", reads()).text,
        }
        what = gettext("member can’t go on: %(name)s, %(project)s") % said
        if one.can_quote:
            more = gettext(
                "There is no price for her country (%(country)s) in this project. Make a new quote: it has one. Nobody "
                "else is held up."
            )
        else:
            more = gettext(
                "There is no price for her country (%(country)s) in this project, and the price of a project that runs "
                "stays as it is. A copy of the project gets a new quote that can have one. Nobody else is held up."
            )
        way = reverse("setup-quote" if one.can_quote else "project-copy", kwargs={"project": one.project.id})
        yield Need(1, what, more % said, way, names=unpriced_in_all)


def unpriced_in_all(number: int) -> str:
    """Members who moved to where a project has no price, without who they are."""
    return ngettext(
        "%(n)s member can't go on with a project: it has no price for her country",
        "%(n)s times a member can't go on with a project: it has no price for her country",
        number,
    )


def _projects(by: Actor) -> Iterator[Need]:
    for one in running_out(by):
        address = reverse("project", kwargs={"project": one.project})
        if one.uncovered:
            what = ngettext("task without money", "tasks without money", one.uncovered)
            more = gettext("%(project)s: the deposit does not reach for all tasks.") % {"project": one.name}
            yield Need(one.uncovered, what, more, address)
        else:
            more = gettext("%(project)s: every task is handed out or done.") % {"project": one.name}
            yield Need(1, gettext("project has no task left to hand out"), more, address)


def _imports(by: Actor, at: dt.datetime) -> Iterator[Need]:
    for one in refused_imports(by, at - RECENT):
        address = reverse("import", kwargs={"project": one.project_id, "import_id": one.id})
        more = gettext("%(project)s: “%(file)s”, %(age)s.") % {
            "project": one.project.name,
            "file": one.name,
            "age": away(one.finished_at, at),
        }
        yield Need(1, gettext("file could not be imported"), more, address)
