"""A note goes with its member; the answer that it was written beside stays as it was.

The default of the new column stands in the database, so that the version before goes on writing.
"""

from django.db import migrations, models

# An earlier answer is never changed, but for its note, which may become the sign for erased words.
FORWARD = """
CREATE FUNCTION palabre_only_erase_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.note = '–' AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: these rows are never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER annotation_revision_append_only ON work_annotationrevision;
CREATE TRIGGER annotation_revision_append_only BEFORE DELETE OR TRUNCATE ON work_annotationrevision
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
CREATE TRIGGER annotation_revision_only_erased BEFORE UPDATE ON work_annotationrevision
    FOR EACH ROW EXECUTE FUNCTION palabre_only_erase_note();
"""

BACKWARD = """
DROP TRIGGER annotation_revision_only_erased ON work_annotationrevision;
DROP TRIGGER annotation_revision_append_only ON work_annotationrevision;
DROP FUNCTION palabre_only_erase_note();
CREATE TRIGGER annotation_revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON work_annotationrevision
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0006_skipped_leases"),
    ]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="note_digest",
            field=models.TextField(db_default=""),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
