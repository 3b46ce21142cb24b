"""When each floor was imported, from the event of its import; one that none names was always there."""

from django.db import migrations, models
from django.db.models.functions import Now

_IMPORTED = """
UPDATE pay_floor SET known_from = 'epoch';
UPDATE pay_floor f SET known_from = said.at FROM (
    SELECT (id)::bigint AS id, min(e.at) AS at FROM record_event e
    CROSS JOIN jsonb_array_elements_text(e.data -> 'added') id
    WHERE e.code = 'pay.floors.imported' GROUP BY 1
) said WHERE said.id = f.id
"""


class Migration(migrations.Migration):
    dependencies = [("pay", "0009_who_owes_it"), ("record", "0001_initial")]

    operations = [
        # The old version, still serving, imports without it.
        migrations.AddField("floor", "known_from", models.DateTimeField(db_default=Now())),
        migrations.AddField("floor", "known_to", models.DateTimeField(null=True)),
        migrations.RunSQL(_IMPORTED, migrations.RunSQL.noop),
        migrations.RemoveConstraint("floor", "floor_place_date_uq"),
        migrations.AddConstraint(
            "floor",
            models.UniqueConstraint(
                fields=["kind", "country", "region", "sector", "valid_from"],
                condition=models.Q(known_to=None),
                name="floor_place_date_uq",
            ),
        ),
        migrations.AddConstraint(
            "floor",
            models.CheckConstraint(
                condition=models.Q(known_to=None) | models.Q(known_to__gte=models.F("known_from")),
                name="floor_known_ck",
            ),
        ),
    ]
