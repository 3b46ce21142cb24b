"""A message to an address that isn't its person's any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("palabre_messages", "0001_outbox"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="address",
            field=models.TextField(db_default="", default=""),
        ),
    ]
