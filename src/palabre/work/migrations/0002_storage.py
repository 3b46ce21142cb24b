"""Room on each page of the hot tables for new versions of a row, and eager vacuum.

Claiming a task changes `free` and (at the last place) `is_open`: with free room the new version
stays on its page and no other index is touched (HOT). Revisions are never changed.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE work_task SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE work_lease SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE work_cursor SET (fillfactor = 50);
CREATE SEQUENCE work_returned;
CREATE TRIGGER annotation_revision_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON work_annotationrevision
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();
"""

BACKWARD = """
DROP TRIGGER annotation_revision_append_only ON work_annotationrevision;
DROP SEQUENCE work_returned;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0001_initial"), ("record", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
