"""With what a token was made: whoever ends the one ends the other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_new_ways_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="token",
            name="made_with",
            field=models.UUIDField(null=True),
        ),
    ]
