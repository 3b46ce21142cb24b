"""How an operator pays: the days, the fee and the file of each way, and the account that it pays from."""

from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.pay import payments
from palabre.pay.actions import Way, set_operator_account, set_way
from palabre.pay.batch_table import FIELDS, HOUSE
from palabre.pay.destinations import Rail
from palabre.pay.forms import DestinationForm, service_choices
from palabre.pay.models import PayoutWay
from palabre.pay.ways import DAYS
from palabre.people.permissions import Permission
from palabre.people.queries import organisation_of
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page

SEE = (Permission.READ_MONEY, Permission.PAY_OUT)


class WayForm(forms.Form):
    """What holds for one way."""

    way = forms.ChoiceField(label=_("Which way?"))
    days = forms.IntegerField(
        label=_("Working days until it is there"), min_value=0, max_value=60, initial=DAYS
    )
    fee_percent = forms.RegexField(
        r"^[0-9]{1,2}([.,][0-9]{1,2})?$",
        label=_("Share that the service takes, in %"),
        required=False,
        help_text=_("0 where she gets all of it. Leave both empty where it is not known: her page says so."),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    fee_fixed = forms.IntegerField(
        label=_("And a fixed part, in the smallest unit of the currency"),
        required=False,
        min_value=0,
        max_value=10**12,
    )
    columns = forms.CharField(
        label=_("Columns of the table, one a line"),
        required=False,
        max_length=4000,
        help_text=_(
            "Title = field, in the order that the service wants. A text in quotation marks stands in every row. Empty:"
            " the columns of the house."
        ),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, *, near: str, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        way = self.fields["way"]
        if isinstance(way, forms.ChoiceField):
            house = [(str(Rail.BANK), gettext("Bank account")), (str(Rail.CASH), gettext("Cash"))]
            way.choices = [*house, *service_choices(near)]

    def said(self) -> Way:
        data = self.cleaned_data
        percent = data["fee_percent"].replace(",", ".")
        lines = [line for line in data["columns"].splitlines() if line.strip()]
        columns = [[part.strip() for part in line.rpartition("=")[::2]] for line in lines]
        return Way(
            data["way"], data["days"], Decimal(percent) if percent else None, data["fee_fixed"], columns
        )


class AccountForm(DestinationForm):
    """The operator's own account, as it stands on its papers."""

    def __init__(self, *, country: str, name: str, **kwargs: object) -> None:
        super().__init__(rail=Rail.BANK, country=country, name=name, **kwargs)


@page(*SEE)
def ways(request: HttpRequest) -> HttpResponseBase:
    """What members are told, and the form that says it anew."""
    by, at = actor_of(request), at_of(request)
    place = organisation_of(by)
    known = payments.ways(by)
    form = form_of(WayForm, request, near=place.country, initial=_initial(request, known))
    if form.is_bound and form.is_valid():
        with refusals(form):
            set_way(form.said(), by=by, at=at)
            return done(request, gettext("Noted. Members read it before they ask."), "payout-ways")
    names = {key: name for _country, group in service_choices(place.country) for key, name in group}
    names |= {str(Rail.BANK): gettext("Bank account"), str(Rail.CASH): gettext("Cash")}
    context = {
        "ways": [(one, names.get(one.way, one.way)) for one in known],
        "account": payments.operator_account(by.organisation),
        "fields": FIELDS,
        "days": DAYS,
        "may_set": by.may(Permission.PAY_OUT),
    }
    return show(request, "pay/finance/ways.html", form, **context)


@page(Permission.PAY_OUT, proven=True)
def own_account(request: HttpRequest) -> HttpResponseBase:
    """From where payouts are taken, and where clients pay deposits. The door has asked once more that it is she."""
    by, at = actor_of(request), at_of(request)
    place = organisation_of(by)
    held = payments.operator_account(by.organisation)
    kept = (
        {"number": held.number, "bank": held.bank, "holder": held.holder, "country": held.country}
        if held
        else {}
    )
    form = form_of(AccountForm, request, country=place.country, name=place.name, initial=kept)
    if form.is_bound and form.is_valid():
        with refusals(form):
            set_operator_account(form.wanted(), by=by, at=at)
            return done(request, gettext("Noted. Clients read it where they pay a deposit."), "payout-ways")
    return show(request, "pay/finance/own_account.html", form)


def _initial(request: HttpRequest, known: list[PayoutWay]) -> dict[str, object]:
    """What holds for the way that is asked for. Raises: NotFound."""
    wished = request.GET.get("way", "")
    if not wished:
        return {}
    found = next((one for one in known if one.way == wished), None)
    if found is None:
        raise NotFound
    columns = found.columns or HOUSE
    return {
        "way": found.way,
        "days": found.days,
        "fee_percent": "" if found.fee_percent is None else f"{found.fee_percent:f}",
        "fee_fixed": found.fee_fixed,
        "columns": "\n".join(f"{title} = {source}" for title, source in columns),
    }
