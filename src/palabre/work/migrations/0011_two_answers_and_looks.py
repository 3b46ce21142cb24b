"""Answers beside the one that is there, and who looked at what could not be read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_new_ways_in"),
        ("work", "0010_who_bears_it"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OtherAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("revision", models.SmallIntegerField()),
                ("key", models.UUIDField()),
                ("body_hash", models.BinaryField()),
                ("result", models.JSONField()),
                ("note", models.TextField(default="")),
                ("note_digest", models.TextField(db_default="")),
                ("schema_version", models.IntegerField()),
                ("guideline_version", models.IntegerField()),
                ("submitted_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="rawsubmission",
            name="lease",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="work.lease"
            ),
        ),
        migrations.AddField(
            model_name="rawsubmission",
            name="looked_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="rawsubmission",
            name="operator",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="rawsubmission",
            name="project",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="work.project"
            ),
        ),
        migrations.AddField(
            model_name="rawsubmission",
            name="state",
            field=models.TextField(
                choices=[("waiting", "Waiting"), ("taken", "Taken"), ("nothing", "Nothing")],
                db_default="waiting",
            ),
        ),
        migrations.AddField(
            model_name="rawsubmission",
            name="word",
            field=models.TextField(db_default=""),
        ),
        migrations.AddIndex(
            model_name="rawsubmission",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["operator", "received_at"],
                name="raw_submission_waiting_ix",
            ),
        ),
        migrations.AddConstraint(
            model_name="rawsubmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("looked_at__isnull", True), ("state", "waiting")),
                    models.Q(("looked_at__isnull", False), ("state__in", ["taken", "nothing"])),
                    _connector="OR",
                ),
                name="raw_submission_looked_ck",
            ),
        ),
        migrations.AddField(
            model_name="otheranswer",
            name="annotation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="others", to="work.annotation"
            ),
        ),
        migrations.AddField(
            model_name="otheranswer",
            name="member",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="otheranswer",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["member"],
                name="other_answer_waiting_ix",
            ),
        ),
        migrations.AddConstraint(
            model_name="otheranswer",
            constraint=models.UniqueConstraint(fields=("member", "key"), name="other_answer_key_uq"),
        ),
    ]
