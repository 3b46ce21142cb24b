"""A day of a member on one account in one row, added up by the database, which lets no day hold more than 24 hours."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_TALLY = """
CREATE FUNCTION timesheet_tally() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sign int := tg_argv[0]::int;
BEGIN
    INSERT INTO timesheet_tally AS t (member_id, day, charge, device_ms, word_ms, other_ms)
    SELECT member_id, day, charge,
        sign * coalesce(sum(counted_ms) FILTER (WHERE source = 'device' OR rule = 'explained'), 0),
        sign * coalesce(sum(counted_ms) FILTER (WHERE source = 'correction' AND rule = 'correction'), 0),
        sign * coalesce(sum(counted_ms) FILTER (WHERE source <> 'device' AND rule NOT IN ('explained', 'correction')), 0)
    FROM changed GROUP BY member_id, day, charge ORDER BY member_id, day, charge
    ON CONFLICT (member_id, day, charge) DO UPDATE SET device_ms = t.device_ms + excluded.device_ms,
        word_ms = t.word_ms + excluded.word_ms, other_ms = t.other_ms + excluded.other_ms;
    IF sign > 0 AND EXISTS (
        SELECT FROM (SELECT DISTINCT member_id, day FROM changed WHERE counted_ms > 0) c
        JOIN timesheet_tally t USING (member_id, day) GROUP BY c.member_id, c.day
        HAVING sum(t.device_ms + t.word_ms + t.other_ms) > 86400000) THEN
        RAISE EXCEPTION 'a day of a member holds 24 hours'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'time_day_24h_ck', TABLE = 'timesheet_timeentry';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_inserted AFTER INSERT ON timesheet_timeentry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timesheet_tally('1');
CREATE TRIGGER tally_before AFTER UPDATE ON timesheet_timeentry
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timesheet_tally('-1');
-- The database fires triggers in the order of their names: what was goes before what is comes.
CREATE TRIGGER tally_changed AFTER UPDATE ON timesheet_timeentry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timesheet_tally('1');
CREATE TRIGGER tally_deleted AFTER DELETE ON timesheet_timeentry
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION timesheet_tally('-1');
"""
_GONE = """
DROP TRIGGER tally_inserted ON timesheet_timeentry;
DROP TRIGGER tally_before ON timesheet_timeentry;
DROP TRIGGER tally_changed ON timesheet_timeentry;
DROP TRIGGER tally_deleted ON timesheet_timeentry;
DROP FUNCTION timesheet_tally();
"""
# What was counted before was explained by the rules of then.
_SO_FAR = """
INSERT INTO timesheet_tally (member_id, day, charge, device_ms, word_ms, other_ms, explained_ms)
SELECT member_id, day, charge, coalesce(sum(counted_ms) FILTER (WHERE source = 'device'), 0),
    coalesce(sum(counted_ms) FILTER (WHERE source = 'correction'), 0),
    coalesce(sum(counted_ms) FILTER (WHERE source NOT IN ('device', 'correction')), 0),
    coalesce(sum(counted_ms) FILTER (WHERE source = 'device'), 0)
FROM timesheet_timeentry GROUP BY 1, 2, 3
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("timesheet", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("charge", models.BigIntegerField()),
                ("device_ms", models.BigIntegerField(db_default=0, default=0)),
                ("word_ms", models.BigIntegerField(db_default=0, default=0)),
                ("other_ms", models.BigIntegerField(db_default=0, default=0)),
                ("explained_ms", models.BigIntegerField(db_default=0, default=0)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "day", "charge"), name="time_tally_uq")
                ]
            },
        ),
        migrations.AddField(
            model_name="correction", name="rule", field=models.TextField(db_default="", default="")
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")) & ~models.Q(("rule", "")),
                fields=("member", "day", "charge", "kind", "rule"),
                name="correction_measured_uq",
            ),
        ),
        migrations.RunSQL(_SO_FAR, migrations.RunSQL.noop),
        migrations.RunSQL(_TALLY, _GONE),
    ]
