"""Recount the ledger from its postings. Each check is one statement over whole tables."""

from collections.abc import Iterator

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_CHECKS: tuple[tuple[Promise, str], ...] = (
    (
        _("Ledger transaction %s does not sum to zero in each currency"),
        (
            "SELECT transaction_id FROM pay_posting GROUP BY transaction_id, currency HAVING sum(amount) <> 0"
            " ORDER BY 1 LIMIT 1"
        ),
    ),
    (
        _("Ledger transaction %s has not as many postings as it says"),
        (
            "SELECT t.id FROM pay_ledgertransaction t LEFT JOIN"
            " (SELECT transaction_id, count(*) AS n FROM pay_posting GROUP BY 1) p ON p.transaction_id = t.id"
            " WHERE coalesce(p.n, 0) <> t.size ORDER BY 1 LIMIT 1"
        ),
    ),
    (
        _("The balance of ledger account %s is not the sum of its postings"),
        (
            "SELECT coalesce(p.account_id, b.account_id) FROM"
            " (SELECT account_id, sum(amount) AS amount FROM pay_posting GROUP BY 1) p FULL JOIN"
            " (SELECT account_id, sum(amount) AS amount FROM pay_balance GROUP BY 1) b USING (account_id)"
            " WHERE coalesce(p.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1 LIMIT 1"
        ),
    ),
    (
        _("Ledger account %s is guarded and below zero"),
        (
            "SELECT a.id FROM pay_ledgeraccount a JOIN pay_posting p ON p.account_id = a.id WHERE a.guarded"
            " GROUP BY a.id HAVING sum(p.amount) < 0 ORDER BY 1 LIMIT 1"
        ),
    ),
    (
        _("Settlement %s differs from its ledger transaction"),
        (
            "SELECT s.id FROM pay_settlement s LEFT JOIN LATERAL (SELECT sum(p.amount) AS amount FROM pay_posting p"
            " JOIN pay_ledgeraccount a ON a.id = p.account_id WHERE p.transaction_id = s.transaction_id"
            " AND a.kind = 'payable' AND a.owner = s.member_id) paid ON true"
            " WHERE coalesce(paid.amount, 0) <> s.top_up ORDER BY 1 LIMIT 1"
        ),
    ),
)


def problems() -> Iterator[str]:
    """What is off, in words; the first of each kind."""
    for sentence, check in _CHECKS:
        with connection.cursor() as cursor:
            cursor.execute(check)
            row = cursor.fetchone()
        if row:
            yield str(sentence) % row[0]
