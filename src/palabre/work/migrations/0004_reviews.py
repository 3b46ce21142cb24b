"""Reviews of disputed tasks. Nobody reviews a task that was ever in her own hands: a trigger refuses it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION palabre_review_not_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM work_lease WHERE task_id = NEW.task_id AND member_id = NEW.reviewer_id)
        OR EXISTS (SELECT FROM work_annotation WHERE task_id = NEW.task_id AND member_id = NEW.reviewer_id)
    THEN
        RAISE EXCEPTION 'a reviewer does not review a task that was in her own hands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_not_own_ck';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_not_own BEFORE INSERT ON work_review
    FOR EACH ROW EXECUTE FUNCTION palabre_review_not_own();
"""

BACKWARD = """
DROP TRIGGER review_not_own ON work_review;
DROP FUNCTION palabre_review_not_own;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0003_flags"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("open", "Open"),
                            ("submitted", "Submitted"),
                            ("extra", "Extra"),
                            ("returned", "Returned"),
                            ("expired", "Expired"),
                        ],
                        default="open",
                    ),
                ),
                ("schema_version", models.IntegerField()),
                ("guideline_version", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("result", models.JSONField(default=list)),
                ("reason", models.TextField(default="")),
                ("submitted_at", models.DateTimeField(null=True)),
                ("pay", models.DecimalField(decimal_places=8, max_digits=18)),
                ("pay_currency", models.CharField(max_length=3)),
                ("charge", models.DecimalField(decimal_places=8, max_digits=18)),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="work.project"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="work.task",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["reviewer", "id"], name="review_reviewer_ix"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["project", "expires_at"],
                        name="review_open_ix",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "reviewer"), name="review_task_reviewer_uq"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "submitted"])),
                        fields=("task",),
                        name="review_holder_uq",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("reviewer", "project"),
                        name="review_one_open_uq",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["submitted", "extra"]), _negated=True),
                            models.Q(
                                ("submitted_at__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="review_reason_ck",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
