"""Who looked at a task that members marked or left, and what came of it; a task can be taken out.

`is_open` is made anew, because a generated column can't be given another expression. Skips from before wait too.
"""

import django.db.models.expressions
from django.db import migrations, models

# Their keys were not kept: the lease has one skip at most, so a key made of it is as good.
SKIPPED = """
INSERT INTO work_flag (id, project_id, task_id, member_id, reason, comment, skipped, flagged_at, outcome, word)
SELECT md5('skip:' || l.id)::uuid, l.project_id, l.task_id, l.member_id, l.reason, l.comment, true, l.leased_at,
    'waiting', ''
FROM work_lease l WHERE l.state = 'skipped' ON CONFLICT (id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0011_two_answers_and_looks")]

    operations = [
        migrations.AddField("flag", "skipped", models.BooleanField(db_default=False)),
        migrations.AddField(
            "flag",
            "outcome",
            models.TextField(
                choices=[
                    ("waiting", "Waiting"),
                    ("taken_out", "Taken Out"),
                    ("stays", "Stays"),
                    ("answered", "Answered"),
                ],
                db_default="waiting",
            ),
        ),
        migrations.AddField("flag", "word", models.TextField(db_default="")),
        migrations.AddField("flag", "settled_at", models.DateTimeField(null=True)),
        migrations.AddField("flag", "settled_by", models.UUIDField(null=True)),
        migrations.AlterField(
            "flag",
            "reason",
            models.TextField(
                choices=[
                    ("harmful", "Harmful"),
                    ("personal", "Personal"),
                    ("wrong", "Wrong"),
                    ("hard", "Hard"),
                    ("unclear", "Unclear"),
                    ("broken", "Broken"),
                    ("language", "Language"),
                    ("other", "Other"),
                ]
            ),
        ),
        migrations.RunSQL(SKIPPED, "DELETE FROM work_flag WHERE skipped"),
        migrations.AddConstraint(
            "flag",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(outcome="waiting", settled_at__isnull=True),
                    models.Q(models.Q(outcome="waiting", _negated=True), settled_at__isnull=False),
                    _connector="OR",
                ),
                name="flag_settled_ck",
            ),
        ),
        migrations.AddIndex(
            "flag",
            models.Index(
                condition=models.Q(("outcome", "waiting")), fields=["project", "task"], name="flag_waiting_ix"
            ),
        ),
        migrations.AddIndex(
            "flag",
            models.Index(
                condition=models.Q(("word", ""), _negated=True),
                fields=["member", "settled_at"],
                name="flag_answered_ix",
            ),
        ),
        migrations.RemoveIndex("task", "task_open_ix"),
        migrations.RemoveIndex("task", "task_returned_ix"),
        migrations.RemoveField("task", "is_open"),
        migrations.AddField("task", "taken_out_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "task",
            "is_open",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.ExpressionWrapper(
                    models.Q(models.Q(("free", 0), _negated=True), ("taken_out_at__isnull", True)),
                    output_field=models.BooleanField(),
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(("is_open", True)), fields=["batch", "position"], name="task_open_ix"
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(("is_open", True), ("returned__isnull", False)),
                fields=["batch", "returned"],
                name="task_returned_ix",
            ),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                condition=models.Q(("taken_out_at__isnull", False)),
                fields=["batch"],
                name="task_taken_out_ix",
            ),
        ),
    ]
