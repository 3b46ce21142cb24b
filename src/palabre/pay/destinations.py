"""Where money goes to a person: a mobile money number, a bank account, or cash at a place; checked in its form.

Whether the number is hers only the one who pays can find out; what can't be a number at all is refused here.
Facts: the numbering plans of `phonenumbers`; the lengths of IBANs that are used and not in SWIFT's registry;
the services that move money in each country, as their operators name themselves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from palabre.pay.errors import (
    BadAccountNumber,
    BadBic,
    BadIban,
    BadMobileNumber,
    DestinationIncomplete,
    IbanOfAnotherCountry,
    ServiceUnknown,
)
from palabre.pay.models import Destination
from palabre.people import fields

Rail = Destination.Rail
# Country: (what is kept, what people call it).
SERVICES: Mapping[str, Mapping[str, str]] = {
    "BF": {"orange": "Orange Money", "moov": "Moov Money"},
    "BJ": {"mtn": "MTN MoMo", "moov": "Moov Money", "celtiis": "Celtiis Cash"},
    "CD": {"mpesa": "M-Pesa", "orange": "Orange Money", "airtel": "Airtel Money", "afrimoney": "Afrimoney"},
    "CI": {"orange": "Orange Money", "mtn": "MTN MoMo", "moov": "Moov Money", "wave": "Wave"},
    "CM": {"orange": "Orange Money", "mtn": "MTN MoMo"},
    "ET": {"telebirr": "telebirr", "mpesa": "M-Pesa"},
    "GH": {"mtn": "MTN MoMo", "telecel": "Telecel Cash", "airteltigo": "AirtelTigo Money"},
    "GN": {"orange": "Orange Money", "mtn": "MTN MoMo"},
    "HT": {"moncash": "MonCash", "natcash": "NatCash"},
    "KE": {"mpesa": "M-Pesa", "airtel": "Airtel Money"},
    "MA": {"orange": "Orange Money", "inwi": "inwi money", "cash": "MT Cash"},
    "MG": {"mvola": "MVola", "orange": "Orange Money", "airtel": "Airtel Money"},
    "ML": {"orange": "Orange Money", "moov": "Moov Money", "wave": "Wave"},
    "NE": {"airtel": "Airtel Money", "zamani": "Zamani Cash", "moov": "Moov Money"},
    "NG": {"opay": "OPay", "palmpay": "PalmPay", "momo": "MoMo PSB"},
    "PH": {"gcash": "GCash", "maya": "Maya"},
    "RW": {"mtn": "MTN MoMo", "airtel": "Airtel Money"},
    "SN": {"orange": "Orange Money", "wave": "Wave", "yas": "Yas Money"},
    "TG": {"yas": "Mixx by Yas", "moov": "Moov Money"},
    "TZ": {"mpesa": "M-Pesa", "airtel": "Airtel Money", "yas": "Mixx by Yas", "halopesa": "HaloPesa"},
    "UG": {"mtn": "MTN MoMo", "airtel": "Airtel Money"},
    "VN": {"momo": "MoMo", "zalopay": "ZaloPay"},
}
# In use, and not in SWIFT's registry: only their length and their check digits can be held.
_IBAN_LENGTHS = {
    "AO": 25, "BF": 28, "BJ": 28, "CF": 27, "CG": 27, "CI": 28, "CM": 27, "CV": 25, "DZ": 26, "GA": 27, "GQ": 27,
    "GW": 25, "KM": 27, "MA": 28, "MG": 27, "ML": 28, "MZ": 25, "NE": 28, "SN": 28, "TD": 27, "TG": 28,
}  # fmt: skip
_ACCOUNT_NUMBER = re.compile(r"[0-9A-Z]{4,34}", re.ASCII)
_SHOWN = 4  # the last characters, by which she knows it again


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where money is to go, as it was written. What a way doesn't need stays empty."""

    rail: str
    country: str
    service: str = ""
    number: str = ""  # of a telephone, an IBAN, or of an account
    bank: str = ""  # BIC, or the bank's name where the account has no IBAN
    place: str = ""
    holder: str = ""


def details_of(row: Destination) -> Wanted:
    """What a row that is kept says."""
    return Wanted(row.rail, row.country, row.service, row.number, row.bank, row.place, row.holder)


