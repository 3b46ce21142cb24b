"""What is written about people and places, checked and brought into one form."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from palabre.people.errors import (
    BadEmail,
    BadPhone,
    TextMissing,
    TextTooLong,
    UnknownCountry,
    UnknownLanguage,
    UnknownTimezone,
)
from palabre.people.finding import read_phone
from palabre.texts import one_line, prose

# Territories of CLDR that are no countries: the European Union, the euro area, the United Nations, unknown,
# outlying Oceania and two for tests of software.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, from the territories of CLDR."""
    names = (str(code) for code in Locale("en").territories)
    return frozenset(name for name in names if len(name) == 2 and name.isalpha()) - _NO_COUNTRIES


@cache
def _timezones() -> frozenset[str]:
    """Those that this program and the database both know: each has tables of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        return frozenset(available_timezones()).intersection(name for (name,) in cursor.fetchall())


def text(value: str, path: str, most: int = 200) -> str:
    """`value`, of several lines, without spaces around it. Raises: TextMissing, TextTooLong, TextUnreadable."""
    return _held(prose(value, path).strip(), path, most)


def name(value: str, path: str, most: int = 200) -> str:
    """What somebody or something is called, in one line. Raises: TextMissing, TextTooLong, TextUnreadable."""
    return _held(one_line(value, path), path, most)


def _held(shown: str, path: str, most: int) -> str:
    if not shown:
        raise TextMissing(path=path)
    if len(shown) > most:
        raise TextTooLong(path=path, most=most)
    return shown


def country(value: str) -> str:
    """Raises: UnknownCountry."""
    if value not in countries():
        raise UnknownCountry(path="country", value=value)
    return value


def timezone(value: str) -> str:
    """Raises: UnknownTimezone."""
    if value not in _timezones():
        raise UnknownTimezone(path="timezone", value=value)
    return ZoneInfo(value).key


def language(value: str) -> str:
    """Raises: UnknownLanguage."""
    known = [code for code, _ in settings.LANGUAGES]
    if value not in known:
        raise UnknownLanguage(path="language", value=value, choices=", ".join(known))
    return value


def email(value: str) -> str:
    """In small letters, so that one person is not two. Raises: BadEmail."""
    address = value.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadEmail(path="email") from None
    return address


def phone(value: str, country: str | None = None) -> str:
    """In the form of E.164: + and up to 15 digits. Without + it is read as dialled in `country`.

    Raises: BadPhone.
    """
    number = read_phone(value, country)
    if number is None:
        raise BadPhone(path="phone")
    return number
