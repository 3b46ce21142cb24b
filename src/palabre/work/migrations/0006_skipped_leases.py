"""How many tasks a member has skipped, without looking at those that she answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0005_pilot")]

    operations = [
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(
                condition=models.Q(("state", "skipped")),
                fields=["project", "member"],
                name="lease_skipped_ix",
            ),
        ),
    ]
