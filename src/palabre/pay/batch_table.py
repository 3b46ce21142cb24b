"""A batch of payouts as a table: the columns that a service wants, in its words.

No service publishes one layout for all, so each operator says its own for each way: a title, and what stands below it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from palabre.money import Money
from palabre.pay.destinations import called, has_iban
from palabre.pay.models import Destination, Payout

# What may stand in a column. A text in quotation marks stands as it is in every row.
FIELDS: Mapping[str, Callable[[Payout, Destination], str | int]] = {
    "reference": lambda payout, _: payout.reference.hex,
    "amount": lambda payout, _: _amount(payout),
    "currency": lambda payout, _: payout.currency,
    "name": lambda _, to: to.holder,
    "service": lambda _, to: called(to),
    "country": lambda _, to: to.country,
    "phone": lambda _, to: _phone(to, international=True),
    "phone_national": lambda _, to: _phone(to, international=False),
    "iban": lambda _, to: to.number if has_iban(to) else "",
    "account": lambda _, to: to.number if to.rail == Destination.Rail.BANK else "",
    "bank": lambda _, to: to.bank,
    "place": lambda _, to: to.place,
    "asked_on": lambda payout, _: payout.asked_at.date().isoformat(),
}
HOUSE: Sequence[Sequence[str]] = [
    [name, name] for name in ("reference", "amount", "currency", "name", "service", "country", "phone",
                              "account", "bank", "place", "asked_on")
]  # fmt: skip


def table(
    columns: Sequence[Sequence[str]], payouts: Sequence[Payout]
) -> tuple[list[str], list[list[str | int]]]:
    """The titles, and a row for each payout."""
    rows = [
        [_cell(source, one, one.destination) for _title, source in columns]
        for one in payouts
        if one.destination is not None
    ]
    return [title for title, _source in columns], rows


def _cell(source: str, payout: Payout, to: Destination) -> str | int:
    return FIELDS[source](payout, to) if source in FIELDS else source.strip('"')


def _amount(payout: Payout) -> str | int:
    """With a point before decimals; a whole number where the currency has none."""
    exact = Money(payout.amount, payout.currency).decimal()
    return int(exact) if exact == exact.to_integral_value() else f"{exact:f}"


def _phone(to: Destination, *, international: bool) -> str | int:
    """Digits alone: with the country's number in front, or as it is dialled there."""
    if to.rail != Destination.Rail.MOBILE_MONEY:
        return ""
    if international:
        return int(to.number.lstrip("+"))
    import phonenumbers

    number = phonenumbers.parse(to.number)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(digit for digit in written if digit.isdigit())


def name_of_file(taken_at: dt.datetime, ending: str) -> str:
    return f"payouts-{taken_at:%Y%m%d-%H%M%S}.{ending}"
