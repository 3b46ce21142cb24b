"""Who asked, so that the answers to a person can be emptied when she is erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0003_what_auditors_ask_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="account",
            field=models.UUIDField(null=True),
        ),
    ]
