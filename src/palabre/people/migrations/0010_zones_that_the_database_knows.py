"""A time zone that the database does not know is stored nowhere. What was kept before stays, and earlier residences are
copies of what was."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION palabre_zone_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.timezone IS DISTINCT FROM OLD.timezone THEN
        PERFORM now() AT TIME ZONE NEW.timezone;
    END IF;
    RETURN NEW;
EXCEPTION WHEN invalid_parameter_value THEN
    RAISE EXCEPTION 'a time zone that the database does not know'
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER organisation_zone_known BEFORE INSERT OR UPDATE OF timezone ON people_organisation
    FOR EACH ROW EXECUTE FUNCTION palabre_zone_known();
CREATE TRIGGER residence_zone_known BEFORE INSERT OR UPDATE OF timezone ON people_residence
    FOR EACH ROW EXECUTE FUNCTION palabre_zone_known();
"""

BACKWARD = """
DROP TRIGGER organisation_zone_known ON people_organisation;
DROP TRIGGER residence_zone_known ON people_residence;
DROP FUNCTION palabre_zone_known();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0009_tries")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
