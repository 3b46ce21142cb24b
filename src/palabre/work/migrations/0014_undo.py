"""Undo: what bore the pay of a review, what stood before it, how often it was undone; which answer was taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pay", "0007_fractions"),
        ("work", "0013_handouts"),
    ]

    operations = [
        migrations.AddField(
            "review",
            "charged_to",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="pay.ledgeraccount",
            ),
        ),
        migrations.AddField("review", "stood", models.JSONField(null=True)),
        migrations.AddField("review", "undone", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("otheranswer", "taken", models.BooleanField(null=True)),
    ]
