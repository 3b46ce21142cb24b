"""What a project came to, ready for an invoice: a page that prints well, and a CSV."""

import io
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from palabre.exchange.formats import Kind, writer
from palabre.impact.queries.closing import Invoice, invoice_of
from palabre.impact.queries.standing import standings
from palabre.money import Money
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.page import page
from palabre.work.access import project_for
from palabre.work.models import Project

P = Permission


@page(P.READ_PROJECTS)
def invoice(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The lines of what was used."""
    found, seen = _invoice(request, project)
    return render(request, "impact/invoice.html", {"project": found, "invoice": seen, "at": at_of(request)})


@page(P.READ_PROJECTS)
def invoice_csv(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The same lines for a spreadsheet (hence the byte order mark)."""
    found, seen = _invoice(request, project)
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(0, io.SEEK_END)
    to = writer(Kind.CSV, out, [_("line"), _("quantity"), _("amount"), _("currency")])
    for words, quantity, amount in lines(seen) if seen else ():
        to.write([words, quantity, str(Money(amount, found.currency).decimal()), found.currency])
    to.close()
    name = f"palabre-{str(found.id)[:8]}-{at_of(request):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def lines(seen: Invoice) -> list[tuple[str, int | None, int]]:
    """(what, how many, minor units), the sum last."""
    return [
        (_pay(seen), seen.judgements, seen.base_pay),
        (_("Top-ups to the floor, from the reserve"), None, seen.reserve_used),
        (_("Social cover"), None, seen.social),
        (_("Share of the platform"), None, seen.platform),
        (_("Sum, without taxes"), None, seen.total),
        (_("Paid in"), None, seen.paid_in),
        (_("Given back"), None, seen.returned),
        (_("Left on the deposit"), None, seen.left),
    ]


def _pay(seen: Invoice) -> str:
    """Reviews are paid like judgements, and said beside them."""
    if not seen.reviews:
        return _("Pay of members for their judgements")
    return _("Pay of members for their judgements, and for %(reviews)s reviews") % {"reviews": seen.reviews}


def _invoice(request: HttpRequest, project: uuid.UUID) -> tuple[Project, Invoice | None]:
    project_for(actor_of(request), project, P.READ_PROJECTS)
    found = Project.objects.select_related("client", "operator").get(id=project)
    (standing,) = standings([found], at=at_of(request))
    return found, invoice_of(standing)
