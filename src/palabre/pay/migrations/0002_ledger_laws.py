"""The laws of the ledger, held by the database.

1. Transactions and postings are never changed.
2. A ledger transaction says how many postings it has; one more is refused.
3. A ledger transaction's postings sum to zero in each currency (checked at commit).
4. Balances follow the postings; a guarded balance can't go below zero (a check on the row).
"""

from django.db import migrations

FORWARD = """
CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pay_ledgertransaction
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pay_posting
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();

CREATE FUNCTION palabre_posting_check() RETURNS trigger LANGUAGE plpgsql AS $$
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
    -- Sorted, so that two writers take the rows in the same order. Unguarded accounts are
    -- spread over shards by backend, so that writers to one escrow do not wait for one another.
    -- First an update: the check of a guarded balance would refuse the row that an insert
    -- proposes, a taking alone, before it finds the row that it is to be added to.
    FOR moved IN
        SELECT a.id, CASE WHEN a.guarded THEN 0 ELSE pg_backend_pid() % 16 END AS shard,
            sum(added.amount) AS amount, a.guarded
        FROM added JOIN pay_ledgeraccount a ON a.id = added.account_id
        GROUP BY a.id, a.guarded ORDER BY a.id
    LOOP
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

CREATE TRIGGER posting_check AFTER INSERT ON pay_posting
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_posting_check();

CREATE FUNCTION palabre_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM pay_posting WHERE transaction_id = NEW.id GROUP BY currency HAVING sum(amount) <> 0
    ) OR (SELECT count(*) FROM pay_posting WHERE transaction_id = NEW.id) <> NEW.size THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_balanced';
    END IF;
    RETURN NULL;
END $$;

-- One check for each transaction at commit: postings can only be added before it (law 2).
CREATE CONSTRAINT TRIGGER transaction_balanced AFTER INSERT ON pay_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION palabre_balanced();

CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pay_settlement
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
ALTER TABLE pay_balance SET (fillfactor = 50);
ALTER TABLE pay_accrual SET (fillfactor = 70);
"""

BACKWARD = """
DROP TRIGGER settlement_append_only ON pay_settlement;
DROP TRIGGER transaction_balanced ON pay_ledgertransaction;
DROP FUNCTION palabre_balanced();
DROP TRIGGER posting_check ON pay_posting;
DROP FUNCTION palabre_posting_check();
DROP TRIGGER posting_append_only ON pay_posting;
DROP TRIGGER ledger_transaction_append_only ON pay_ledgertransaction;
"""


class Migration(migrations.Migration):
    dependencies = [("pay", "0001_initial"), ("record", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
