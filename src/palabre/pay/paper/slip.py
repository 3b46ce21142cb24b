"""The words and figures of a statement, in the order in which they are read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_symbol
from django.utils.translation import gettext as _

from palabre.pay.paper.figures import Figures, written
from palabre.pay.paper.laws import law
from palabre.pay.paper.names import FLOORS, MOVEMENTS, PAYOUTS, TIME
from palabre.pay.statements import read_week

# A statement as `statement_for` made it.
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`head` names the columns; the first column of `rows` names the row; `total` may be empty."""

    title: str
    head: list[str]
    rows: list[list[str]]
    total: list[str]
    none: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One statement, worded."""

    language: str
    title: str
    name: str
    period: str
    state: str
    days: Table
    money: list[Table]
    payouts: Table
    sums: Table
    sources: list[str]
    warnings: list[str]
    foot: list[str]


def slip(statement: Document, language: str, name: str) -> Slip:
    """Word a statement. Call it with `language` active; `name` is the member's, or empty."""
    figures = Figures(language, ZoneInfo(statement["timezone"]))
    return Slip(
        language=language,
        title=_("Pay statement"),
        name=name,
        period=_("Week %(number)s of %(year)s: %(start)s to %(end)s")
        % {
            "number": read_week(statement["week"]).number,
            "year": read_week(statement["week"]).year,
            "start": figures.day(statement["from"]),
            "end": figures.day(statement["to"]),
        },
        state=_state(statement, figures),
        days=_days(statement, figures),
        money=[_money(one, figures) for one in statement["money"]],
        payouts=_payouts(statement, figures),
        sums=_sums(statement, figures),
        sources=_distinct(_source(one["floor"], figures) for one in _settlements(statement)),
        warnings=_distinct(warning for one in _settlements(statement) for warning in _warnings(one)),
        foot=_foot(statement, figures),
    )


def _state(statement: Document, figures: Figures) -> str:
    made = {"at": figures.instant(statement["made_at"])}
    if statement["final"]:
        return _("Every day of this week is settled. Made on %(at)s.") % made
    return _("Not final: some days are not settled yet. Made on %(at)s.") % made


def _days(statement: Document, figures: Figures) -> Table:
    rows, counted = [], 0
    sums: tuple[dict[str, int], ...] = tuple(defaultdict(int) for _column in range(3))
    for day in statement["days"]:
        base, added = _by_currency(day["earned"], "amount"), _by_currency(day["settlements"], "top_up")
        for one in day["to_come"]:
            added[one["currency"]] += one["amount"]
        brings = {one: base.get(one, 0) + added.get(one, 0) for one in {*base, *added}}
        of_day = sum(one["counted_ms"] for one in day["time"])
        counted += of_day
        for sum_of, amounts in zip(sums, (base, added, brings), strict=True):
            for currency, amount in amounts.items():
                sum_of[currency] += amount
        kinds = (f"{TIME[one['kind']]} {figures.time(one['counted_ms'])}" for one in day["time"])
        rows.append(
            [
                figures.short_day(day["day"]),
                "\n".join(kinds),
                figures.time(of_day),
                _amounts(base, figures),
                _amounts(added, figures) + ("*" if day["to_come"] else ""),
                _amounts(brings, figures),
            ]
        )
    return Table(
        title=_("Your days"),
        head=[_("Day"), _("What you did"), _("Counted time"), _("Base pay"), _("Top-up"), _("It brings")],
        rows=rows,
        total=[_("Together"), "", figures.time(counted), *(_amounts(one, figures) for one in sums)],
        none=_("No work in this week."),
    )


def _by_currency(items: list[Document], field: str) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for one in items:
        sums[one["currency"]] += one[field]
    return sums


def _amounts(sums: Mapping[str, int], figures: Figures) -> str:
    return "\n".join(figures.money(amount, currency) for currency, amount in sorted(sums.items())) or "—"


def _settlements(statement: Document) -> Iterator[Document]:
    return (one for day in statement["days"] for one in day["settlements"])


