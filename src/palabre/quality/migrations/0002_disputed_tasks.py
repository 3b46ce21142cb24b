"""Disputed tasks, the least sure first, found without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="consensus",
            index=models.Index(
                condition=models.Q(("confidence__lt", 0.9)),
                fields=["project", "confidence", "task"],
                name="consensus_disputed_ix",
            ),
        ),
    ]
