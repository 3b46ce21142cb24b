"""Where all processes count tries. What a crash of the database takes of it is worth less than writing it twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_clients_and_operators_agree"),
    ]

    operations = [
        migrations.CreateModel(
            name="Try",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("spent", models.FloatField()),
                ("refused", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["at"], name="try_at_ix")]},
        ),
        migrations.RunSQL("ALTER TABLE people_try SET UNLOGGED", "ALTER TABLE people_try SET LOGGED"),
    ]
