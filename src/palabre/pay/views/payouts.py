"""Finance carries payouts: ticks them, takes a file away, marks them as sent, reads back what became of each."""

import uuid

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.pay import payments
from palabre.pay.actions import (
    can_be_closed,
    carry_payouts,
    close_payout,
    mark_batch_sent,
    put_batch_back,
    take_results,
)
from palabre.pay.destinations import called, masked, whole
from palabre.pay.models import Payout
from palabre.pay.paper.names import PAYOUTS
from palabre.pay.tables import LARGEST, SHOWN
from palabre.pay.views.payout_files import batch_csv_file, batch_pain_file, has_pain, pain_lacks
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.keyset import rows_of
from palabre.web.page import done, page

SEE = (Permission.READ_MONEY, Permission.PAY_OUT)
PAY = Permission.PAY_OUT
_BATCHES = 20


class CarryForm(forms.Form):
    """The payouts that she ticked. `batch` is made with the form: sent twice, it is one batch."""

    payouts = forms.TypedMultipleChoiceField(
        label=_("Payouts"), coerce=uuid.UUID, required=False, widget=forms.CheckboxSelectMultiple
    )
    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *, waiting: list[Payout], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        choices = self.fields["payouts"]
        if isinstance(choices, forms.TypedMultipleChoiceField):
            # What somebody else took on meanwhile is no unknown choice: the action says what happened to it.
            sent = self.data.getlist("payouts") if hasattr(self.data, "getlist") else []
            choices.choices = [(one, one) for one in {*(str(row.id) for row in waiting), *map(str, sent)}]

    def clean_payouts(self) -> list[uuid.UUID]:
        ticked: list[uuid.UUID] = self.cleaned_data["payouts"]
        return ticked


class CloseForm(forms.Form):
    """What a person found out about a payout on its way."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            ("paid", _("The money has reached her")),
            ("failed", _("It was not paid and never will be: the money is hers again")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("How do you know?"),
        max_length=500,
        help_text=_("A receipt, a call, the operator’s answer. She reads it too."),
        widget=forms.Textarea({"rows": 3}),
    )


class ResultsForm(forms.Form):
    """A file that says what became of payouts."""

    file = forms.FileField(
        label=_("The file with the results"),
        help_text=_(
            "A table (CSV) with the columns reference and result (paid, failed, unknown), and reason where it failed;"
            " or the bank’s pain.002. Rows that are wrong are named, the others are taken."
        ),
        widget=forms.ClearableFileInput({"accept": ".csv,.xml,text/csv,application/xml"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """A longer file is not read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                gettext("the file is larger than %(limit)s bytes") % {"limit": LARGEST}
            )
        return file


@page(*SEE)
def payouts(request: HttpRequest) -> HttpResponseBase:
    """What waits to be carried, the longest first; what is in hands; batches; what has ended."""
    by, at = actor_of(request), at_of(request)
    waiting, carried = payments.open_payouts(by)
    form = form_of(CarryForm, request, waiting=waiting)
    if form.is_bound and form.is_valid():
        with refusals(form):
            ticked, batch = form.cleaned_data["payouts"], form.cleaned_data["batch"]
            made = carry_payouts(batch, ticked, by=by, at=at)
            said = gettext("These are in your hands now: nobody else sends them.")
            return done(request, said, "payout-batch", payout_batch=made.id)
    ended = rows_of(
        request,
        uuid.UUID,
        lambda after, limit: payments.ended(by, after=after, limit=limit),
        lambda row: row.id,
    )
    batches = payments.batches(by, _BATCHES)
    concerned = [
        *(row.member_id for row in (*waiting, *carried, *ended.items)),
        *(one.carrier for one in batches),
    ]
    context = {
        "waiting": [(row, row.destination and masked(row.destination)) for row in waiting],
        "ticked": [str(one) for one in form["payouts"].value() or []],
        "carried": carried,
        "sums": payments.sums_open(by),
        "batches": batches,
        "listing": ended,
        "states": PAYOUTS,
        "names": payments.names(by, concerned),
        "may_close": by.may(PAY),
        "results": ResultsForm(),
    }
    return show(request, "pay/finance/payouts.html", form, **context)


