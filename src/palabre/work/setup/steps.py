"""The steps of a set-up, as every page of it shows them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.work.models import Project

STEPS: tuple[tuple[str, str | Promise, str], ...] = (
    ("purpose", _("Purpose"), "setup-purpose"),
    ("questions", _("What is asked"), "setup-questions"),
    ("guideline", _("Guideline"), "setup-guideline"),
    ("data", _("Data"), "project-data"),
    ("quality", _("Quality"), "setup-quality"),
    ("quote", _("Price"), "setup-quote"),
    ("pilot", _("Pilot"), "setup-pilot"),
    ("launch", _("Launch"), "setup-launch"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """`address` is empty while no room has the page."""

    name: str
    label: str | Promise
    address: str
    done: bool
    here: bool


def steps_of(project: Project, done: Collection[str], here: str = "") -> list[Step]:
    return [
        Step(name, label, address_of(page, project), name in done, name == here)
        for name, label, page in STEPS
    ]


def address_of(page: str, project: Project) -> str:
    """Nothing while no room has the page."""
    try:
        return reverse(page, kwargs={"project": project.id})
    except NoReverseMatch:
        return ""


def next_of(steps: list[Step]) -> Step | None:
    """The first step that waits."""
    return next((step for step in steps if not step.done), None)
