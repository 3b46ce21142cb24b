"""An escrow can't go below zero: held by the database, and writers to one still do not wait for one another.

Its balance stays spread over 16 parts by backend, and now no part may go below zero (the check on the row): so the
sum can't either. Where a part has too little, all parts are locked in their order, what is there is spread anew, and
what would go below zero together is refused. Money that others need is left where a check by the sum would race.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION palabre_take(escrow bigint, wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    here bigint;
BEGIN
    INSERT INTO pay_balance (account_id, shard, amount, guarded)
    SELECT escrow, part, 0, true FROM generate_series(0, 15) part ON CONFLICT DO NOTHING;
    PERFORM FROM pay_balance WHERE account_id = escrow ORDER BY shard FOR UPDATE;
    SELECT sum(amount) INTO here FROM pay_balance WHERE account_id = escrow;
    IF here < wanted THEN
        RAISE EXCEPTION 'escrow % has %, % were to be taken', escrow, here, wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'escrow_not_negative';
    END IF;
    UPDATE pay_balance SET amount = (here - wanted) / 16 + CASE WHEN shard < (here - wanted) % 16 THEN 1 ELSE 0 END
    WHERE account_id = escrow;
END $$;

CREATE OR REPLACE FUNCTION palabre_posting_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved record;
BEGIN
    IF EXISTS (
        SELECT 1 FROM pay_ledgertransaction t
        WHERE t.id IN (SELECT transaction_id FROM added)
          AND (SELECT count(*) FROM pay_posting p WHERE p.transaction_id = t.id) > t.size
    ) THEN
        RAISE EXCEPTION 'a posting was added to a finished ledger transaction'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'transaction_size';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added JOIN pay_ledgeraccount a ON a.id = added.account_id
        WHERE a.currency <> added.currency
    ) THEN
        RAISE EXCEPTION 'a posting has another currency than its account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_currency';
    END IF;
    -- Sorted, so that two writers take the rows in the same order. Accounts that many write to are
    -- spread over shards by backend, so that writers to one escrow do not wait for one another.
    -- First an update: the check of a guarded balance would refuse the row that an insert
    -- proposes, a taking alone, before it finds the row that it is to be added to.
    FOR moved IN
        SELECT a.id, a.kind, CASE WHEN a.kind = 'payable' THEN 0 ELSE pg_backend_pid() % 16 END AS shard,
            sum(added.amount) AS amount, a.guarded
        FROM added JOIN pay_ledgeraccount a ON a.id = added.account_id
        GROUP BY a.id, a.kind, a.guarded ORDER BY a.id
    LOOP
        IF moved.kind = 'escrow' AND moved.guarded AND moved.amount < 0 THEN
            UPDATE pay_balance SET amount = amount + moved.amount
            WHERE account_id = moved.id AND shard = moved.shard AND amount + moved.amount >= 0;
            IF NOT FOUND THEN
                PERFORM palabre_take(moved.id, -moved.amount::bigint);
            END IF;
            CONTINUE;
        END IF;
        UPDATE pay_balance SET amount = amount + moved.amount
        WHERE account_id = moved.id AND shard = moved.shard;
        IF NOT FOUND THEN
            INSERT INTO pay_balance AS b (account_id, shard, amount, guarded)
            VALUES (moved.id, moved.shard, moved.amount, moved.guarded)
            ON CONFLICT (account_id, shard) DO UPDATE SET amount = b.amount + EXCLUDED.amount;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- One that is below zero already stays as it is, and `palabre ledger verify` names it.
UPDATE pay_ledgeraccount a SET guarded = true
WHERE kind = 'escrow' AND (SELECT coalesce(sum(amount), 0) FROM pay_balance b WHERE b.account_id = a.id) >= 0;
INSERT INTO pay_balance (account_id, shard, amount, guarded)
SELECT DISTINCT b.account_id, part, 0, false
FROM pay_balance b JOIN pay_ledgeraccount a ON a.id = b.account_id AND a.kind = 'escrow' AND a.guarded,
    generate_series(0, 15) part
ON CONFLICT DO NOTHING;
UPDATE pay_balance b SET guarded = true,
    amount = whole.amount / 16 + CASE WHEN b.shard < whole.amount % 16 THEN 1 ELSE 0 END
FROM (SELECT account_id, sum(amount)::bigint AS amount FROM pay_balance GROUP BY 1) whole
JOIN pay_ledgeraccount a ON a.id = whole.account_id AND a.kind = 'escrow' AND a.guarded
WHERE b.account_id = whole.account_id;
"""

BACKWARD = """
UPDATE pay_ledgeraccount SET guarded = false WHERE kind = 'escrow';
UPDATE pay_balance SET guarded = false WHERE account_id IN (SELECT id FROM pay_ledgeraccount WHERE kind = 'escrow');
"""


class Migration(migrations.Migration):
    dependencies = [("pay", "0005_who_bears_it")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
