"""Counts of judgements by day and of time by account, so that pages cost the same at any size."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("impact", "0002_initial"),
        ("work", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TallyMark",
            fields=[
                (
                    "table",
                    models.TextField(
                        choices=[("annotations", "Annotations"), ("time", "Time")],
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("through", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TimeTally",
            fields=[
                ("charge", models.BigIntegerField(primary_key=True, serialize=False)),
                ("counted_ms", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="DayTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("judgements", models.BigIntegerField()),
                ("counted", models.BigIntegerField()),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="work.project"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("project", "day"), name="day_tally_project_day_uq")
                ],
            },
        ),
    ]
