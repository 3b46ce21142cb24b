"""Members mark a task without leaving it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0002_storage"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "reason",
                    models.TextField(
                        choices=[
                            ("harmful", "Harmful"),
                            ("personal", "Personal"),
                            ("wrong", "Wrong"),
                            ("hard", "Hard"),
                            ("other", "Other"),
                        ]
                    ),
                ),
                ("comment", models.TextField()),
                ("flagged_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="work.project"),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="work.task"
                    ),
                ),
            ],
        ),
    ]
