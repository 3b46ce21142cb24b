"""The record accepts INSERT only: the database itself refuses everything else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION palabre_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: these rows are never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER record_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_event
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
CREATE TRIGGER record_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_seal
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
"""

BACKWARD = """
DROP TRIGGER record_seal_append_only ON record_seal;
DROP TRIGGER record_event_append_only ON record_event;
DROP FUNCTION palabre_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
