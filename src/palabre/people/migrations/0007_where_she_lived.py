"""Where a member lives is kept with its time: a day is settled, and a figure recomputed, by what held on that day.

1. An earlier residence is never changed. It ends where the next begins: there is one place on each day.
2. Where she lives changes only for days that are not over, and what held before is kept.
3. `people_lived` has all her residences, each with the days on which it held.
"""

import datetime as dt

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER earlier_residence_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people_earlierresidence
    FOR EACH STATEMENT EXECUTE FUNCTION palabre_refuse_change();

CREATE FUNCTION palabre_residence_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The world's days differ by one from that of UTC.
    IF NEW.from_day < (NEW.since AT TIME ZONE 'UTC')::date - 1 THEN
        RAISE EXCEPTION 'where she lived is never changed for a day that is over'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'residence_past';
    END IF;
    IF NEW.from_day < OLD.from_day OR NEW.from_day > OLD.from_day AND NOT EXISTS (
        SELECT FROM people_earlierresidence e
        WHERE e.account_id = OLD.account_id AND e.from_day = OLD.from_day AND e.until = NEW.from_day
            AND (e.country, e.region, e.timezone) = (OLD.country, OLD.region, OLD.timezone)
    ) THEN
        RAISE EXCEPTION 'where she lived before is not kept'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'residence_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER residence_kept BEFORE UPDATE ON people_residence FOR EACH ROW
    WHEN ((OLD.country, OLD.region, OLD.timezone, OLD.from_day)
        IS DISTINCT FROM (NEW.country, NEW.region, NEW.timezone, NEW.from_day))
    EXECUTE FUNCTION palabre_residence_kept();

CREATE FUNCTION palabre_earlier_residence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.from_day <> coalesce(
        (SELECT max(until) FROM people_earlierresidence WHERE account_id = NEW.account_id), '0001-01-01'::date)
    THEN
        RAISE EXCEPTION 'an earlier residence begins where the one before it ends'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'residence_without_gap';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER earlier_residence_without_gap BEFORE INSERT ON people_earlierresidence
    FOR EACH ROW EXECUTE FUNCTION palabre_earlier_residence();

CREATE VIEW people_lived AS
    SELECT account_id, country, region, timezone, from_day, begins, until FROM people_earlierresidence
    UNION ALL
    SELECT account_id, country, region, timezone, from_day, begins, 'infinity'::date FROM people_residence;
"""

BACKWARD = """
DROP VIEW people_lived;
DROP TRIGGER earlier_residence_without_gap ON people_earlierresidence;
DROP FUNCTION palabre_earlier_residence();
DROP TRIGGER residence_kept ON people_residence;
DROP FUNCTION palabre_residence_kept();
DROP TRIGGER earlier_residence_append_only ON people_earlierresidence;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_record_key"),
        ("record", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="residence",
            name="from_day",
            field=models.DateField(db_default=dt.date(1, 1, 1), default=dt.date(1, 1, 1)),
        ),
        migrations.AddField(
            model_name="residence",
            name="begins",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="EarlierResidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("region", models.TextField()),
                ("timezone", models.TextField()),
                ("from_day", models.DateField()),
                ("begins", models.DateTimeField(null=True)),
                ("until", models.DateField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_residences",
                        to="people.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "from_day"), name="earlier_residence_from_uq"),
                    models.UniqueConstraint(fields=("account", "until"), name="earlier_residence_until_uq"),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("from_day"))),
                        name="earlier_residence_days_ck",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
