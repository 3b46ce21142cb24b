"""Numbers as people write them: a point or a comma before decimals, spaces between thousands."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext

from palabre.money import BadAmount, read_amount
from palabre.work.checks import parse_decimal
from palabre.work.errors import DecimalWrong

_SPACES = str.maketrans("", "", " \u00a0\u202f")


class DecimalField(forms.CharField):
    """A decimal number, read strictly: `1e3` and digits of other scripts are refused."""

    def __init__(self, **more: object) -> None:
        super().__init__(max_length=20, **more)  # type: ignore[arg-type]
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: object) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_decimal("", plain(text))
        except DecimalWrong:
            raise forms.ValidationError(gettext("Write a number, such as 12.5.")) from None


def amount_in(text: str, currency: str) -> int:
    """Minor units. Raises: forms.ValidationError."""
    try:
        return read_amount(text, currency).minor
    except BadAmount as error:
        raise forms.ValidationError(str(error)) from None


def plain(text: str) -> str:
    """“1 250,50” as 1250.50."""
    return text.translate(_SPACES).replace(",", ".")