@page(*SEE)
def payout(request: HttpRequest, payout: uuid.UUID) -> HttpResponseBase:
    """One payout with its history, and for who may pay out, its end."""
    by, at = actor_of(request), at_of(request)
    found = payments.payout_for(by, payout)
    form = form_of(CloseForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            paid = form.cleaned_data["outcome"] == "paid"
            close_payout(found.id, paid, form.cleaned_data["reason"], by=by, at=at)
            return done(request, gettext("Closed. She sees it on her account."), "money-payouts")
    context = {
        "payout": found,
        "where": _where(found, whole_one=by.may(PAY)),
        "states": PAYOUTS,
        "history": payments.history(found),
        "name": payments.names(by, [found.member_id]).get(found.member_id, ""),
        "may_close": by.may(PAY) and can_be_closed(found),
    }
    return show(request, "pay/finance/payout.html", form, **context)


@page(*SEE)
def batch(request: HttpRequest, payout_batch: uuid.UUID) -> HttpResponseBase:
    """What one person carries: its file, and what became of each."""
    by = actor_of(request)
    found = payments.batch_for(by, payout_batch)
    rows = payments.payouts_in(found)
    mine = by.account == found.carrier and by.may(PAY)
    context = {
        "batch": found,
        "rows": [(row, _where(row, whole_one=by.may(PAY))) for row in rows],
        "services": sorted({called(row.destination) for row in rows if row.destination}),
        "states": PAYOUTS,
        "names": payments.names(by, [found.carrier, *(row.member_id for row in rows)]),
        "mine": mine,
        "may_close": by.may(PAY),
        "open": [row for row in rows if row.state not in payments.ENDED],
        "bank_file": has_pain(found, rows),
        "no_bank_file": pain_lacks(found, rows),
        "form": ResultsForm(),
    }
    return render(request, "pay/finance/batch.html", context)


@page(PAY)
def batch_file(request: HttpRequest, payout_batch: uuid.UUID, form: str) -> HttpResponseBase:
    """The batch as a table for the service (CSV) or as an order to the bank (pain.001). For who carries it."""
    by = actor_of(request)
    found = payments.batch_for(by, payout_batch)
    makers = {"csv": batch_csv_file, "xml": batch_pain_file}
    if form not in makers or found.carrier != by.account or found.put_back_at is not None:
        raise NotFound
    return makers[form](found, payments.payouts_in(found))


@page(PAY)
def batch_sent(request: HttpRequest, payout_batch: uuid.UUID) -> HttpResponseBase:
    """The file is with the bank or the service; the cash is out of the house."""
    by = actor_of(request)
    found = payments.batch_for(by, payout_batch)
    if request.method == "POST":
        mark_batch_sent(found.id, by=by, at=at_of(request))
        return done(
            request,
            gettext("Marked as sent. Say here what became of each."),
            "payout-batch",
            payout_batch=payout_batch,
        )
    return HttpResponseRedirect(reverse("payout-batch", kwargs={"payout_batch": payout_batch}))


@page(PAY)
def batch_back(request: HttpRequest, payout_batch: uuid.UUID) -> HttpResponseBase:
    """None of it was sent: it waits for somebody again."""
    by = actor_of(request)
    found = payments.batch_for(by, payout_batch)
    if request.method == "POST":
        put_batch_back(found.id, by=by, at=at_of(request))
        return done(request, gettext("Put back: these payouts wait for somebody again."), "money-payouts")
    return HttpResponseRedirect(reverse("payout-batch", kwargs={"payout_batch": payout_batch}))


@page(PAY)
def results(request: HttpRequest) -> HttpResponseBase:
    """Read a file of results: what is right is taken, what is wrong is named."""
    form = form_of(ResultsForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            taken = take_results(form.cleaned_data["file"].read(), by=actor_of(request), at=at_of(request))
            for problem in taken.problems[:SHOWN]:
                messages.error(request, str(problem))
            said = gettext("Taken: %(new)s. Known before: %(known)s.") % taken._asdict()
            if (wrong := len(taken.problems)) > 0:
                more = ngettext("Not taken: %(wrong)s row.", "Not taken: %(wrong)s rows.", wrong)
                said = f"{said} {more % {'wrong': wrong}}"
            return done(request, said, "money-payouts")
    return show(request, "pay/finance/results.html", form)


def _where(row: Payout, *, whole_one: bool) -> str:
    """Who carries it needs all of it; who only looks at the books needs no telephone number."""
    if row.destination is None:
        return ""
    return whole(row.destination) if whole_one else masked(row.destination)
