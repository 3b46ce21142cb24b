"""Files that say what became of payouts: a CSV table as finance or a service writes it, or a bank's pain.002.

Of a table the columns `reference` and `result` are read, and `reason`, `amount` and `currency` where they are there;
others are left alone. pain.002 is read payment by payment (TxInfAndSts): a group's status says nothing of its own
about the payments in it.
"""

import csv
import io
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from palabre.money import BadAmount, parse_amount
from palabre.pay.errors import TableRefused
from palabre.pay.models import Payout
from palabre.pay.paper.names import PAYOUTS
from palabre.pay.tables import CellProblem, decoded

State = Payout.State
_LONGEST_REASON = 500
# What is written for each end, in small letters.
WORDS: Mapping[str, State] = {
    "paid": State.PAID,
    "success": State.PAID,
    "successful": State.PAID,
    "succeeded": State.PAID,
    "completed": State.PAID,
    "payé": State.PAID,
    "paye": State.PAID,
    "réussi": State.PAID,
    "failed": State.FAILED,
    "rejected": State.FAILED,
    "échec": State.FAILED,
    "echec": State.FAILED,
    "échoué": State.FAILED,
    "rejeté": State.FAILED,
    "unknown": State.UNKNOWN,
    "pending": State.UNKNOWN,
    "inconnu": State.UNKNOWN,
    "en attente": State.UNKNOWN,
}
# ExternalPaymentTransactionStatus1Code: settled for good, or refused for good; all others are on their way.
_BANK = {"ACSC": State.PAID, "ACCC": State.PAID, "RJCT": State.FAILED, "CANC": State.FAILED}
_ENDED = (State.PAID, State.FAILED, State.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Result:
    """One row: what became of the payout of this reference. `cells`: as it stands in the file."""

    line: int
    reference: uuid.UUID
    state: State
    reason: str
    cells: Mapping[str, str]

    def against(self, row: Payout | None) -> CellProblem | None:
        """What speaks against taking it for this payout."""
        if row is None:
            return self.not_there()
        if row.batch_id is None and row.state not in {State.PENDING, State.UNKNOWN}:
            return self._problem(
                "reference", _("nobody carries this payout. Take it on first, then send it.")
            )
        if row.state in _ENDED and row.state != self.state:
            said = _("has ended already (%(state)s). What has ended stays so; look into it with the bank.")
            return self._problem("result", said % {"state": PAYOUTS[State(row.state)]})
        if self.state == State.FAILED and not self.reason:
            return self._problem("reason", _("must say why it failed: the member reads it."))
        return self._other_amount(row)

    def not_there(self) -> CellProblem:
        return self._problem("reference", _("is no payout of yours. Copy it from the file that was sent."))

    def _other_amount(self, row: Payout) -> CellProblem | None:
        if self.cells.get("currency", row.currency) != row.currency:
            return self._problem("currency", _("is not the payout's: %(said)s.") % {"said": row.currency})
        if not (written := self.cells.get("amount", "")):
            return None
        try:
            same = parse_amount(written, row.currency).minor == row.amount
        except BadAmount as error:
            return self._problem("amount", str(error))
        return (
            None
            if same
            else self._problem("amount", _("is not the payout's. Leave it open and ask the bank."))
        )

    def _problem(self, column: str, what: str) -> CellProblem:
        return CellProblem(self.line, column, self.cells.get(column, "")[:60], what)


def read_results(data: bytes, problems: list[CellProblem]) -> Iterator[Result]:
    """The rows of a file that can be read; what is wrong with the others goes into `problems`.

    Raises: TableRefused, for what is neither a table with the two columns nor a pain.002.
    """
    text = decoded(data)
    rows = _from_bank(text) if text.lstrip().startswith("<") else _from_table(text)
    seen: dict[uuid.UUID, int] = {}
    for line, cells, state in rows:
        result = _read(line, cells, state, problems)
        if result is None:
            continue
        if result.reference in seen:
            what = _("stands in line %(line)s already. Keep the line that is right.")
            problems.append(
                CellProblem(
                    line, "reference", cells["reference"][:60], what % {"line": seen[result.reference]}
                )
            )
            continue
        seen[result.reference] = line
        yield result


def _read(
    line: int, cells: Mapping[str, str], state: State | None, problems: list[CellProblem]
) -> Result | None:
    reference = _reference(cells["reference"])
    if reference is None:
        what = _("is no reference of ours. Copy it from the file that was sent.")
        problems.append(CellProblem(line, "reference", cells["reference"][:60], what))
        return None
    if state is None:
        what = _("must be one of: %(choices)s") % {"choices": "paid, failed, unknown"}
        problems.append(CellProblem(line, "result", cells["result"][:60], what))
        return None
    reason = re.sub(r"[\x00-\x1f\x7f]+", " ", cells.get("reason", "")).strip()
    return Result(line, reference, state, reason[:_LONGEST_REASON], cells)


def _reference(text: str) -> uuid.UUID | None:
    """With or without its hyphens, and with the apostrophe that a spreadsheet may keep."""
    try:
        return uuid.UUID(text.lstrip("'"))
    except ValueError:
        return None


def _from_table(text: str) -> Iterator[tuple[int, Mapping[str, str], State | None]]:
    first = text.split("\n", 1)[0]
    rows = csv.reader(
        io.StringIO(text, newline=""),
        strict=True,
        delimiter=";" if first.count(";") > first.count(",") else ",",
    )
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if missing := [name for name in ("reference", "result") if header.count(name) != 1]:
            said = _("line 1: there must be one column %(missing)s") % {"missing": ", ".join(missing)}
            raise TableRefused(path="file", problems=said)
        for row in rows:
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
            if any(cells.values()):
                found = {"reference": "", "result": ""} | cells
                yield rows.line_num, found, WORDS.get(found["result"].lower())
    except csv.Error as error:
        said = _("line %(line)s: the quotation marks are not closed") % {"line": rows.line_num}
        raise TableRefused(path="file", problems=said) from error


def _from_bank(text: str) -> Iterator[tuple[int, Mapping[str, str], State | None]]:
    """The payments of a pain.002, numbered in their order."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise TableRefused(path="file", problems=_("this file declares entities, which no bank's file needs"))
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no entities, see above
    except ElementTree.ParseError as error:
        said = _("line %(line)s: this is no XML that can be read") % {"line": error.position[0]}
        raise TableRefused(path="file", problems=said) from error
    if "pain.002." not in root.tag:
        raise TableRefused(
            path="file", problems=_("this is XML, but no pain.002, which says what became of payments")
        )
    for number, payment in enumerate(root.iterfind(".//{*}TxInfAndSts"), 1):
        status = (payment.findtext("{*}TxSts") or "").strip()
        reasons = [*payment.iterfind("{*}StsRsnInf/{*}Rsn/*"), *payment.iterfind("{*}StsRsnInf/{*}AddtlInf")]
        amount = payment.find("{*}OrgnlTxRef/{*}Amt/{*}InstdAmt")
        cells = {
            "reference": (payment.findtext("{*}OrgnlEndToEndId") or "").strip(),
            "result": status,
            "reason": " ".join((one.text or "").strip() for one in reasons) or status,
        }
        if amount is not None:
            cells |= {"currency": amount.get("Ccy", ""), "amount": _plain(amount.text or "")}
        yield number, cells, _BANK.get(status, State.UNKNOWN) if status else None


def _plain(amount: str) -> str:
    """Banks write decimals that a currency without centimes doesn't have: 1250.00."""
    text = amount.strip()
    return text.rstrip("0").rstrip(".") if "." in text else text
