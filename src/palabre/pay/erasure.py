"""What is hers must be settled before she is erased; then what identifies her goes. The money stays as it was."""

import uuid

from django.db import connection

from palabre.money import Money
from palabre.pay.errors import MoneyLeft, PayoutOnItsWay
from palabre.pay.models import Destination, Payout
from palabre.people.erasure import blank

# One statement, one moment: money that comes back while it is read is on one of the two sides.
_HERS = """
SELECT a.currency, sum(b.amount)::bigint AS amount, false AS leaves FROM pay_ledgeraccount a
JOIN pay_balance b ON b.account_id = a.id WHERE a.kind = 'payable' AND a.owner = %(member)s
GROUP BY 1 HAVING sum(b.amount) <> 0
UNION ALL
SELECT currency, amount, true FROM pay_payout
WHERE member_id = %(member)s AND state NOT IN ('paid', 'failed', 'taken_back')
ORDER BY 1
"""


def hold(account: uuid.UUID, owing: bool) -> None:
    """Money of hers is not left behind without a word.

    A payout on its way ends first: the one who carries it needs to know where to. What is on her account she takes
    out first, or it stays owed to her number (`owing`); nothing is ever written off.

    Raises: PayoutOnItsWay, MoneyLeft.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HERS, {"member": account})
        rows = cursor.fetchall()
    if any(leaves for _currency, _amount, leaves in rows):
        raise PayoutOnItsWay
    if rows and not owing:
        amounts = ", ".join(str(Money(amount, currency)) for currency, amount, _leaves in rows)
        raise MoneyLeft(path="owing", amounts=amounts, account=str(account))


def erase(account: uuid.UUID) -> None:
    """Whoever carries money may have written to whom she gave it; where it went says who she is."""
    blank(Payout.objects.filter(member=account), "reason")
    blank(Destination.objects.filter(member=account), "number", "bank", "place", "holder")
