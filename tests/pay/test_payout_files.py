"""The files of a batch: a table as the service wants it, an order that a bank's schema takes, and a bank's answer."""

import csv
import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from palabre.errors import NotAllowed, PalabreError
from palabre.pay import verify
from palabre.pay.actions import (
    Way,
    carry_payouts,
    request_payout,
    set_operator_account,
    set_way,
    take_results,
)
from palabre.pay.destinations import Wanted
from palabre.pay.errors import BadColumns, BadFee, BadWay
from palabre.pay.models import OperatorAccount, Payout, PayoutBatch
from palabre.pay.pain import order
from palabre.pay.payments import payouts_in
from palabre.pay.tables import CellProblem
from palabre.pay.ways import Terms
from tests.cast import Cast, Persona
from tests.pay.conftest import NOON, give
from tests.pay.leading import ACCOUNT, BANK, CASH, WAVE, lead
from tests.web.reading import reader

pytestmark = pytest.mark.django_db
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
REAL = Path(__file__).parents[3] / "shared/data/payments/iso20022"
OURS = Wanted(
    "bank", "FR", number="FR14 2004 1010 0505 0001 3M02 606", bank="PSSTFRPPPAR", holder="Palabre Élan"
)
COLUMNS = [
    ["MSISDN", "phone"],
    ["Montant", "amount"],
    ["Type", '"B2C"'],
    ["Ref", "reference"],
    ["Nom", "name"],
]


def ask(who: Persona, wanted: Wanted, amount: int, currency: str = "XOF") -> Payout:
    lead(who.account, wanted, at=NOON)
    give(who.account, amount, currency)
    return request_payout(uuid.uuid4(), amount, currency, by=who.actor, at=NOON)


def carry(cast: Cast, *rows: Payout) -> PayoutBatch:
    return carry_payouts(uuid.uuid4(), [row.id for row in rows], by=cast.finance.actor, at=NOON)


def file_of(who: Persona, batch: PayoutBatch, form: str) -> bytes:
    answer = reader(who).client.get(f"/money/payouts/batches/{batch.id}/file.{form}")
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


# A table


def test_a_table_has_the_columns_that_the_service_wants(cast: Cast) -> None:
    row = ask(cast.member, WAVE, 1250)
    batch = carry(cast, row)
    house = list(csv.reader(file_of(cast.finance, batch, "csv").decode().splitlines()))
    assert house[0][:3] == ["reference", "amount", "currency"]
    assert house[1][:3] == [row.reference.hex, "1250", "XOF"]
    set_way(Way("SN:wave", 1, columns=COLUMNS), by=cast.finance.actor, at=NOON)
    lines = file_of(cast.finance, batch, "csv").decode().split("\r\n")
    assert lines[:2] == [
        "MSISDN,Montant,Type,Ref,Nom",
        f"221771234567,1250,B2C,{row.reference.hex},Awa Ndiaye",
    ]


def test_a_cell_that_looks_like_a_formula_is_none(cast: Cast) -> None:
    risky = Wanted("mobile_money", "SN", "wave", "771234567", holder='=HYPERLINK("http://evil")')
    text = file_of(cast.finance, carry(cast, ask(cast.member, risky, 10)), "csv").decode()
    assert ",\"'=HYPERLINK(" in text


def test_cents_have_a_point(cast: Cast) -> None:
    text = file_of(cast.finance, carry(cast, ask(cast.member, BANK, 1205, "EUR")), "csv").decode()
    assert ",12.05,EUR," in text


def test_only_who_carries_it_has_the_file(cast: Cast) -> None:
    batch = carry(cast, ask(cast.member, WAVE, 10))
    for who, status in ((cast.administrator, 404), (cast.auditor, 403), (cast.stranger, 404)):
        found = reader(who).client.get(f"/money/payouts/batches/{batch.id}/file.csv").status_code
        assert found == status, who.name
    seen = reader(cast.auditor).read(f"/money/payouts/batches/{batch.id}/").text
    assert "Wave •••• 4567" in seen
    assert "771234567" not in seen


# An order to a bank


def paid_from(cast: Cast, wanted: Wanted = OURS) -> OperatorAccount:
    return set_operator_account(wanted, by=cast.finance.actor, at=NOON)


def written(cast: Cast, batch: PayoutBatch) -> ElementTree.Element:
    account = OperatorAccount.objects.get()
    return ElementTree.fromstring(order(batch, payouts_in(batch), account, note="Élan №1"))  # noqa: S314


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [one.text or "" for one in root.iterfind(path, NS)]