def checked(wanted: Wanted) -> Wanted:
    """In the one form in which it is kept.

    Raises: DestinationIncomplete, ServiceUnknown, BadMobileNumber, BadIban, IbanOfAnotherCountry, BadBic,
    BadAccountNumber, and those of `palabre.people.fields`.
    """
    country = fields.country(wanted.country)
    if wanted.rail not in Rail.values:
        raise DestinationIncomplete(path="rail")
    if wanted.rail == Rail.CASH:
        return Wanted(Rail.CASH, country, place=fields.text(wanted.place, "place"))
    named = Wanted(wanted.rail, country, holder=fields.text(wanted.holder, "holder", 70))
    if wanted.rail == Rail.MOBILE_MONEY:
        if wanted.service not in SERVICES.get(country, {}):
            raise ServiceUnknown(
                path="service", services=", ".join(SERVICES.get(country, {}).values()) or "–"
            )
        return replace(named, service=wanted.service, number=_mobile(wanted.number, country))
    return replace(named, **_account(wanted, country))


def _mobile(text: str, country: str) -> str:
    """A number of a mobile telephone of the country, in E.164: a landline receives no money."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise BadMobileNumber(path="number") from None
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if (
        not phonenumbers.is_valid_number_for_region(number, country)
        or phonenumbers.number_type(number) not in mobile
    ):
        raise BadMobileNumber(path="number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _account(wanted: Wanted, country: str) -> dict[str, str]:
    """An IBAN with its bank's BIC, if any; or the number of an account and the name of its bank."""
    compact = re.sub(r"[\s.-]", "", wanted.number).upper()
    if looks_like_iban(compact):
        iban = checked_iban(compact)
        if iban[:2] != country:
            raise IbanOfAnotherCountry(path="number", country=country, other=iban[:2])
        return {"number": iban, "bank": checked_bic(wanted.bank) if wanted.bank.strip() else ""}
    if not _ACCOUNT_NUMBER.fullmatch(compact):
        raise BadAccountNumber(path="number")
    return {"number": compact, "bank": fields.text(wanted.bank, "bank", 140)}


def looks_like_iban(compact: str) -> bool:
    """Two letters, two digits: nobody's account number begins so."""
    return re.match(r"[A-Z]{2}[0-9]{2}", compact, re.ASCII) is not None


def checked_iban(text: str) -> str:
    """An IBAN without spaces. Raises: BadIban."""
    from stdnum import iban
    from stdnum.exceptions import ValidationError
    from stdnum.iso7064 import mod_97_10

    compact = re.sub(r"[\s.-]", "", text).upper()
    length = _IBAN_LENGTHS.get(compact[:2])
    # 98 less a remainder of 97: there are no check digits below 02.
    if not looks_like_iban(compact) or not 2 <= int(compact[2:4]) <= 98:
        raise BadIban(path="number")
    try:
        if length is None:
            # National check digits are left to the bank: examples of the registry break the rules for them.
            return str(iban.validate(compact, check_country=False))
        mod_97_10.validate(compact[4:] + compact[:4])
    except ValidationError:
        raise BadIban(path="number") from None
    if len(compact) != length or not _ACCOUNT_NUMBER.fullmatch(compact):
        raise BadIban(path="number")
    return compact


def checked_bic(text: str) -> str:
    """A BIC of 8 or 11 characters. Raises: BadBic."""
    from stdnum import bic
    from stdnum.exceptions import ValidationError

    try:
        return str(bic.validate(text))
    except ValidationError:
        raise BadBic(path="bank") from None


def has_iban(row: Destination) -> bool:
    return row.rail == Rail.BANK and looks_like_iban(row.number)


def called(row: Destination) -> str:
    """The way, as people name it."""
    if row.rail == Rail.MOBILE_MONEY:
        return SERVICES.get(row.country, {}).get(row.service, row.service)
    return gettext("Bank account") if row.rail == Rail.BANK else gettext("Cash")


def masked(row: Destination) -> str:
    """As much of it as she needs to know it again, and nobody else can use: “Orange Money •••• 4567”."""
    if row.rail == Rail.CASH:
        return f"{called(row)}, {row.place}"
    return f"{called(row)} •••• {row.number[-_SHOWN:]}"


def whole(row: Destination) -> str:
    """All of it, for who carries the money."""
    if row.rail == Rail.CASH:
        return f"{called(row)}, {row.place}"
    bank = f", {row.bank}" if row.bank else ""
    return f"{called(row)} {row.number}{bank}, {row.holder}"
