"""The form with which a member takes out what she has earned."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.money import BadAmount, Money, read_amount


class PayoutForm(forms.Form):
    """`payout` is made with the form: the same one sent twice is the same payout."""

    amount = forms.CharField(
        label=_("How much?"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("From which account?"))
    payout = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *, currencies: list[str], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.single = currencies[0] if len(currencies) == 1 else ""
        currency = self.fields["currency"]
        if isinstance(currency, forms.ChoiceField):
            currency.choices = [(one, one) for one in currencies]
        if self.single:
            currency.widget, currency.initial = forms.HiddenInput(), self.single

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if "amount" in said and "currency" in said:
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