def test_an_order_in_euros_between_ibans_says_what_the_library_says(cast: Cast) -> None:
    """Ours beside sepaxml's, in all that is not its own number or time of day."""
    from sepaxml import SepaTransfer  # type: ignore[import-untyped]

    paid_from(cast)
    row = ask(cast.member, BANK, 1205, "EUR")
    batch = carry(cast, row)
    ours = written(cast, batch)
    config = {"name": "Palabre Elan", "IBAN": "FR1420041010050500013M02606", "BIC": "PSSTFRPPPAR", "batch": True,
              "currency": "EUR"}  # fmt: skip
    library = SepaTransfer(config, schema="pain.001.001.09", clean=True)
    library.add_payment(
        {"name": "Awa Ndiaye", "IBAN": "FR7630006000011234567890189", "BIC": "AGRIFRPP", "amount": 1205,
         "execution_date": NOON.date(), "description": "Elan 1", "endtoend_id": row.reference.hex}
    )  # fmt: skip
    theirs = ElementTree.fromstring(library.export(validate=True))  # noqa: S314
    for path in (
        ".//p:GrpHdr/p:NbOfTxs", ".//p:GrpHdr/p:CtrlSum", ".//p:InitgPty/p:Nm", ".//p:PmtMtd", ".//p:ReqdExctnDt/p:Dt",
        ".//p:Dbtr/p:Nm", ".//p:DbtrAcct/p:Id/p:IBAN", ".//p:DbtrAgt//p:BICFI", ".//p:ChrgBr", ".//p:EndToEndId",
        ".//p:InstdAmt", ".//p:CdtrAgt//p:BICFI", ".//p:Cdtr/p:Nm", ".//p:CdtrAcct/p:Id/p:IBAN",
    ):  # fmt: skip
        assert texts(ours, path) == texts(theirs, path) != [], path


def test_accounts_without_an_iban_are_named_by_their_number_and_bank(cast: Cast) -> None:
    paid_from(cast, ACCOUNT)
    batch = carry(cast, ask(cast.member, ACCOUNT, 1250), ask(cast.colleague, BANK, 10))
    root = written(cast, batch)
    assert texts(root, ".//p:CdtrAcct/p:Id/p:Othr/p:Id") == ["0123456789"]
    assert "Equity Bank" in texts(root, ".//p:CdtrAgt//p:Nm")
    assert texts(root, ".//p:ChrgBr") == ["SHAR"]
    assert texts(root, ".//p:GrpHdr/p:CtrlSum") == ["1260"]
    assert len(set(texts(root, ".//p:RmtInf/p:Ustrd"))) == 1


def test_each_currency_has_its_block_and_every_download_is_the_same(cast: Cast) -> None:
    paid_from(cast)
    batch = carry(cast, ask(cast.member, BANK, 1250), ask(cast.member, BANK, 99, "EUR"))
    account = OperatorAccount.objects.get()
    first, second = (order(batch, payouts_in(batch), account, note="x") for _ in range(2))
    assert first == second, "a bank knows a file that it has by its number"
    root = ElementTree.fromstring(first)  # noqa: S314
    assert [(one.get("Ccy"), one.text) for one in root.iterfind(".//p:InstdAmt", NS)] == [
        ("EUR", "0.99"),
        ("XOF", "1250"),
    ]
    assert all(len(one) <= 35 for one in texts(root, ".//p:PmtInfId") + texts(root, ".//p:MsgId"))


def test_what_no_bank_can_be_told_has_no_order(cast: Cast) -> None:
    paid_from(cast)
    batch = carry(cast, ask(cast.member, CASH, 10), ask(cast.colleague, BANK, 10))
    page = reader(cast.finance).read(f"/money/payouts/batches/{batch.id}/")
    assert "take on payouts to bank accounts alone" in page.text
    assert not any(link.endswith("file.xml") for link in page.links)
    assert reader(cast.finance).client.get(f"/money/payouts/batches/{batch.id}/file.xml").status_code == 404


def test_the_order_comes_from_the_page(cast: Cast) -> None:
    batch = carry(cast, ask(cast.member, BANK, 10))
    assert (
        "say first from which account you pay"
        in reader(cast.finance).read(f"/money/payouts/batches/{batch.id}/").text
    )
    paid_from(cast)
    assert b"CstmrCdtTrfInitn" in file_of(cast.finance, batch, "xml")


# A bank's answer


def answer_of(*rows: tuple[str, str, str]) -> bytes:
    payments = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>{why}</AddtlInf></StsRsnInf>"
        '<OrgnlTxRef><Amt><InstdAmt Ccy="XOF">10.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
        for reference, status, why in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        f"<CstmrPmtStsRpt><OrgnlPmtInfAndSts>{payments}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def test_a_bank_says_what_became_of_each(cast: Cast) -> None:
    rows = [ask(cast.member, BANK, 10) for _ in range(4)]
    carry(cast, *rows)
    said = answer_of(
        (rows[0].reference.hex, "ACSC", ""),
        (rows[1].reference.hex, "RJCT", "closed"),
        (rows[2].reference.hex, "ACSP", ""),
        (rows[3].reference.hex, "", ""),
    )
    for times in ((3, 0), (0, 3)):
        taken = take_results(said, by=cast.finance.actor, at=NOON)
        assert (taken.new, taken.known) == times
        assert taken.problems == [CellProblem(4, "result", "", "must be one of: paid, failed, unknown")]
    found = {row.id: row for row in Payout.objects.all()}
    assert [found[row.id].state for row in rows] == ["paid", "failed", "unknown", "sent"]
    assert found[rows[1].id].reason == "AC04 closed"
    assert list(verify.problems()) == []


