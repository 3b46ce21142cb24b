"""What a person wants to be told by e-mail, how far she was told, and what she was told at once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_sessions_and_links"),
        ("palabre_messages", "0002_where_it_goes"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="off",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="told",
                        serialize=False,
                        to="people.personaldata",
                    ),
                ),
                ("mornings", models.BooleanField(db_default=True, default=True)),
                ("at_once", models.BooleanField(db_default=True, default=True)),
                ("until", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
            ],
            options={
                "db_table": "messages_told",
                "indexes": [
                    models.Index(
                        condition=models.Q(("mornings", True)), fields=["next_at"], name="told_next_ix"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ToldAtOnce",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="people.personaldata",
                    ),
                ),
                ("matter", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "messages_told_at_once",
                "constraints": [models.UniqueConstraint(fields=("person", "matter"), name="told_at_once_uq")],
            },
        ),
    ]
