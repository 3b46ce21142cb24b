"""`record verify` over a million events, and rows and ledger over a few hundred thousand postings."""

import datetime as dt
import resource
import time

from bench.house import installation
from bench.table import Figure

EVENTS = 1_000_000
POSTINGS = 300_000


def run() -> list[Figure]:
    with installation():
        from palabre.pay import verify as ledger
        from palabre.record.rows import row_problems
        from palabre.record.seals import first_problem, seal_all

        at = dt.datetime.now(dt.UTC)
        _write_events()
        began = time.monotonic()
        seal_all(at=at)
        sealed = time.monotonic() - began
        began = time.monotonic()
        problem = first_problem(at=at)
        verified = time.monotonic() - began
        if problem is not None:
            raise RuntimeError(str(problem))
        _write_postings()
        began = time.monotonic()
        found = list(ledger.problems())
        counted = time.monotonic() - began
        if found:
            raise RuntimeError(str(found[0]))
        before = _peak()
        began = time.monotonic()
        off = [str(problem) for problem in row_problems()]
        held = time.monotonic() - began
        if off:
            raise RuntimeError(off[0])
    return [
        Figure("record verify, 1 M events", verified, "s", 120, verified <= 120),
        Figure("sealing 1 M events", sealed, "s"),
        Figure("each of 450 k rows against the record", held, "s", 60, held <= 60),
        Figure("… memory above that of before", _peak() - before, "MB", 30, _peak() - before <= 30),
        Figure("ledger verify, 300 k postings", counted, "s", 60, counted <= 60),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _write_events() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_event (at, code, actor, subject, organisation, data)"
            " SELECT now() - n * interval '1 second', 'work.synced', gen_random_uuid(), 'member:' || n, NULL,"
            " jsonb_build_object('answers', jsonb_build_array(jsonb_build_array(n, n, 1, md5(n::text) || md5((n+1)::text))),"
            " 'time', jsonb_build_array(jsonb_build_array(n, 'task', 12000, 12000, '')))"
            " FROM generate_series(1, %s) n",
            [EVENTS],
        )


def _write_postings() -> None:
    from django.db import connection, transaction

    from palabre.ids import new_id
    from palabre.pay.actions import open_account
    from palabre.pay.models import LedgerAccount

    with transaction.atomic(), connection.cursor() as cursor:
        world = open_account(LedgerAccount.Kind.WORLD, None, "EUR").id
        escrow = open_account(LedgerAccount.Kind.ESCROW, new_id(), "EUR").id
        cursor.execute(
            "INSERT INTO pay_ledgertransaction (key, kind, at, body_hash, size, data)"
            " SELECT 'bench:' || n, 'bench', now(), '', 2, '{}' FROM generate_series(1, %s) n",
            [POSTINGS // 2],
        )
        cursor.execute(
            "INSERT INTO pay_posting (transaction_id, account_id, currency, amount)"
            " SELECT id, account, 'EUR', amount FROM pay_ledgertransaction,"
            " (VALUES (%s::bigint, 5), (%s::bigint, -5)) v (account, amount) WHERE kind = 'bench'",
            [escrow, world],
        )
        cursor.execute(
            "INSERT INTO record_event (at, code, subject, data)"
            " SELECT at, 'pay.posted', 'transaction:' || id, jsonb_build_object('key', key, 'kind', kind, 'moves',"
            " jsonb_build_array(jsonb_build_array(%s::bigint, 'EUR', -5), jsonb_build_array(%s::bigint, 'EUR', 5)))"
            " FROM pay_ledgertransaction WHERE kind = 'bench'",
            [world, escrow],
        )
