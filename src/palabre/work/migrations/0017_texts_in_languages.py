"""Texts of a project and of its guidelines in several languages; those of today are in the installation's first one."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models.lookups import Exact

import palabre.work.models.projects

_MAIN_ONCE = Exact(
    models.Func(
        models.F("translations"),
        models.F("main_language"),
        function="jsonb_exists",
        output_field=models.BooleanField(),
    ),
    False,
)


def _texts_of_today(apps: Any, _editor: object) -> None:
    first = settings.LANGUAGES[0][0]
    for name in ("Project", "Guideline"):
        apps.get_model("work", name).objects.exclude(main_language=first).update(main_language=first)


def _columns(model: str) -> list[Any]:
    # The old version, still serving, writes its rows without them.
    spoken = models.TextField(db_default="en", default=palabre.work.models.projects.first_language)
    return [
        migrations.AddField(model, "main_language", spoken),
        migrations.AddField(model, "translations", models.JSONField(db_default={}, default=dict)),
    ]


class Migration(migrations.Migration):
    dependencies = [("work", "0016_nobody_of_the_program")]

    operations = [
        *_columns("project"),
        *_columns("guideline"),
        migrations.RunPython(_texts_of_today, migrations.RunPython.noop),
        migrations.AddConstraint(
            "project", models.CheckConstraint(condition=_MAIN_ONCE, name="project_main_language_ck")
        ),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(purpose="") & ~models.Q(main_language=""),
                name="project_texts_ck",
            ),
        ),
        migrations.AddConstraint(
            "guideline", models.CheckConstraint(condition=_MAIN_ONCE, name="guideline_main_language_ck")
        ),
        migrations.AddConstraint(
            "guideline",
            models.CheckConstraint(
                condition=~models.Q(body="") & ~models.Q(main_language=""), name="guideline_texts_ck"
            ),
        ),
    ]
