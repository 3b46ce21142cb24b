"""What a project came to, ready for an invoice: a page that prints well, and a CSV."""

import io
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from palabre.exchange.formats import Kind, writer
from palabre.impact.queries.closing import Invoice, PayLine, invoice_of
from palabre.impact.queries.standing import standings
from palabre.money import Money
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.page import page
from palabre.web.templatetags.palabre import country
from palabre.work.access import project_for
from palabre.work.models import Project

P = Permission


@page(P.READ_PROJECTS)
def invoice(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The lines of what was used."""
    found, seen = _invoice(request, project)
    context = {
        "project": found,
        "invoice": seen,
        "pay": pay_lines(seen) if seen else [],
        "at": at_of(request),
    }
    return render(request, "impact/invoice.html", context)


@page(P.READ_PROJECTS)
def invoice_csv(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The same lines for a spreadsheet (hence the byte order mark)."""
    found, seen = _invoice(request, project)
    out = io.BytesIO(b"\xef\xbb\xbf")
    out.seek(0, io.SEEK_END)
    to = writer(Kind.CSV, out, [_("line"), _("quantity"), _("each"), _("amount"), _("currency")])
    for line in lines(seen) if seen else ():
        each = "" if line.each is None else f"{line.each:f}"
        to.write([line.words, line.quantity, each, f"{line.amount:f}", found.currency])
    to.close()
    name = f"palabre-{str(found.id)[:8]}-{at_of(request):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@dataclass(frozen=True, slots=True)
class Line:
    """`quantity` × `each` is `amount`, major units with every decimal; where there is none of it, the amount alone."""

    words: str
    amount: Decimal
    quantity: int | None = None
    each: Decimal | None = None


def lines(seen: Invoice) -> list[Line]:
    """What was used, the sum, and what came in and went."""

    def whole(words: str, minor: int) -> Line:
        return Line(words, Money(minor, seen.project.currency).decimal())

    return [
        *pay_lines(seen),
        whole(_("Top-ups to the floor, from the reserve"), seen.reserve_used),
        whole(_("Social cover"), seen.social),
        whole(_("Share of the platform"), seen.platform),
        whole(_("Sum, without taxes"), seen.total),
        whole(_("Paid in"), seen.paid_in),
        whole(_("Given back"), seen.returned),
        whole(_("Left on the deposit"), seen.left),
    ]


def pay_lines(seen: Invoice) -> list[Line]:
    """Judgements and reviews by their price, then what makes them the whole amount that was charged."""
    judgements = [
        Line(_("Judgements: %(places)s") % {"places": _places(one)}, one.amount, one.number, one.charge)
        for one in seen.judgements
    ]
    reviews = [Line(_("Reviews"), one.amount, one.number, one.charge) for one in seen.reviews]
    if seen.rest > 0:
        return [*judgements, *reviews, Line(_("Rounded up, once for the project"), seen.rest)]
    if seen.rest < 0:
        return [*judgements, *reviews, Line(_("Borne by the operator, or not charged yet"), seen.rest)]
    return [*judgements, *reviews]


def _places(one: PayLine) -> str:
    return ", ".join(country(code) for code in one.countries)


def _invoice(request: HttpRequest, project: uuid.UUID) -> tuple[Project, Invoice | None]:
    project_for(actor_of(request), project, P.READ_PROJECTS)
    found = Project.objects.select_related("client", "operator").get(id=project)
    (standing,) = standings([found], at=at_of(request))
    return found, invoice_of(standing)
