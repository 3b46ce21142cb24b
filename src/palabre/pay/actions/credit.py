"""Base pay: credited when work arrives, whatever its quality, with every fraction kept."""

import datetime as dt
import uuid
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from django.db import IntegrityError, connection

from palabre.money import minor_units
from palabre.pay.actions.ledger import debtor_of, open_account, refused
from palabre.pay.errors import BadRate, KeyReused, NoResidence
from palabre.pay.models import LedgerAccount
from palabre.people.models import Residence

DECIMALS = 8  # what an accrual keeps
LARGEST = 10**9  # major units in one credit: beyond any pay, within every column

Values: TypeAlias = dict[str, uuid.UUID | int | str | Decimal | dt.date | bytes]

# One statement. `place` stands before everything else: a settlement of the member holds her
# residence row until it is committed, so a credit is either seen by it or makes the day due again.
# The sums are exact (numeric), so what is posted is always the rounding of the whole, done once.
_CREDIT = """
WITH place AS MATERIALIZED (
    SELECT account_id FROM people_residence WHERE account_id = %(member)s FOR SHARE
), books AS MATERIALIZED (
    SELECT pay.id AS payable, here.id AS here, there.id AS there
    FROM place
    JOIN pay_ledgeraccount charged ON charged.id = %(charge)s
    JOIN pay_ledgeraccount pay
      ON pay.kind = 'payable' AND pay.owner = account_id AND pay.currency = %(currency)s
      AND pay.owed_by IS NOT DISTINCT FROM CASE charged.kind WHEN 'platform' THEN charged.owner ELSE charged.backer END
    JOIN pay_ledgeraccount here
      ON here.kind = %(between)s AND here.owner IS NULL AND here.currency = %(currency)s
    JOIN pay_ledgeraccount there
      ON there.kind = %(between)s AND there.owner IS NULL AND there.currency = %(charge_currency)s
    WHERE NOT EXISTS (SELECT FROM pay_ledgertransaction WHERE key = %(key)s)
), due AS (
    INSERT INTO pay_dueday (member_id, day) SELECT %(member)s, %(day)s FROM books ON CONFLICT DO NOTHING
), accrual AS (
    INSERT INTO pay_accrual AS a
        (member_id, charge_id, day, currency, exact, credited, exact_charge, charged, last_charge)
    SELECT %(member)s, %(charge)s, %(day)s, %(currency)s,
        %(exact)s::numeric, ceil(%(exact)s::numeric * %(units)s),
        %(exact_charge)s::numeric, first.charge, first.charge
    FROM books, floor(%(exact_charge)s::numeric * %(charge_units)s) AS first (charge)
    ON CONFLICT (member_id, day, charge_id, currency) DO UPDATE SET
        exact = a.exact + EXCLUDED.exact,
        credited = ceil((a.exact + EXCLUDED.exact) * %(units)s),
        exact_charge = a.exact_charge + EXCLUDED.exact_charge,
        charged = greatest(a.charged, floor((a.exact_charge + EXCLUDED.exact_charge) * %(charge_units)s)),
        last_charge = greatest(a.charged, floor((a.exact_charge + EXCLUDED.exact_charge) * %(charge_units)s)) - a.charged
    RETURNING
        credited - ceil((exact - %(exact)s::numeric) * %(units)s)::bigint AS credited,
        last_charge AS charged
), moves AS MATERIALIZED (
    SELECT account, currency, sum(amount) AS amount
    FROM books, accrual, LATERAL (VALUES
        (payable, %(currency)s, credited), (here, %(currency)s, -credited),
        (%(charge)s, %(charge_currency)s, -charged), (there, %(charge_currency)s, charged)
    ) AS m (account, currency, amount)
    GROUP BY account, currency HAVING sum(amount) <> 0
), added AS (
    INSERT INTO pay_ledgertransaction (key, kind, at, by, body_hash, size, data)
    SELECT %(key)s, 'base_pay', %(at)s, NULL, %(digest)s, count(*),
        jsonb_build_object('member', %(member)s::text, 'day', %(day)s::date)
    FROM moves HAVING count(*) > 0
    RETURNING id
), posted AS (
    INSERT INTO pay_posting (transaction_id, account_id, currency, amount)
    SELECT added.id, moves.* FROM added, moves
)
SELECT credited, (SELECT id FROM added) FROM accrual
"""


class CreditResult(NamedTuple):
    """`credited_minor` more on her account (0: the fraction waits); the ledger transaction, if any."""

    credited_minor: int
    transaction_id: int | None


def credit_base_pay(
    *,
    member: uuid.UUID,
    charge_account: int,
    day: dt.date,
    currency: str,
    exact: Decimal,
    exact_charge: Decimal,
    charge_currency: str,
    key: str,
    at: dt.datetime,
) -> CreditResult:
    """Add `exact` (major units of `currency`) to a member's pay of `day`, `exact_charge` to what is charged.

    Everything of one member, day and charged account is summed exactly; what was credited is
    always that sum rounded up once, what was charged the sum rounded down: the fractions of a whole account
    are collected later (`collect_fractions`). The difference
    falls on the rounding account or, between currencies, on the two exchange accounts. The day
    becomes due for settlement. The caller records the event and, holding the unique row that the
    pay is for, makes sure that it comes here once: a fraction that moves no whole unit leaves no
    trace of its key. It credits several accounts in their order.

    Raises: BadRate, UnknownCurrency, NoResidence, WrongCurrency, KeyReused (something was posted
    under the key before, be it the same).
    """
    _check(exact)
    _check(exact_charge)
    values: Values = {
        "member": member,
        "charge": charge_account,
        "day": day,
        "currency": currency,
        "exact": exact,
        "exact_charge": exact_charge,
        "charge_currency": charge_currency,
        "units": 10 ** minor_units(currency),
        "charge_units": 10 ** minor_units(charge_currency),
        "between": _between(currency, charge_currency),
        "key": key,
        "at": at,
    }
    values["digest"] = sha256("|".join(map(str, values.values())).encode()).digest()
    row = _credit(values, key)
    if row is None:
        _open_accounts(member, charge_account, currency, charge_currency)
        row = _credit(values, key)
    if row is None:  # the accounts are there now
        raise KeyReused(key=key) if Residence.objects.filter(account_id=member).exists() else NoResidence()
    return row


def _check(amount: Decimal) -> None:
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= amount <= LARGEST or exponent < -DECIMALS:
        raise BadRate(path="exact", value=amount)


def _between(currency: str, charge_currency: str) -> LedgerAccount.Kind:
    """Whose account takes the difference of the two sides."""
    return LedgerAccount.Kind.ROUNDING if currency == charge_currency else LedgerAccount.Kind.EXCHANGE


def _credit(values: Values, key: str) -> CreditResult | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CREDIT, values)
            row = cursor.fetchone()
    except IntegrityError as error:
        raise refused(error, key) from error
    return CreditResult(*row) if row else None


def _open_accounts(member: uuid.UUID, charge: int, currency: str, charge_currency: str) -> None:
    charged = LedgerAccount.objects.filter(id=charge).first()
    owed_by = debtor_of(charged) if charged else None
    open_account(LedgerAccount.Kind.PAYABLE, member, currency, owed_by=owed_by)
    between = _between(currency, charge_currency)
    for one in sorted({currency, charge_currency}):
        open_account(between, None, one)
