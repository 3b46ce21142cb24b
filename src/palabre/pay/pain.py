"""An order to a bank to pay a batch: pain.001.001.09 of ISO 20022, held against its schema before it leaves.

Written here, for accounts with an IBAN and without. Its identifiers are the batch's own, the same at each download:
a bank knows by them a file that it has already. (A library that makes new ones each time would have it paid twice.)
Names are put into the letters that every bank reads; the true ones stay in our own rows.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from xml.etree import ElementTree as ET

from palabre.money import Money
from palabre.pay.destinations import has_iban, looks_like_iban
from palabre.pay.models import Destination, OperatorAccount, Payout, PayoutBatch
from palabre.times import iso

SCHEMA = "pain.001.001.09"
_NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
_LONGEST_NAME, _LONGEST_NOTE = 70, 140
_OUTSIDE = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)


def order(batch: PayoutBatch, payouts: Sequence[Payout], account: OperatorAccount, *, note: str) -> bytes:
    """The file: one block of payments for each currency, every payment under its own reference.

    All `payouts` go to bank accounts. Raises ValueError for a file that the schema refuses.
    """
    root = ET.Element("Document", xmlns=_NAMESPACE)
    told = ET.SubElement(root, "CstmrCdtTrfInitn")
    header = ET.SubElement(told, "GrpHdr")
    _text(header, "MsgId", batch.id.hex)
    _text(header, "CreDtTm", iso(batch.taken_at))
    _text(header, "NbOfTxs", str(len(payouts)))
    _text(header, "CtrlSum", f"{sum(Money(one.amount, one.currency).decimal() for one in payouts):f}")
    _text(ET.SubElement(header, "InitgPty"), "Nm", _plain(account.holder, _LONGEST_NAME))
    in_order = sorted(payouts, key=lambda one: (one.currency, one.reference))
    for currency, group in groupby(in_order, key=lambda one: one.currency):
        _block(told, batch, account, currency, list(group), note)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    _check(written)
    return written


def _block(
    told: ET.Element,
    batch: PayoutBatch,
    account: OperatorAccount,
    currency: str,
    payouts: Sequence[Payout],
    note: str,
) -> None:
    block = ET.SubElement(told, "PmtInf")
    _text(block, "PmtInfId", f"{batch.id.hex[:31]}{currency}")
    _text(block, "PmtMtd", "TRF")
    _text(block, "NbOfTxs", str(len(payouts)))
    _text(block, "CtrlSum", f"{sum(Money(one.amount, currency).decimal() for one in payouts):f}")
    _text(ET.SubElement(block, "ReqdExctnDt"), "Dt", batch.taken_at.date().isoformat())
    _text(ET.SubElement(block, "Dbtr"), "Nm", _plain(account.holder, _LONGEST_NAME))
    _account(block, "DbtrAcct", account.number)
    _bank(ET.SubElement(block, "DbtrAgt"), account.bank, account.country)
    _text(block, "ChrgBr", "SLEV" if _is_sepa(account, currency, payouts) else "SHAR")
    for one in payouts:
        if one.destination is not None:
            _payment(block, one, one.destination, note)


def _payment(block: ET.Element, payout: Payout, to: Destination, note: str) -> None:
    payment = ET.SubElement(block, "CdtTrfTxInf")
    _text(ET.SubElement(payment, "PmtId"), "EndToEndId", payout.reference.hex)
    amount = ET.SubElement(ET.SubElement(payment, "Amt"), "InstdAmt", Ccy=payout.currency)
    amount.text = f"{Money(payout.amount, payout.currency).decimal():f}"
    if to.bank:
        _bank(ET.SubElement(payment, "CdtrAgt"), to.bank, to.country)
    _text(ET.SubElement(payment, "Cdtr"), "Nm", _plain(to.holder, _LONGEST_NAME))
    _account(payment, "CdtrAcct", to.number)
    _text(ET.SubElement(payment, "RmtInf"), "Ustrd", _plain(note, _LONGEST_NOTE))


def _account(parent: ET.Element, name: str, number: str) -> None:
    place = ET.SubElement(ET.SubElement(parent, name), "Id")
    if looks_like_iban(number):
        _text(place, "IBAN", number)
    else:
        _text(ET.SubElement(place, "Othr"), "Id", number)


def _bank(parent: ET.Element, bank: str, country: str) -> None:
    """A BIC, a bank's name with its country, or, where neither is known, the word for that."""
    place = ET.SubElement(parent, "FinInstnId")
    if _BIC.fullmatch(bank):
        _text(place, "BICFI", bank)
    elif bank:
        _text(place, "Nm", _plain(bank, _LONGEST_NOTE))
        _text(ET.SubElement(place, "PstlAdr"), "Ctry", country)
    else:
        _text(ET.SubElement(place, "Othr"), "Id", "NOTPROVIDED")


def _is_sepa(account: OperatorAccount, currency: str, payouts: Sequence[Payout]) -> bool:
    """Euros between IBANs: the scheme knows one way of sharing charges only."""
    return (
        currency == "EUR"
        and looks_like_iban(account.number)
        and all(one.destination is not None and has_iban(one.destination) for one in payouts)
    )


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _plain(text: str, longest: int) -> str:
    """é becomes e; what no bank reads becomes a space."""
    from text_unidecode import unidecode  # type: ignore[import-untyped]

    spelt = re.sub(r" +", " ", _OUTSIDE.sub(" ", unidecode(text))).strip(" /")
    return spelt[:longest].strip() or "-"


def _check(written: bytes) -> None:
    problem = next(_schema().iter_errors(written.decode()), None)  # type: ignore[attr-defined]
    if problem is not None:
        raise ValueError(f"the schema refuses the file: {problem}")


@cache
def _schema() -> object:
    """Read when the first file is made: nobody else needs it in memory."""
    import xmlschema

    return xmlschema.XMLSchema(files("sepaxml").joinpath(f"schemas/{SCHEMA}.xsd").read_text(encoding="utf-8"))
