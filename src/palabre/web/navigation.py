"""The menu: one line for each place, shown to who may go there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.people.permissions import Permission
from palabre.people.queries import Viewer


@dataclass(frozen=True, slots=True)
class Entry:
    """`icon` names a symbol of `web/icons.svg`."""

    label: str | Promise
    name: str
    icon: str
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True)
class Shown:
    label: str | Promise
    address: str
    icon: str
    here: bool


def _entry(label: str | Promise, name: str, icon: str, *permissions: Permission) -> Entry:
    return Entry(label, name, icon, frozenset(permissions))


P = Permission
MENU: tuple[Entry, ...] = (
    _entry(_("Home"), "home", "home", *P),
    _entry(_("Projects"), "projects", "project", P.READ_PROJECTS),
    _entry(_("Questions"), "questions", "question", P.ANSWER_QUESTIONS),
    _entry(_("People at work"), "people-at-work", "people", P.ASSIGN_TASKS),
    _entry(_("Tasks in hands"), "leases", "inbox", P.ASSIGN_TASKS),
    _entry(_("Corrections"), "corrections-waiting", "time", P.CORRECT_TIME),
    _entry(_("Decisions about members"), "team-decisions", "scale", P.DECIDE, P.ANSWER_APPEALS),
    _entry(_("Money"), "money", "money", P.READ_MONEY),
    _entry(_("Floors and rates"), "money-floors", "scale", P.READ_MONEY, P.MANAGE_FLOORS),
    _entry(_("The record"), "record", "record", P.READ_RECORD),
    _entry(_("Evidence"), "record-evidence", "download", P.READ_RECORD),
    _entry(_("People"), "people", "people", P.MANAGE_PEOPLE),
    _entry(_("Organisations"), "organisations", "organisation", P.ADMINISTER),
    _entry(_("Installation"), "installation", "settings", P.ADMINISTER),
    _entry(_("Work"), "offers", "work", P.WORK),
    _entry(_("Time"), "timesheet", "time", P.WORK),
    _entry(_("Pay"), "pay", "money", P.WORK),
    _entry(_("Decisions"), "decisions", "scale", P.WORK),
    _entry(_("Review"), "reviews", "scale", P.REVIEW),
)


def entries_for(viewer: Viewer, path: str) -> list[Shown]:
    """The entries that she may use; the longest address that `path` begins with is where she is."""
    actor = viewer.actor
    found = [
        (one, reverse(one.name))
        for one in MENU
        if any(actor.may(permission) for permission in one.permissions)
    ]
    here = max((address for _entry, address in found if _inside(path, address)), key=len, default="")
    return [Shown(one.label, address, one.icon, address == here) for one, address in found]


def _inside(path: str, address: str) -> bool:
    """The first page has no pages below it."""
    return path == address if address == "/" else path.startswith(address)
