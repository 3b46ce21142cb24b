"""A statement as files: a sheet (PDF, tagged for screen readers) and a table (CSV)."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from django.utils import translation

from palabre.money import Money
from palabre.pay.paper.slip import slip

TEMPLATE = files("palabre.pay").joinpath("templates/pay/statement.typ")
COLUMNS = [
    "week",
    "day",
    "line",
    "kind",
    "counted_ms",
    "currency",
    "amount",
    "revision",
    "hourly",
    "due",
    "earned",
    "topped_up_before",
]
Document = Mapping[str, Any]
Row = dict[str, object]


def statement_pdf(statement: Document, language: str, *, name: str = "") -> bytes:
    """The statement on paper (A4, PDF/UA-1) in `language`. `name`: the member's, where she is not erased."""
    with translation.override(language):
        worded = json.dumps(asdict(slip(statement, language, name)), ensure_ascii=False)
    import typst  # 3 MB that a web process holds only once it prints

    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"slip": worded},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        # The file says when the statement was made, not when it was printed: the same one, the same bytes.
        timestamp=dt.datetime.fromisoformat(statement["made_at"]).replace(microsecond=0),
    )


def statement_csv(statement: Document) -> str:
    """The statement as a table: one line for each kind of time, credit, sum and movement.

    Amounts are major units as decimal text. Every cell is Palabre's own: none is free text.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({"week": statement["week"], **row} for row in _rows(statement))
    return out.getvalue()


def _rows(statement: Document) -> Iterator[Row]:
    for day in statement["days"]:
        yield from ({"day": day["day"], **row} for row in _day_rows(day))
    for money in statement["money"]:
        currency = money["currency"]
        yield _amount("opening", "", money["opening"], currency)
        for moved in money["movements"]:
            yield _amount("movement", moved["kind"], moved["amount"], currency)
        yield _amount("closing", "", money["closing"], currency)
    for payout in statement["payouts"]:
        yield _amount("payout", payout["state"], payout["amount"], payout["currency"])


def _day_rows(day: Document) -> Iterator[Row]:
    for one in day["time"]:
        yield {"line": "time", "kind": one["kind"], "counted_ms": one["counted_ms"]}
    for one in day["earned"]:
        yield _amount("base_pay", "", one["amount"], one["currency"])
    for one in day["to_come"]:
        yield _amount("to_come", "", one["amount"], one["currency"])
    for one in day["settlements"]:
        major = {name: _major(one[name], one["currency"]) for name in ("due", "earned", "topped_up_before")}
        yield {
            **_amount("top_up", one["floor"]["kind"], one["top_up"], one["currency"]),
            **major,
            "counted_ms": one["counted_ms"],
            "revision": one["revision"],
            "hourly": one["hourly"],
        }


def _amount(line: str, kind: str, minor: int, currency: str) -> Row:
    return {"line": line, "kind": kind, "currency": currency, "amount": _major(minor, currency)}


def _major(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal():f}"
