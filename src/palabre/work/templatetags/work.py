"""The tabs of a project's pages, and exact figures. `{% load work %}`."""

import json
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.people.permissions import Permission
from palabre.people.queries import Viewer
from palabre.web.templatetags.palabre import locale
from palabre.work.models import Project
from palabre.work.setup.steps import address_of
from palabre.work.sync import reasons

register = template.Library()
register.filter("all_said", reasons.all_said)
P = Permission


@dataclass(frozen=True, slots=True)
class Tab:
    label: str | Promise
    address: str
    here: bool


TABS: tuple[tuple[str | Promise, str, Permission], ...] = (
    (_("Overview"), "project", P.READ_PROJECTS),
    (_("Set-up"), "project-setup", P.READ_PROJECTS),
    (_("Data"), "project-data", P.READ_PROJECTS),
    (_("Questions"), "project-questions", P.READ_PROJECTS),
    (_("Quality"), "project-quality", P.READ_RESULTS),
    (_("Members"), "project-members", P.ASSIGN_TASKS),
    (_("Results"), "project-results", P.READ_RESULTS),
)


@register.inclusion_tag("work/parts/tabs.html", takes_context=True)
def project_tabs(context: Context, project: Project) -> dict[str, object]:
    """The pages of a project that the reader may open; where she is has the longest address of her path."""
    viewer, path = context.get("viewer"), context["request"].path
    found = [
        (label, address)
        for label, name, permission in TABS
        if isinstance(viewer, Viewer) and viewer.may(permission) and (address := address_of(name, project))
    ]
    here = max((address for _label, address in found if path.startswith(address)), key=len, default="")
    return {"tabs": [Tab(label, address, address == here) for label, address in found]}


@register.filter
def exact(value: Decimal) -> str:
    """Every decimal that a rate has, as the reader's language writes it."""
    return str(format_decimal(value, "#,##0.########", locale=locale(), decimal_quantization=False))


@register.filter
def plain_json(value: object) -> str:
    """What a device sent, in ASCII: nothing in it turns lines around or hides, and what is long is cut."""
    text = json.dumps(value, indent=1, sort_keys=True)
    return text if len(text) <= 4_000 else text[:4_000] + " …"
