"""Reads of the ledger."""

from collections.abc import Iterable

from django.db.models import Sum

from palabre.pay.models import Balance


def balance(account_id: int) -> int:
    """What stands on a ledger account, in minor units: the sum of at most 16 rows."""
    return balances([account_id])[account_id]


def balances(account_ids: Iterable[int]) -> dict[int, int]:
    """The same for many accounts in one statement; an account without movements has 0."""
    wanted = list(account_ids)
    rows = Balance.objects.filter(account_id__in=wanted).values_list("account_id").annotate(Sum("amount"))
    return dict.fromkeys(wanted, 0) | {number: int(total) for number, total in rows}
