"""Some tasks first, confirmed by members and measured; what members read before they take work."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

_LAUNCHED_BEFORE = (
    "UPDATE work_project SET without_pilot = 'Before there were pilots.' WHERE launched_at IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [("work", "0004_reviews"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("project", "risk_note", models.TextField(default="")),
        migrations.AddField("project", "language", models.TextField(default="")),
        migrations.AddField("project", "pilot_tasks", models.IntegerField(null=True)),
        migrations.AddField("project", "piloted_at", models.DateTimeField(null=True)),
        migrations.AddField("project", "pilot_judgements", models.IntegerField(null=True)),
        migrations.AddField("project", "without_pilot", models.TextField(default="")),
        migrations.AlterField(
            "project",
            "state",
            models.TextField(
                choices=[
                    ("draft", "Draft"),
                    ("pilot", "Pilot"),
                    ("live", "Live"),
                    ("paused", "Paused"),
                    ("closed", "Closed"),
                ],
                default="draft",
            ),
        ),
        migrations.RunSQL(_LAUNCHED_BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=~Q(state="pilot") | Q(pilot_tasks__gte=1, pilot_tasks__isnull=False),
                name="project_pilot_tasks_ck",
            ),
        ),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=Q(piloted_at=None, pilot_judgements=None)
                | Q(piloted_at__isnull=False, pilot_judgements__gte=1, pilot_judgements__isnull=False),
                name="project_piloted_ck",
            ),
        ),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=Q(launched_at=None) | Q(piloted_at__isnull=False) | ~Q(without_pilot=""),
                name="project_launch_ck",
            ),
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("guideline_version", models.IntegerField()),
                ("clear", models.BooleanField()),
                ("remark", models.TextField(default="")),
                ("at", models.DateTimeField()),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="work.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["project", "member", "guideline_version"],
                        name="confirmation_member_version_uq",
                    ),
                    models.CheckConstraint(
                        condition=Q(clear=True) | ~Q(remark=""), name="confirmation_remark_ck"
                    ),
                ],
            },
        ),
    ]
