"""Amounts, times and days as a member writes them."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django.utils.translation import gettext as _

from palabre.money import Money, minor_units

_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


def written(value: Decimal, currency: str, locale: Locale, decimals: int | None = None) -> str:
    """An amount in major units under the name that the language has for its currency: “F CFA 250”, “250 F CFA”.

    As many decimals as the currency has, or at most `decimals` where a rate needs more.
    """
    digits = minor_units(currency)
    shape = ("." + "0" * digits if digits else "") if decimals is None else "." + "#" * decimals
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", f"0{shape}")
    if get_currency_symbol(currency, locale=locale)[-1].isalpha():
        pattern = pattern.replace("¤#", f"¤{_NO_BREAK}#")  # letters don't run into digits
    return str(format_currency(value, currency, pattern, locale=locale, currency_digits=False))


def minutes_of(milliseconds: float) -> int:
    """Whole minutes, as the clock on her phone counts them: one that has begun is not shown yet."""
    return int(milliseconds // 60_000)


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes in one language; instants in one time zone."""

    language: str
    timezone: dt.tzinfo

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language)

    def money(self, minor: int, currency: str) -> str:
        return written(Money(minor, currency).decimal(), currency, self.locale).replace("-", _MINUS)

    def exact(self, text: str, places: int) -> str:
        """Decimal text to so many places, no zeros added; what is cut off ends in dots."""
        number = Decimal(text)
        shown = number.quantize(Decimal(1).scaleb(-places), ROUND_DOWN)
        written = format_decimal(shown, format=f"#,##0.{'#' * places}", locale=self.locale)
        return f"{written}…" if shown != number else str(written)

    def time(self, milliseconds: int) -> str:
        """Hours, minutes and seconds, to the millisecond; parts that are nothing are left out."""
        minutes, rest = divmod(milliseconds, 60_000)
        hours, minutes = divmod(minutes, 60)
        seconds = format_decimal(Decimal(rest) / 1000, format="0.###", locale=self.locale)
        parts = [
            _("%(hours)s h") % {"hours": hours} if hours else "",
            _("%(minutes)s min") % {"minutes": minutes} if minutes or not (hours or rest) else "",
            _("%(seconds)s s") % {"seconds": seconds} if rest else "",
        ]
        return " ".join(part.replace(" ", _NO_BREAK) for part in parts if part)

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def day(self, text: str) -> str:
        return self._date(text, "full")

    def short_day(self, text: str) -> str:
        return self._date(text, "EEE d MMM")

    def instant(self, text: str) -> str:
        moment = dt.datetime.fromisoformat(text).astimezone(self.timezone)
        time = format_time(moment.time(), "HH:mm", locale=self.locale)
        return f"{self._date(moment.date().isoformat(), 'long')}, {time}"

    def _date(self, text: str, form: str) -> str:
        day = dt.date.fromisoformat(text)
        written = str(format_date(day, form, self.locale))
        # CLDR writes 1 mars, French people 1er mars.
        return written.replace(" 1 ", " 1er ", 1) if self.language == "fr" and day.day == 1 else written
