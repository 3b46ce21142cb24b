"""The safe HTML of a guideline beside its text. The job of the guidelines makes that of today's versions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0017_texts_in_languages")]

    operations = [
        migrations.AddField("guideline", "cleaned", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("guideline", "cleaner", models.IntegerField(db_default=0, default=0)),
    ]
