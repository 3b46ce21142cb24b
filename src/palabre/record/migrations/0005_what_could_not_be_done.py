"""What background work could not do is kept, so that it is passed, counted on a home and tried again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0004_whose_request")]
    operations = [
        migrations.CreateModel(
            name="Failure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.TextField()),
                ("subject", models.TextField()),
                ("organisation", models.UUIDField(null=True)),
                ("why", models.TextField()),
                ("since", models.DateTimeField()),
                ("tried_at", models.DateTimeField()),
                ("tries", models.IntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["job", "subject"], name="failure_job_subject_uq")
                ],
                "indexes": [models.Index(fields=["organisation", "job"], name="failure_organisation_ix")],
            },
        ),
    ]
