"""Verifications by a button, evidence that was asked for, and events found by their kind."""

from django.db import migrations, models

import palabre.ids


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(default=palabre.ids.new_id, primary_key=True, serialize=False)),
                ("organisation", models.UUIDField()),
                ("asked_by", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("project", models.UUIDField(null=True)),
                ("seal", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.UUIDField(default=palabre.ids.new_id, primary_key=True, serialize=False)),
                ("organisation", models.UUIDField(null=True)),
                ("asked_by", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("steps", models.SmallIntegerField(default=0)),
                ("done", models.SmallIntegerField(default=0)),
                ("tries", models.SmallIntegerField(default=0)),
                ("gave_up", models.BooleanField(default=False)),
                ("events", models.BigIntegerField(null=True)),
                ("seals", models.BigIntegerField(null=True)),
                ("problems", models.JSONField(default=list)),
            ],
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["code", "seq"], name="event_code_seq_ix"),
        ),
        migrations.AddIndex(
            model_name="seal",
            index=models.Index(fields=["last"], name="seal_last_ix"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["organisation", "asked_at"], name="evidence_organisation_ix"),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.UniqueConstraint(
                fields=("finished_at",), name="verification_one_at_once_uq", nulls_distinct=False
            ),
        ),
    ]
