"""Base pay taken back: of work that its own author undid, never of work that somebody else judged."""

import datetime as dt
import uuid
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from django.db import transaction

from palabre.money import minor_units
from palabre.pay.actions.ledger import Move, debtor_of, open_account, post
from palabre.pay.models import Accrual, DueDay, LedgerAccount
from palabre.people.actor import Actor

Kind = LedgerAccount.Kind


class TakenBack(NamedTuple):
    """`minor` less on her account (0: a fraction only); the ledger transaction, if any."""

    minor: int
    transaction_id: int | None


@transaction.atomic
def take_back_base_pay(
    *,
    member: uuid.UUID,
    charge_account: int,
    day: dt.date,
    currency: str,
    exact: Decimal,
    exact_charge: Decimal,
    key: str,
    by: Actor,
    at: dt.datetime,
) -> TakenBack:
    """Take out of a day what `credit_base_pay` added to it, as if it had never been added.

    What stands on her account afterwards is the rest of the day's exact sum, rounded up once; what is charged, the
    rest of the exact charge: rounded down, or as far up as its fractions were collected. The day becomes due for
    settlement again, so that her hours bring the floor all the same. The caller holds her residence and the unique
    row that the pay was for.

    Raises: NotEnoughMoney (she has been paid out meanwhile), KeyReused.
    """
    accrual = Accrual.objects.select_for_update(of=("self",)).select_related("charge").get(
        member=member, charge=charge_account, day=day, currency=currency
    )  # fmt: skip
    credited, charged = accrual.credited, accrual.charged
    accrual.exact -= exact
    accrual.exact_charge -= exact_charge
    accrual.credited = _minor(accrual.exact, currency, ROUND_CEILING)
    least = _minor(accrual.exact_charge, accrual.charge.currency, ROUND_FLOOR)
    most = _minor(accrual.exact_charge, accrual.charge.currency, ROUND_CEILING)
    collected = charged > _minor(accrual.exact_charge + exact_charge, accrual.charge.currency, ROUND_FLOOR)
    accrual.charged = most if collected else least
    accrual.last_charge = 0
    if accrual.exact or accrual.exact_charge:
        accrual.save(update_fields=["exact", "exact_charge", "credited", "charged", "last_charge"])
    else:
        Accrual.objects.filter(id=accrual.id).delete()
    DueDay.objects.get_or_create(member_id=member, day=day)
    less, freed = credited - accrual.credited, charged - accrual.charged
    moves = _moves(accrual, less, freed)
    if not moves:
        return TakenBack(0, None)
    data = {"member": str(member), "day": day.isoformat()}
    return TakenBack(less, post(key, "base_pay", moves, by=by, at=at, data=data))


def _moves(accrual: Accrual, less: int, freed: int) -> list[Move]:
    """The moves of a credit, the other way round."""
    mine, theirs = accrual.currency, accrual.charge.currency
    between = Kind.ROUNDING if mine == theirs else Kind.EXCHANGE
    hers = open_account(Kind.PAYABLE, accrual.member_id, mine, owed_by=debtor_of(accrual.charge))
    moves = [
        Move(hers.id, mine, -less),
        Move(open_account(between, None, mine).id, mine, less),
        Move(accrual.charge_id, theirs, freed),
        Move(open_account(between, None, theirs).id, theirs, -freed),
    ]
    return moves if less or freed else []


def _minor(amount: Decimal, currency: str, rounding: str) -> int:
    return int((amount * 10 ** minor_units(currency)).to_integral_value(rounding))
