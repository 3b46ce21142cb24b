"""What the fields of a project may hold."""

import re
from collections.abc import Sequence
from decimal import Decimal

from babel.core import Locale

from palabre.record.canonical import is_text
from palabre.work.errors import CountryWrong, DecimalWrong, LanguageWrong, NumberWrong, TextWrong

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,8})?", re.ASCII)


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


def check_language(path: str, language: str) -> None:
    """Raises: LanguageWrong unless it is empty or a tag of BCP 47. Codes of two letters are few, and all known; of those
    of three nobody's list has all."""
    if not language:
        return
    main = language.split("-", maxsplit=1)[0]
    known = len(main) > 2 or main in Locale("en").languages
    if len(language) > 35 or not _LANGUAGE.fullmatch(language) or not known:
        raise LanguageWrong(path=path, value=language[:20])


def parse_decimal(path: str, text: str) -> Decimal:
    """Read a number strictly: `1_000`, `1e3` and digits of other scripts raise DecimalWrong."""
    if not _DECIMAL.fullmatch(text):
        raise DecimalWrong(path=path, value=text[:40])
    return Decimal(text)
