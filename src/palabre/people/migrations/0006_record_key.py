"""A key for each person, under which her words are digested in the record, and which goes with her."""

from django.db import migrations, models
from django.db.models.expressions import RawSQL

FORWARD = """
-- Her words as a digest that only her key can make again. Nothing, and what stands in the place of words that
-- were erased, is no secret and stays as it is.
CREATE FUNCTION people_words_digest(account uuid, words jsonb) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN words IS NULL OR words IN ('null', '""', '"–"') THEN words::text
        ELSE (SELECT encode(sha256(k || sha256(k || convert_to(words::text, 'UTF8'))), 'base64') FROM (
            SELECT coalesce((SELECT record_key FROM people_account WHERE id = account), '') AS k) her) END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_tokens_made_with_tokens")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="record_key",
            field=models.BinaryField(
                null=True,
                db_default=RawSQL("uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())", ()),
            ),
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION people_words_digest(uuid, jsonb);"),
    ]
