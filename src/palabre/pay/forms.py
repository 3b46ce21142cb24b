"""The forms with which a member says where her money goes, and takes out what she has earned."""

import uuid

from babel.core import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.money import BadAmount, Money, read_amount
from palabre.pay.destinations import SERVICES, Rail, Wanted
from palabre.people.forms import country_choices


def service_choices(near: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every service by its country, hers first: one choice says both."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    order = sorted(SERVICES, key=lambda code: (code != near, str(names.get(code, code))))
    return [
        (str(names.get(code, code)), [(f"{code}:{key}", name) for key, name in SERVICES[code].items()])
        for code in order
    ]


class DestinationForm(forms.Form):
    """Where her money goes: what is asked for depends on the way."""

    def __init__(self, *, rail: str, country: str, name: str, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.rail, self.country = rail, country
        if rail == Rail.CASH:
            self.fields["place"] = forms.CharField(
                label=_("Where do you want to receive it?"),
                max_length=200,
                help_text=_("A place that whoever pays you knows: an office, a centre, a shop."),
            )
            return
        if rail == Rail.MOBILE_MONEY:
            self.fields["service"] = forms.ChoiceField(
                label=_("Which service?"), choices=service_choices(country)
            )
            self.fields["number"] = forms.CharField(
                label=_("Its telephone number"),
                max_length=40,
                help_text=_("The number that receives money: as you dial it, or with + in front."),
                widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
            )
        else:
            self.fields["country"] = forms.ChoiceField(
                label=_("In which country is the bank?"), choices=country_choices(), initial=country
            )
            self.fields["number"] = forms.CharField(
                label=_("IBAN, or the number of the account"),
                max_length=60,
                widget=forms.TextInput(
                    {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
                ),
            )
            self.fields["bank"] = forms.CharField(
                label=_("BIC, or the name of the bank"),
                max_length=140,
                required=False,
                help_text=_("With an IBAN you may leave it empty. Without one, write the name of the bank."),
            )
        self.fields["holder"] = forms.CharField(
            label=_("In whose name is it?"),
            max_length=70,
            initial=name[:70],
            help_text=_("As the service or the bank knows it."),
        )

    def wanted(self) -> Wanted:
        """What she wrote; it is checked where it is kept."""
        said = {name: str(value) for name, value in self.cleaned_data.items()}
        country, _colon, service = said.pop("service", "").partition(":")
        country = said.pop("country", "") or country or self.country
        return Wanted(self.rail, country, service=service, **said)


class PayoutForm(forms.Form):
    """`payout` is made with the form: the same one sent twice is the same payout. `balances`: what she may take."""

    amount = forms.CharField(
        label=_("How much?"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("From which account?"))
    payout = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *, balances: dict[str, int], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.balances = balances
        currencies = list(balances) or ["XOF"]
        self.single = currencies[0] if len(currencies) == 1 else ""
        currency = self.fields["currency"]
        if isinstance(currency, forms.ChoiceField):
            currency.choices = [(one, one) for one in currencies]
        if self.single:
            currency.widget, currency.initial = forms.HiddenInput(), self.single

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if "currency" in said and "everything" in self.data:
            # The button says how much.
            self.errors.pop("amount", None)
            said["money"] = Money(self.balances.get(said["currency"], 0), said["currency"])
        elif "amount" in said and "currency" in said:
            try:
                said["money"] = read_amount(said["amount"], said["currency"])
            except BadAmount as error:
                self.add_error("amount", str(error))
        return said

    @property
    def money(self) -> Money:
        money = self.cleaned_data["money"]
        if not isinstance(money, Money):
            raise TypeError("the form was read before it was checked")
        return money
