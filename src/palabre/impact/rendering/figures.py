"""Figures as people of a language write them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.translation import gettext as _

from palabre.money import minor_units

HOUR_MS = 3_600_000
# Currencies whose sign every English reader knows; others are written by their code.
_SIGNS = frozenset({"EUR", "USD", "GBP"})
_NO_BREAK = "\N{NO-BREAK SPACE}"


def is_held_back(value: object) -> bool:
    """Whether the figure is over fewer than five people."""
    return isinstance(value, Mapping) and "suppressed" in value


def is_stated(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a part of a ScoreCard is there, neither held back nor none."""
    return isinstance(value, Mapping) and "suppressed" not in value


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes numbers, money, times and places in one language."""

    language: str

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language)

    def number(self, value: object, decimals: int | None = None) -> str:
        if is_held_back(value):
            return self.held_back()
        number = Decimal(str(value))
        if decimals is None:
            return str(format_decimal(number, locale=self.locale))
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return str(format_decimal(number, format=pattern, locale=self.locale))

    def held_back(self) -> str:
        return _("held back")

    def percent(self, share: str, decimals: int = 0) -> str:
        pattern = "0." + "0" * decimals if decimals else "0"
        spaced = f"{pattern}{_NO_BREAK}%" if self.language == "fr" else f"{pattern}%"
        return str(format_percent(Decimal(share), format=spaced, locale=self.locale))

    def money(self, minor: int, currency: str) -> str:
        """An amount in minor units."""
        digits = minor_units(currency)
        return self._money(Decimal(minor).scaleb(-digits), currency, digits)

    def hourly(self, amount: str, currency: str) -> str:
        """What an hour brings, in major units: whole ones where they are small enough."""
        digits = 0 if Decimal(amount) >= 100 else minor_units(currency)
        return self._money(Decimal(amount), currency, digits)

    def _money(self, amount: Decimal, currency: str, digits: int) -> str:
        number = self.number(amount, digits)
        if self.language != "fr" and currency not in _SIGNS:
            return f"{number}{_NO_BREAK}{currency}"
        pattern = f"#,##0{'.' + '0' * digits if digits else ''}{_NO_BREAK}¤"
        if self.language != "fr":
            pattern = pattern.removesuffix(f"{_NO_BREAK}¤").join(("¤", ""))
        return str(format_currency(amount, currency, pattern, self.locale, currency_digits=False))

    def hours(self, milliseconds: int) -> str:
        hours = Decimal(milliseconds) / HOUR_MS
        return _("%(hours)s h") % {"hours": self.number(hours, 0 if hours >= 100 else 1)}

    def seconds(self, value: str) -> str:
        seconds = Decimal(value)
        if seconds < 100:
            return _("%(seconds)s s") % {"seconds": self.number(seconds, 1)}
        if seconds < 3600 * 3:
            return _("%(minutes)s min") % {"minutes": self.number(seconds / 60, 0)}
        return self.hours(int(seconds * 1000))

    def date(self, text: str) -> str:
        day = dt.datetime.fromisoformat(text).date()
        written = str(format_date(day, "long", self.locale))
        # CLDR writes 1 mars, French people 1er mars.
        return written.replace("1 ", "1er ", 1) if self.language == "fr" and day.day == 1 else written

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))
