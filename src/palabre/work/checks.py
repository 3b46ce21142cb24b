"""What the fields of a project may hold."""

import re
from collections.abc import Sequence
from decimal import Decimal

from palabre.record.canonical import is_text
from palabre.work.errors import CountryWrong, NumberWrong, TextWrong

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def check_text(path: str, text: str, most: int) -> None:
    """Raises: TextWrong for blank, over-long or unstorable text."""
    if not text.strip() or len(text) > most or not is_text(text):
        raise TextWrong(path=path, most=most)


def check_number(path: str, value: int | Decimal, least: int | Decimal, most: int | Decimal) -> None:
    """Raises: NumberWrong outside the bounds."""
    # `is_finite` first: comparing with a NaN raises.
    if (isinstance(value, Decimal) and not value.is_finite()) or not least <= value <= most:
        raise NumberWrong(path=path, least=least, most=most)


def check_countries(path: str, countries: Sequence[str]) -> None:
    """Raises: CountryWrong unless each is two capital letters and stands once."""
    for index, country in enumerate(countries):
        if not _COUNTRY.fullmatch(country) or country in countries[:index]:
            raise CountryWrong(path=f"{path}[{index}]", value=country[:20])
