"""What of the measured time of an answer is its share of the time on tasks that had no answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0007_erased_notes")]

    operations = [
        migrations.AddField(
            "project",
            "pilot_shared_seconds",
            models.DecimalField(decimal_places=2, max_digits=8, null=True),
        ),
    ]
