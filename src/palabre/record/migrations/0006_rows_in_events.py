"""An event holds the digests of the rows that its transaction wrote; what is not sealed yet is kept twice."""

from django.db import migrations, models

FORWARD = """
-- Digests are the same whoever computes them: no setting of a session enters them.
CREATE FUNCTION record_event_digest(event record_event) RETURNS bytea LANGUAGE sql STABLE
SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
    SELECT sha256(convert_to(to_jsonb(event)::text, 'UTF8'))
$$;

-- `palabre.rows`: what the triggers of held tables gather in a transaction. The next event takes it.
CREATE FUNCTION record_gather(lines text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF lines IS NOT NULL THEN
        PERFORM set_config('palabre.rows',
            concat_ws(E'\\n', nullif(current_setting('palabre.rows', true), ''), lines), true);
    END IF;
END $$;

CREATE FUNCTION record_take_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.rows := nullif(current_setting('palabre.rows', true), '');
    IF NEW.rows IS NOT NULL THEN
        PERFORM set_config('palabre.rows', '', true);
    END IF;
    INSERT INTO record_unsealed (seq, digest) VALUES (NEW.seq, record_event_digest(NEW));
    RETURN NEW;
END $$;

-- What the transaction wrote after its last event is said by one more, just before it commits. A transaction
-- without any event says nothing: its rows are those that no action wrote.
CREATE FUNCTION record_say_rest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('palabre.rows', true) <> '' THEN
        INSERT INTO record_event (at, code, actor, subject, organisation, data)
        VALUES (NEW.at, 'record.rows', NEW.actor, 'event:' || NEW.seq, NEW.organisation, '{}');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER record_event_take_rows BEFORE INSERT ON record_event
    FOR EACH ROW EXECUTE FUNCTION record_take_rows();
CREATE CONSTRAINT TRIGGER record_event_say_rest AFTER INSERT ON record_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION record_say_rest();
"""

BACKWARD = """
DROP TRIGGER record_event_say_rest ON record_event;
DROP TRIGGER record_event_take_rows ON record_event;
DROP FUNCTION record_say_rest();
DROP FUNCTION record_take_rows();
DROP FUNCTION record_gather(text);
DROP FUNCTION record_event_digest(record_event);
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0005_what_could_not_be_done")]
    operations = [
        migrations.AddField(
            model_name="event",
            name="rows",
            field=models.TextField(null=True),
        ),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