@pytest.mark.parametrize("file", sorted(REAL.glob("*pain002*.xml")) or [None])
def test_real_answers_of_banks_are_read(cast: Cast, file: Path | None) -> None:
    if file is None:
        pytest.skip(f"{REAL} is not there")
    taken = take_results(file.read_bytes(), by=cast.finance.actor, at=NOON)
    assert (taken.new, taken.known) == (0, 0)
    assert all(one.column == "reference" for one in taken.problems), "somebody else's payments, each named"


def test_other_files_of_banks_are_no_answer(cast: Cast) -> None:
    if not REAL.exists():
        pytest.skip(f"{REAL} is not there")
    for file in REAL.glob("*camt*.xml"):
        with pytest.raises(PalabreError):
            take_results(file.read_bytes(), by=cast.finance.actor, at=NOON)


# What members are told


@pytest.mark.parametrize(
    ("amount", "percent", "fixed", "fee"),
    [
        (1000, "1", 0, 10),
        (1001, "1", 0, 11),
        (1, "1", 0, 1),
        (1000, "0", 25, 25),
        (10, "1", 25, 10),
        (1000, "0", 0, 0),
    ],
)
def test_a_fee_is_rounded_up_and_never_more_than_all(amount: int, percent: str, fixed: int, fee: int) -> None:
    assert Terms(3, Decimal(percent), fixed).fee(amount) == fee
    assert Terms(3).fee(amount) is None


@pytest.mark.parametrize(
    ("days", "asked", "likely"),
    [
        (0, dt.date(2026, 3, 6), dt.date(2026, 3, 6)),
        (1, dt.date(2026, 3, 6), dt.date(2026, 3, 9)),
        (3, dt.date(2026, 3, 5), dt.date(2026, 3, 10)),
        (0, dt.date(2026, 3, 7), dt.date(2026, 3, 9)),
        (1, dt.date(2026, 3, 7), dt.date(2026, 3, 9)),
    ],
)
def test_the_likely_day_is_a_working_day(days: int, asked: dt.date, likely: dt.date) -> None:
    assert Terms(days).likely_on(asked) == likely


def test_what_she_was_told_stays_with_it(cast: Cast) -> None:
    set_way(Way("SN:wave", 1, Decimal("1.5"), 5), by=cast.finance.actor, at=NOON)
    first = ask(cast.member, WAVE, 1000)
    assert (first.fee, first.likely_on) == (20, dt.date(2026, 3, 3))
    set_way(Way("SN:wave", 2), by=cast.finance.actor, at=NOON)
    assert ask(cast.member, WAVE, 1000).fee is None
    first.refresh_from_db()
    assert first.fee == 20
    assert list(verify.problems()) == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Way("SN:mpesa", 1), BadWay),
        (Way("XX:wave", 1), BadWay),
        (Way("bank", 61), BadWay),
        (Way("bank", -1), BadWay),
        (Way("bank", 1, Decimal(1)), BadFee),
        (Way("bank", 1, None, 1), BadFee),
        (Way("bank", 1, Decimal("100"), 0), BadFee),
        (Way("bank", 1, Decimal("0.001"), 0), BadFee),
        (Way("bank", 1, Decimal(0), -1), BadFee),
        (Way("bank", 1, columns=[["a", "phone"]]), BadColumns),
        (Way("bank", 1, columns=[["", "reference"]]), BadColumns),
        (Way("bank", 1, columns=[["a", "reference"], ["a", "phone"]]), BadColumns),
        (Way("bank", 1, columns=[["a", "secret"], ["b", "reference"]]), BadColumns),
        (Way("bank", 1, columns=[["a", '"x"y"'], ["b", "reference"]]), BadColumns),
    ],
)
def test_a_way_that_is_none_is_refused(cast: Cast, said: Way, error: type[PalabreError]) -> None:
    with pytest.raises(error) as found:
        set_way(said, by=cast.finance.actor, at=NOON)
    assert str(found.value)
    for who in (cast.member, cast.coordinator, cast.auditor):
        with pytest.raises(NotAllowed):
            set_way(Way("bank", 1), by=who.actor, at=NOON)
        with pytest.raises(NotAllowed):
            set_operator_account(OURS, by=who.actor, at=NOON)