def _sums(statement: Document, figures: Figures) -> Table:
    """What a person needs to redo each top-up with a pencil."""
    rows = [
        _sum_row(figures.short_day(day["day"]), one, figures)
        for day in statement["days"]
        for one in day["settlements"]
    ]
    return Table(
        title=_("How each top-up was reckoned"),
        head=[
            _("Day"),
            _("Counted time × floor of an hour"),
            _("Rounded up"),
            _("Base pay"),
            _("Topped up before"),
            _("Top-up"),
        ],
        rows=rows,
        total=[],
        none=_("No day of this week is settled yet."),
    )


def _sum_row(day: str, one: Document, figures: Figures) -> list[str]:
    currency = one["currency"]
    product = f"{figures.time(one['counted_ms'])} × {figures.exact(one['hourly'], 6)}"
    amounts = (one["due"], -one["earned"], -one["topped_up_before"], one["top_up"])
    return [day, product, *(figures.money(amount, currency) for amount in amounts)]


def _source(floor: Document, figures: Figures) -> str:
    fields = {
        "kind": FLOORS[floor["kind"]],
        "place": floor["region"] or figures.country(floor["country"]),
        "amount": written(Decimal(floor["amount"]), floor["currency"], figures.locale, decimals=6),
        "hours": floor["weekly_hours"],
        "reference": law(floor["legal_ref"], floor["source"]),
    }
    if floor["unit"] == "month":
        sentence = _(
            "Floor: %(kind)s of %(place)s, %(amount)s a month of %(hours)s hours a week × 52 ÷ 12. %(reference)s."
        )
    else:
        sentence = _("Floor: %(kind)s of %(place)s, %(amount)s an hour. %(reference)s.")
    return sentence % fields


def _warnings(one: Document) -> Iterator[str]:
    if one["floor_is_from_press"]:
        yield _("A figure comes from the press: nobody here has read the law itself.")
    if one["floor_is_old"]:
        yield _("A figure was last checked more than a year before the day that it was used for.")


def _distinct(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))


def _money(one: Document, figures: Figures) -> Table:
    currency = one["currency"]
    rows = [[_("At the start of the week"), figures.money(one["opening"], currency)]]
    rows += [
        [str(MOVEMENTS.get(moved["kind"], _("Other"))), figures.money(moved["amount"], currency)]
        for moved in one["movements"]
    ]
    return Table(
        title=_("Your account in %(currency)s") % {"currency": get_currency_symbol(currency, figures.locale)},
        head=[_("What moved in this week"), _("Amount")],
        rows=rows,
        total=[_("At the end of the week"), figures.money(one["closing"], currency)],
        none="",
    )


def _payouts(statement: Document, figures: Figures) -> Table:
    rows = [
        [
            figures.instant(one["asked_at"]),
            str(PAYOUTS[one["state"]]),
            figures.money(one["amount"], one["currency"]),
        ]
        for one in statement["payouts"]
    ]
    return Table(
        title=_("Your payouts"),
        head=[_("Asked for"), _("State"), _("Amount")],
        rows=rows,
        total=[],
        none=_("You asked for no payout in this week."),
    )


def _foot(statement: Document, figures: Figures) -> list[str]:
    to_come: dict[str, int] = defaultdict(int)
    for day in statement["days"]:
        for one in day["to_come"]:
            to_come[one["currency"]] += one["amount"]
    still = _("* %(amount)s of it are added when the day is settled, in the night after it is over.")
    return [
        *([still % {"amount": _amounts(to_come, figures)}] if to_come else []),
        _(
            "Days show what work of that day brought, whenever it was sent; your account shows what moved during"
            " the week. Time is counted in the time zone %(zone)s."
        )
        % {"zone": statement["timezone"]},
        _(
            "If a day is not as you remember it, correct it in your time sheet: your word counts, and the day is"
            " settled again. What was paid is never taken back."
        ),
        _("Account %(member)s") % {"member": statement["member"]},
    ]
