"""Money: whole minor units with an ISO 4217 currency; rates are `Decimal`; floats never.

`minor_units` is how amounts are stored and shown here. XOF and XAF have none. ISO 4217 gives
MGA two (fifths of an ariary in truth); CLDR and practice count whole ariary, and so do we.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache

from babel.numbers import get_currency_symbol
from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid

MINOR_UNITS: dict[str, int] = {
    "EUR": 2,
    "USD": 2,
    "GBP": 2,
    "CHF": 2,
    "CAD": 2,
    "XOF": 0,
    "XAF": 0,
    "MGA": 0,
    "KES": 2,
    "NGN": 2,
    "GHS": 2,
    "TND": 3,
    "MAD": 2,
    "RWF": 0,
    "UGX": 0,
    "TZS": 2,
    "ZAR": 2,
    "ETB": 2,
    "GNF": 0,
    "CDF": 2,
    "HTG": 2,
    "INR": 2,
    "VND": 0,
    "PHP": 2,
}

_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,3})?", re.ASCII)


class BadAmount(Invalid):
    code = "money.bad_amount"
    sentence = _(
        "“%(value)s” is not an amount in %(currency)s. Write digits, with a point before at most "
        "%(digits)s decimals, for example 1250."
    )


class NotWhole(BadAmount):
    """Of a currency without decimals, nobody is told how many she may write."""

    code = "money.not_whole"
    sentence = _(
        "“%(value)s” is not an amount in %(currency)s. Write digits and nothing else, for example 1250."
    )


class UnknownCurrency(Invalid):
    code = "money.unknown_currency"
    sentence = _("“%(currency)s” is not a currency that is known here. Use a code such as XOF or EUR.")


def minor_units(currency: str) -> int:
    """How many decimals an amount in `currency` has. Raises UnknownCurrency."""
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        raise UnknownCurrency(currency=currency) from None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` whole minor units of `currency`: Money(1250, "EUR") is 12.50 euros."""

    minor: int
    currency: str

    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-minor_units(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal():f} {self.currency}"


def parse_amount(text: str, currency: str) -> Money:
    """Read an amount strictly: `1_000`, `1e3`, `٣`, NaN, or too many decimals raise BadAmount."""
    digits = minor_units(currency)
    match = _AMOUNT.fullmatch(text)
    if match is None or len((match[2] or ".")[1:]) > digits:
        wrong = BadAmount if digits else NotWhole
        raise wrong(value=text[:40], currency=currency, digits=digits)
    return Money(int(Decimal(text).scaleb(digits)), currency)


def read_amount(text: str, currency: str) -> Money:
    """An amount as people type it, or copy it from one of our pages, in French or in English: “1 250,50 €”,
    “1,250.50 EUR”, “12 500 F CFA”. A comma stands before decimals, or between thousands where exactly three digits
    follow it. Raises BadAmount, where both can be meant as well (“1,250” of a currency with three decimals).
    """
    try:
        return parse_amount(_plain(text, currency), currency)
    except BadAmount as error:
        raise type(error)(**(error.fields | {"value": text[:40]})) from None


# Digits in one piece, or in threes with the same sign between all of them; then decimals.
_TYPED = re.compile(
    r"(?P<whole>-?[0-9]{1,3}(?P<sep>[, ])[0-9]{3}(?:(?P=sep)[0-9]{3})*|-?[0-9]{1,15})(?:[,.](?P<part>[0-9]+))?",
    re.ASCII,
)
_SPACES = re.compile("[ \u00a0\u2009\u202f]+")


def _plain(text: str, currency: str) -> str:
    """As `parse_amount` reads it, if it can be read in one way; else as it was typed."""
    bare = _SPACES.sub(" ", text).strip()
    for name in _names(currency):
        bare = bare.removesuffix(name).removeprefix(name).strip()
    found = _TYPED.fullmatch(bare)
    if found is None or ("," in bare and len(bare.rpartition(",")[2]) == 3 == minor_units(currency)):
        return text
    whole = re.sub("[, ]", "", found["whole"])
    return f"{whole}.{found['part']}" if found["part"] else whole


@cache
def _names(currency: str) -> tuple[str, ...]:
    """What our pages call a currency: its code and its signs in our languages."""
    signs = {get_currency_symbol(currency, locale=locale) for locale in ("fr", "en")}
    return tuple(sorted({currency, *(_SPACES.sub(" ", sign) for sign in signs)}, key=len, reverse=True))


def ceil_minor(amount: Decimal, currency: str) -> int:
    """`amount` (major units, exact) as minor units, rounded up: in the member's favour."""
    return int(amount.scaleb(minor_units(currency)).to_integral_value(ROUND_CEILING))


def floor_minor(amount: Decimal, currency: str) -> int:
    """`amount` (major units, exact) as minor units, rounded down."""
    return int(amount.scaleb(minor_units(currency)).to_integral_value(ROUND_FLOOR))
