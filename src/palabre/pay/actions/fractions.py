"""What rounding down leaves over in many rows is charged as one: in the end the exact sum, rounded up once."""

import datetime as dt

from django.db import connection, transaction

from palabre.money import minor_units
from palabre.pay.actions.ledger import Move, open_account, post, spendable
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.people.actor import SYSTEM

Kind = LedgerAccount.Kind

_LACKING = """
SELECT ceil(coalesce(sum(exact_charge), 0) * %(units)s)::bigint - coalesce(sum(charged), 0)::bigint
FROM pay_accrual WHERE charge_id = %(charge)s
"""
# In one order, so that two who collect do not cross.
_HOLD = """
SELECT 1 FROM pay_accrual WHERE charge_id = %(charge)s AND exact_charge * %(units)s <> charged ORDER BY id FOR UPDATE
"""
# Each row stays between its sum rounded down and rounded up: there are always rows enough.
_UP = """
UPDATE pay_accrual a SET charged = a.charged + 1 FROM (
    SELECT id FROM pay_accrual WHERE charge_id = %(charge)s AND exact_charge * %(units)s > charged
    ORDER BY exact_charge * %(units)s - charged DESC, id LIMIT %(many)s
) raised WHERE a.id = raised.id RETURNING a.currency
"""
_DOWN = """
UPDATE pay_accrual a SET charged = a.charged - 1 FROM (
    SELECT id FROM pay_accrual WHERE charge_id = %(charge)s AND exact_charge * %(units)s < charged
    ORDER BY charged - exact_charge * %(units)s DESC, id LIMIT %(many)s
) lowered WHERE a.id = lowered.id RETURNING a.currency
"""


@transaction.atomic
def collect_fractions(charge: LedgerAccount, *, at: dt.datetime) -> int:
    """Charge an account what rounding down left over: then the exact sum of its pay, rounded up once, is charged.

    Once or often, after every answer or after all of them, comes to the same; what came since may have been charged
    a unit too early, which is given back. What a deposit does not hold stays with the rounding. How many minor
    units were moved; negative: given back.
    """
    asked: dict[str, int] = {"charge": charge.id, "units": 10 ** minor_units(charge.currency)}
    if not _lacking(asked):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, asked)
    units = _lacking(asked)
    if units > 0 and charge.kind == Kind.ESCROW:
        units = min(units, max(spendable(charge.id, units), 0))
    if not units:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_UP if units > 0 else _DOWN, {**asked, "many": abs(units)})
        same = sum(currency == charge.currency for (currency,) in cursor.fetchall())
    _post(charge, units, same if units > 0 else -same, at)
    return units


def _lacking(asked: dict[str, int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, asked)
        return int(cursor.fetchone()[0])


def _post(charge: LedgerAccount, units: int, same: int, at: dt.datetime) -> None:
    """To whom a credit has left the difference: `same` units are pay in the account's own currency."""
    key = f"fractions:{charge.id}:"
    number = LedgerTransaction.objects.filter(key__startswith=key).count() + 1
    moves = [Move(charge.id, charge.currency, -units)]
    for kind, amount in ((Kind.ROUNDING, same), (Kind.EXCHANGE, units - same)):
        if amount:
            moves.append(Move(open_account(kind, None, charge.currency).id, charge.currency, amount))
    post(f"{key}{number}", "fractions", moves, by=SYSTEM, at=at)
