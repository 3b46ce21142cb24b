"""Recount the ledger from its postings, and hold pay against them and against the record.

Each check is one statement over whole tables, so it sees one moment whatever is written meanwhile; the
first row that it gives is the first thing that is off.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.money import MINOR_UNITS


class Check(NamedTuple):
    """`sql` gives one row for each thing that is off; its columns fill the places of `sentence`."""

    sentence: str | Promise
    sql: str


# How many minor units one unit of each currency has, for `unnest(...) u (currency, units)`.
_UNITS = {"currencies": list(MINOR_UNITS), "units": [10**digits for digits in MINOR_UNITS.values()]}

# The laws of the ledger, once more: triggers hold them, but not against a superuser.
_LEDGER = (
    Check(
        _("Ledger transaction %(transaction)s does not sum to zero in %(currency)s: %(sum)s are over."),
        """
        SELECT transaction_id AS transaction, currency, sum(amount) AS sum FROM pay_posting
        GROUP BY 1, 2 HAVING sum(amount) <> 0 ORDER BY 1
        """,
    ),
    Check(
        _("Ledger transaction %(transaction)s says %(size)s postings and has %(found)s."),
        """
        SELECT coalesce(t.id, p.id) AS transaction, coalesce(t.size, 0) AS size, coalesce(p.n, 0) AS found
        FROM pay_ledgertransaction t
        FULL JOIN (SELECT transaction_id AS id, count(*) AS n FROM pay_posting GROUP BY 1) p USING (id)
        WHERE t.size IS DISTINCT FROM p.n ORDER BY 1
        """,
    ),
    Check(
        _("Posting %(posting)s is in %(currency)s, its account %(account)s in %(other)s."),
        """
        SELECT p.id AS posting, p.currency, a.id AS account, a.currency AS other
        FROM pay_posting p JOIN pay_ledgeraccount a ON a.id = p.account_id
        WHERE p.currency <> a.currency ORDER BY 1
        """,
    ),
    Check(
        _("The balance of ledger account %(account)s says %(said)s; its postings sum to %(counted)s."),
        """
        SELECT account_id AS account, coalesce(b.amount, 0) AS said, coalesce(p.amount, 0) AS counted
        FROM (SELECT account_id, sum(amount) AS amount FROM pay_posting GROUP BY 1) p
        FULL JOIN (SELECT account_id, sum(amount) AS amount FROM pay_balance GROUP BY 1) b USING (account_id)
        WHERE coalesce(p.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1
        """,
    ),
    Check(
        _("Ledger account %(account)s is guarded, but its balance is not: %(amount)s in part %(shard)s."),
        """
        SELECT a.id AS account, b.amount, b.shard FROM pay_ledgeraccount a JOIN pay_balance b ON b.account_id = a.id
        WHERE a.guarded <> b.guarded OR a.guarded <> (a.kind IN ('payable', 'escrow'))
           OR (a.guarded AND b.amount < 0) OR (a.kind = 'payable' AND b.shard <> 0) ORDER BY 1
        """,
    ),
)

_BASE_PAY = (
    Check(
        _("Base pay of %(member)s on %(day)s: %(exact)s %(currency)s are not %(credited)s, rounded up."),
        """
        SELECT a.member_id AS member, a.day, a.exact, a.currency, a.credited
        FROM pay_accrual a
        JOIN unnest(%(currencies)s::text[], %(units)s::bigint[]) u (currency, units) ON u.currency = a.currency
        WHERE a.credited <> ceil(a.exact * u.units) ORDER BY a.id
        """,
    ),
    Check(
        _(
            "Charge %(charge)s of %(member)s on %(day)s: %(exact)s is not %(charged)s, rounded down or, once collected, up."
        ),
        """
        SELECT a.charge_id AS charge, a.member_id AS member, a.day, a.exact_charge AS exact, a.charged
        FROM pay_accrual a JOIN pay_ledgeraccount l ON l.id = a.charge_id
        JOIN unnest(%(currencies)s::text[], %(units)s::bigint[]) u (currency, units) ON u.currency = l.currency
        WHERE a.charged NOT BETWEEN floor(a.exact_charge * u.units) AND ceil(a.exact_charge * u.units)
           OR a.last_charge NOT BETWEEN 0 AND a.charged + 1 ORDER BY a.id
        """,
    ),
    Check(
        _("Ledger account %(account)s: base pay of %(accrued)s was accrued and %(posted)s posted."),
        """
        SELECT id AS account, coalesce(s.amount, 0) AS accrued, coalesce(p.amount, 0) AS posted
        FROM (
            SELECT id, sum(amount) AS amount FROM (
                SELECT l.id, a.credited AS amount FROM pay_accrual a
                JOIN pay_ledgeraccount c ON c.id = a.charge_id
                JOIN pay_ledgeraccount l ON l.kind = 'payable' AND l.owner = a.member_id AND l.currency = a.currency
                    AND l.owed_by IS NOT DISTINCT FROM CASE c.kind WHEN 'platform' THEN c.owner ELSE c.backer END
                UNION ALL SELECT charge_id, -charged FROM pay_accrual
            ) parts GROUP BY 1
        ) s
        FULL JOIN (
            SELECT p.account_id AS id, sum(p.amount) AS amount FROM pay_posting p
            JOIN pay_ledgertransaction t ON t.id = p.transaction_id AND t.kind IN ('base_pay', 'fractions')
            JOIN pay_ledgeraccount l ON l.id = p.account_id AND l.kind NOT IN ('rounding', 'exchange')
            GROUP BY 1
        ) p USING (id)
        WHERE coalesce(s.amount, 0) <> coalesce(p.amount, 0) ORDER BY 1
        """,
    ),
)

_SETTLEMENTS = (
    Check(
        # due is the whole number with (due - 1) x hours < time x amount <= due x hours: nothing is divided.
        _("Settlement %(settlement)s: its hours at its floor are not %(due)s."),
        """
        WITH sums AS (
            SELECT s.id, s.due, s.counted_ms * f.amount * u.units
                    * CASE f.unit WHEN 'month' THEN 12 ELSE 1 END AS worth,
                3600000 * CASE f.unit WHEN 'month' THEN f.weekly_hours * 52 ELSE 1 END AS hours,
                s.currency = f.currency AS same
            FROM pay_settlement s JOIN pay_floor f ON f.id = s.floor_id
            JOIN unnest(%(currencies)s::text[], %(units)s::bigint[]) u (currency, units) ON u.currency = s.currency
        )
        SELECT id AS settlement, due FROM sums
        WHERE NOT (same AND (due - 1) * hours < worth AND worth <= due * hours) ORDER BY 1
        """,
    ),
    Check(
        _("Settlement %(settlement)s: %(due)s due less %(had)s had before is not a top-up of %(top_up)s."),
        """
        WITH sums AS (
            SELECT id, revision, due, earned, topped_up_before, top_up,
                coalesce(sum(top_up) OVER earlier, 0) AS earlier, row_number() OVER day AS number,
                (SELECT coalesce(sum((x ->> 'share')::bigint), 0)
                 FROM jsonb_array_elements(arithmetic -> 'shares') x) AS shared
            FROM pay_settlement
            WINDOW day AS (PARTITION BY member_id, day ORDER BY revision),
                earlier AS (PARTITION BY member_id, day, currency ORDER BY revision
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        SELECT id AS settlement, due, earned + topped_up_before AS had, top_up FROM sums
        WHERE top_up <> greatest(due - earned - topped_up_before, 0) OR earlier <> topped_up_before
           OR number <> revision OR shared <> top_up ORDER BY 1
        """,
    ),
    Check(
        _("Settlement %(settlement)s says a top-up of %(top_up)s; its ledger transaction pays %(paid)s."),
        """
        SELECT s.id AS settlement, s.top_up, coalesce(paid.amount, 0) AS paid
        FROM pay_settlement s LEFT JOIN (
            SELECT t.id, a.owner, a.currency, sum(p.amount) AS amount FROM pay_ledgertransaction t
            JOIN pay_posting p ON p.transaction_id = t.id
            JOIN pay_ledgeraccount a ON a.id = p.account_id AND a.kind = 'payable'
            WHERE t.kind = 'top_up' GROUP BY 1, 2, 3
        ) paid ON paid.id = s.transaction_id AND paid.owner = s.member_id AND paid.currency = s.currency
        WHERE coalesce(paid.amount, 0) <> s.top_up ORDER BY 1
        """,
    ),
    Check(
        _("Ledger transaction %(transaction)s is a top-up that belongs to no settlement."),
        """
        SELECT t.id AS transaction FROM pay_ledgertransaction t
        LEFT JOIN pay_settlement s ON s.transaction_id = t.id WHERE t.kind = 'top_up' AND s.id IS NULL ORDER BY 1
        """,
    ),
    Check(
        _("%(member)s has time or pay on %(day)s that is neither settled nor due for settlement."),
        """
        WITH last AS (
            SELECT DISTINCT ON (member_id, day) member_id, day, counted_ms, earned, currency
            FROM pay_settlement ORDER BY member_id, day, revision DESC
        ), found AS (
            SELECT member_id, day, greatest(sum(counted_ms), 0) AS counted_ms
            FROM timesheet_timeentry GROUP BY 1, 2
        ), paid AS (
            SELECT member_id, day, currency, sum(credited) AS earned FROM pay_accrual GROUP BY 1, 2, 3
        )
        SELECT member_id AS member, day FROM (
            SELECT member_id, day FROM found FULL JOIN last USING (member_id, day)
            WHERE last.day IS NULL OR coalesce(found.counted_ms, 0) <> last.counted_ms
            UNION
            SELECT paid.member_id, paid.day FROM paid LEFT JOIN last USING (member_id, day)
            WHERE last.day IS NULL OR (paid.currency = last.currency AND paid.earned <> last.earned)
        ) off LEFT JOIN pay_dueday due USING (member_id, day) WHERE due.id IS NULL ORDER BY 2, 1
        """,
    ),
)

_PAYOUTS = (
    Check(
        _("%(said)s %(currency)s are on their way to members; their payouts come to %(counted)s."),
        """
        SELECT currency, coalesce(l.amount, 0) AS said, coalesce(p.amount, 0) AS counted
        FROM (SELECT a.currency, sum(b.amount) AS amount FROM pay_balance b
              JOIN pay_ledgeraccount a ON a.id = b.account_id AND a.kind = 'payout' GROUP BY 1) l
        FULL JOIN (SELECT currency, sum(amount) AS amount FROM pay_payout
                   WHERE state NOT IN ('paid', 'failed', 'taken_back') GROUP BY 1) p USING (currency)
        WHERE coalesce(l.amount, 0) <> coalesce(p.amount, 0) ORDER BY 1
        """,
    ),
    Check(
        _("Payout %(payout)s is %(state)s; the ledger took %(taken)s and gave %(ended)s on."),
        """
        SELECT p.id AS payout, p.state, coalesce(taken.amount, 0) AS taken, coalesce(ended.amount, 0) AS ended
        FROM pay_payout p
        LEFT JOIN (
            SELECT t.key, a.owner, a.owed_by, -sum(o.amount) AS amount FROM pay_ledgertransaction t
            JOIN pay_posting o ON o.transaction_id = t.id
            JOIN pay_ledgeraccount a ON a.id = o.account_id AND a.kind = 'payable'
            WHERE t.kind = 'payout' GROUP BY 1, 2, 3
        ) taken ON taken.key = 'payout:' || p.id AND taken.owner = p.member_id
            AND taken.owed_by IS NOT DISTINCT FROM p.operator_id
        LEFT JOIN (
            SELECT split_part(t.key, ':', 2) AS id, -sum(o.amount) AS amount FROM pay_ledgertransaction t
            JOIN pay_posting o ON o.transaction_id = t.id
            JOIN pay_ledgeraccount a ON a.id = o.account_id AND a.kind = 'payout'
            WHERE t.kind IN ('payout_paid', 'payout_returned', 'payout_taken_back') GROUP BY 1
        ) ended ON ended.id = p.id::text
        WHERE coalesce(taken.amount, 0) <> p.amount
           OR coalesce(ended.amount, 0) <> CASE WHEN p.state IN ('paid', 'failed', 'taken_back') THEN p.amount ELSE 0 END
        ORDER BY 1
        """,
    ),
)

_RECORD = (
    Check(
        _("Ledger transaction %(transaction)s (%(kind)s) is not what the record says of it."),
        """
        SELECT t.id AS transaction, t.kind FROM pay_ledgertransaction t
        LEFT JOIN record_event e ON e.subject = 'transaction:' || t.id AND e.code = 'pay.posted'
        LEFT JOIN (
            SELECT x.id, jsonb_agg(jsonb_build_array(account_id, currency, amount) ORDER BY account_id) AS moves
            FROM pay_posting p JOIN pay_ledgertransaction x ON x.id = p.transaction_id
            WHERE x.kind <> 'base_pay' GROUP BY 1
        ) now ON now.id = t.id
        WHERE t.kind <> 'base_pay' AND (e.data -> 'moves' IS DISTINCT FROM now.moves
            OR e.data ->> 'key' IS DISTINCT FROM t.key OR e.data ->> 'kind' IS DISTINCT FROM t.kind OR e.at <> t.at)
        ORDER BY 1
        """,
    ),
    Check(
        _("The record has a %(code)s for %(subject)s, which is not there."),
        """
        SELECT e.code, e.subject FROM record_event e
        LEFT JOIN pay_ledgertransaction t ON e.subject = 'transaction:' || t.id
        WHERE e.code = 'pay.posted' AND t.id IS NULL ORDER BY e.seq
        """,
    ),
    Check(
        _("Settlement %(settlement)s is not what the record says of it."),
        """
        SELECT coalesce(s.id, (e.data ->> 'settlement')::bigint) AS settlement
        FROM (SELECT * FROM record_event WHERE code = 'pay.day.settled') e
        FULL JOIN pay_settlement s ON s.id = (e.data ->> 'settlement')::bigint
        WHERE s.id IS NULL OR e.seq IS NULL OR e.subject <> 'member:' || s.member_id OR jsonb_build_object(
            'settlement', s.id, 'day', s.day, 'revision', s.revision, 'counted_ms', s.counted_ms,
            'floor', s.floor_id, 'hourly', s.hourly::text, 'currency', s.currency, 'due', s.due,
            'earned', s.earned, 'topped_up_before', s.topped_up_before, 'top_up', s.top_up,
            'transaction', s.transaction_id) <> e.data ORDER BY 1
        """,
    ),
)

CHECKS = (*_LEDGER, *_BASE_PAY, *_SETTLEMENTS, *_PAYOUTS, *_RECORD)


def problems() -> Iterator[str]:
    """What is off, in words; the first of each kind. Nothing when all agrees."""
    for check in CHECKS:
        fields = wrong(check)
        if fields is not None:
            yield str(check.sentence) % fields


def wrong(check: Check) -> dict[str, object] | None:
    """The first thing that one check finds: what its sentence needs. None when all agrees."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Whole tables are joined, in memory. Where statistics are old (just after an import), the planner
        # would take them for short and compare every row with every other.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(f"{check.sql} LIMIT 1", _UNITS)
        row = cursor.fetchone()
        if row is None:
            return None
        return dict(zip((column.name for column in cursor.description), row, strict=True))
