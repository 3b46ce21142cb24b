"""Who bears a top-up: the accounts that the hours are charged to, and for what they can't the operator behind them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from palabre.money import minor_units
from palabre.pay.actions.ledger import Move, debtor_of, open_account, spendable
from palabre.pay.arithmetic import Reckoning, digits
from palabre.pay.errors import NoExchangeRate
from palabre.pay.models import LedgerAccount
from palabre.pay.rates import Rate, rate_at
from palabre.record.canonical import Json

Kind = LedgerAccount.Kind


@dataclass(frozen=True, slots=True)
class Paid:
    """`share` minor units of the member's currency for `charge`, borne by `paid_by` in its currency."""

    charge: int
    lacking: str
    share: int
    paid_by: int
    currency: str
    amount: int
    rate: Rate | None
    why_platform: str

    def words(self) -> dict[str, Json]:
        said: dict[str, Json] = {
            "charge": self.charge,
            "lacking": self.lacking,
            "share": self.share,
            "paid_by": self.paid_by,
            "currency": self.currency,
            "amount": self.amount,
        }
        if self.rate is not None:
            said["rate"] = digits(self.rate.exact)
            said["rate_on"] = self.rate.on.isoformat()
            said["rate_source"] = self.rate.source
        if self.why_platform:
            said["why_platform"] = self.why_platform
        return said


def pay_shares(member: uuid.UUID, day: dt.date, sums: Reckoning) -> tuple[list[Move], list[Paid]]:
    """The moves of a top-up and who bears which part; nothing when there is no top-up.

    Locks the accounts concerned until the end of the transaction, and the last of a deposit, so that two
    settlements do not both spend it, nor one and an answer.
    """
    if sums.top_up == 0:
        return [], []
    accounts = _locked(sums.shares)
    paid = [one for number, part in sums.shares.items() for one in _pay(accounts[number], part, day, sums)]
    moves: list[Move] = []
    for number, part in sums.shares.items():
        hers = open_account(Kind.PAYABLE, member, sums.currency, owed_by=debtor_of(accounts[number]))
        moves.append(Move(hers.id, sums.currency, part))
    for one in paid:
        moves += _moves(one, sums.currency)
    return moves, paid


def _locked(ids: Iterable[int]) -> dict[int, LedgerAccount]:
    rows = LedgerAccount.objects.filter(id__in=list(ids)).order_by("id").select_for_update(no_key=True)
    return {row.id: row for row in rows}


def _pay(account: LedgerAccount, part: int, day: dt.date, sums: Reckoning) -> list[Paid]:
    """The deposit bears what it can; what is left of the part, the operator's own account."""
    lacking = digits(sums.shortfalls[account.id])
    try:
        rate = None if account.currency == sums.currency else rate_at(sums.currency, account.currency, day)
    except NoExchangeRate:
        bears = _bearer(account, sums.currency)
        return [Paid(account.id, lacking, part, bears.id, sums.currency, part, None, "no_exchange_rate")]
    one_is = _worth(sums.currency, account.currency, rate)
    amount = floor(part * one_is)
    left = max(spendable(account.id, amount), 0) if account.kind == Kind.ESCROW else amount
    share, borne = borne_of(part, one_is, left)
    paid = []
    if borne or left >= amount:
        paid.append(Paid(account.id, lacking, share, account.id, account.currency, borne, rate, ""))
    if share < part:
        bears = _bearer(account, account.currency)
        rest = amount - borne
        paid.append(
            Paid(account.id, lacking, part - share, bears.id, account.currency, rest, rate, "deposit_spent")
        )
    return paid


def borne_of(part: int, one_is: Fraction, left: int) -> tuple[int, int]:
    """How much of `part` minor units, each worth `one_is` of the deposit's, `left` of these bears; and with how many.

    The most whole units whose worth, rounded down, is there. Nothing where not even one of the deposit's is.
    """
    if left >= floor(part * one_is):
        return part, floor(part * one_is)
    # floor(share x one_is) <= left as long as share < (left + 1) / one_is.
    share = ceil((left + 1) / one_is) - 1
    return (share, floor(share * one_is)) if left and floor(share * one_is) else (0, 0)


def _bearer(account: LedgerAccount, currency: str) -> LedgerAccount:
    """The account that late work is charged to as well: the operator's own, in the deposit's currency if it can be."""
    return open_account(Kind.PLATFORM, debtor_of(account), currency)


def _worth(base: str, quote: str, rate: Rate | None) -> Fraction:
    """A minor unit of `base` in minor units of `quote`. Amounts are rounded down: the rest falls on the exchange."""
    if rate is None:
        return Fraction(1)
    return rate.exact * Fraction(10) ** (minor_units(quote) - minor_units(base))


def _moves(one: Paid, currency: str) -> list[Move]:
    if one.rate is None:
        return [Move(one.paid_by, currency, -one.share)]
    here = open_account(Kind.EXCHANGE, None, currency)
    there = open_account(Kind.EXCHANGE, None, one.currency)
    return [
        Move(here.id, currency, -one.share),
        Move(there.id, one.currency, one.amount),
        Move(one.paid_by, one.currency, -one.amount),
    ]
