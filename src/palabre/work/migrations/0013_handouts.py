"""When work on a project, and each version of its guideline, was first handed to a member; which leases stood for time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SO_FAR = """
INSERT INTO work_handout (member_id, project_id, guideline_version, at)
SELECT member_id, project_id, 0, min(leased_at) FROM work_lease GROUP BY 1, 2
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("work", "0012_looked_at_tasks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("guideline_version", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("read_ms", models.IntegerField(db_default=0)),
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
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="work.project"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "project", "guideline_version"), name="handout_first_uq"
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="lease",
            name="explained",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(_SO_FAR, migrations.RunSQL.noop),
    ]
