"""Deposits, and how far each of them reaches."""

import uuid
from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.money import BadAmount, Money, read_amount
from palabre.pay.words import TRANSACTIONS
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.keyset import rows_of
from palabre.web.page import done, page
from palabre.web.templatetags.palabre import day, money
from palabre.work.access import of_organisation, project_for
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.reverse import LONGEST_REASON, free_money, reverse_deposit
from palabre.work.errors import ReferenceKnown
from palabre.work.models import Project
from palabre.work.queries import ledger
from palabre.work.queries.escrows import Escrow, escrows
from palabre.work.spoken import reads
from palabre.work.views.money.sums import sums


class DepositForm(forms.Form):
    """`projects`: (id, name) of those that can get a deposit."""

    project = forms.ChoiceField(label=_("Project"))
    amount = forms.CharField(
        label=_("Amount"),
        max_length=20,
        help_text=_("In the project’s currency, for example 1250.50"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    reference = forms.CharField(
        label=_("Reference of the payment"),
        max_length=140,
        help_text=_("As the bank writes it. The same reference counts once for a project."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: object, projects: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["project"].choices = projects  # type: ignore[attr-defined]


class ReversalForm(forms.Form):
    """Why a deposit is taken back."""

    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=LONGEST_REASON,
        help_text=_("The client and the auditors read it: name no other client and no person."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


@page(Permission.READ_MONEY)
def cover(request: HttpRequest) -> HttpResponseBase:
    """Each project's deposit: what came in, what is spent and spoken for, how far the rest reaches."""
    by = actor_of(request)
    rows = rows_of(
        request,
        uuid.UUID,
        lambda after, limit: escrows(by, after=after, limit=limit),
        lambda row: row.project.id,
    )
    context = {
        "listing": rows,
        "at": at_of(request),
        "sums": _columns(rows.items),
        "may_deposit": by.may(Permission.RECORD_DEPOSITS),
    }
    return render(request, "work/money/cover.html", context)


@page(Permission.RECORD_DEPOSITS, Permission.READ_MONEY)
def deposits(request: HttpRequest) -> HttpResponseBase:
    """Record money that came in, and see what was recorded. To record asks for its own right."""
    by = actor_of(request)
    form = form_of(
        DepositForm, request, initial={"project": request.GET.get("project", "")}, projects=_choices(by)
    )
    if form.is_bound and form.is_valid():
        with refusals(form):
            return _record(request, by, form.cleaned_data)
    rows = rows_of(
        request,
        int,
        lambda before, limit: ledger.deposits(by, before=before, limit=limit),
        lambda row: row.id,
    )
    names = {str(number): name for number, name in ledger.project_names(by).items()}
    context = {
        "listing": rows,
        "projects": names,
        "sums": sums((row.currency, row.amount) for row in rows.items),
        "words": TRANSACTIONS,
        "may_deposit": by.may(Permission.RECORD_DEPOSITS),
    }
    return show(request, "work/money/deposits.html", form, **context)


@page(Permission.RECORD_DEPOSITS)
def reverse(request: HttpRequest, ledger_transaction: int) -> HttpResponseBase:
    """Take back a deposit that was recorded by mistake: what that does, then a reason."""
    by, at = actor_of(request), at_of(request)
    project, found = ledger.deposit(by, ledger_transaction)
    form = form_of(ReversalForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            reverse_deposit(project.id, found.id, form.cleaned_data["reason"], by=by, at=at)
            said = gettext("Taken back: %(amount)s of “%(project)s”. The right deposit can be recorded now.")
            sentence = said % {
                "amount": money(found.amount, project.currency),
                "project": project.said("name", reads()).text,
            }
            return done(request, sentence, "money-deposits")
    free = free_money(project)
    context = {"project": project, "deposit": found, "free": free, "enough": found.amount <= free}
    return show(request, "work/money/reverse.html", form, **context)


def _columns(rows: Sequence[Escrow]) -> dict[str, list[int]]:
    """Deposited, spent, spoken for, in hands and left, summed by currency."""
    found: dict[str, list[int]] = {}
    for one in rows:
        amounts = (one.deposited, one.spent, one.bound, one.reserved, one.left)
        before = found.get(one.project.currency, [0] * len(amounts))
        found[one.project.currency] = [a + b for a, b in zip(before, amounts, strict=True)]
    return dict(sorted(found.items()))


def _record(request: HttpRequest, by: Actor, typed: dict[str, str]) -> HttpResponseBase:
    project = project_for(by, uuid.UUID(typed["project"]), Permission.RECORD_DEPOSITS)
    amount = _amount(typed["amount"].strip(), project.currency)
    known = ledger.deposit_under(project, typed["reference"])
    if known is not None:
        there = sum(one.amount for one in known.postings.all() if one.account_id == project.escrow_id)
        raise ReferenceKnown(
            path="reference",
            reference=typed["reference"].strip(),
            day=day(known.at),
            amount=money(there, project.currency),
        )
    record_deposit(project.id, amount.minor, typed["reference"], by=by, at=at_of(request))
    said = gettext("Recorded: %(amount)s for “%(project)s”.")
    sentence = said % {
        "amount": money(amount.minor, project.currency),
        "project": project.said("name", reads()).text,
    }
    return done(request, sentence, "money-deposits")


def _amount(text: str, currency: str) -> Money:
    try:
        return read_amount(text, currency)
    except BadAmount as error:
        raise BadAmount(path="amount", **error.fields) from error


def _choices(by: Actor) -> list[tuple[str, str]]:
    """Projects with an accepted quote that are not closed, those that wait for their first money first."""
    found = of_organisation(by).filter(escrow__isnull=False).exclude(state=Project.State.CLOSED)
    return [
        (str(one.id), f"{one.name} · {one.client.name} · {one.currency}")
        for one in found.select_related("client").order_by("name")
    ]
