"""Which client works with which operator. Those that let one in, or have a project together, do."""

import django.db.models.deletion
from django.db import migrations, models

import palabre.ids

# The projects stand in a table of a later room, which an empty database doesn't have yet.
_AGREED = """
DO $$ BEGIN
    INSERT INTO people_agreement (id, client_id, operator_id, agreed_at)
    SELECT gen_random_uuid(), id, operator_id, created_at FROM people_organisation
    WHERE kind = 'client' AND operator_id IS NOT NULL ON CONFLICT DO NOTHING;
    IF to_regclass('work_project') IS NOT NULL THEN
        INSERT INTO people_agreement (id, client_id, operator_id, agreed_at)
        SELECT gen_random_uuid(), client_id, operator_id, min(created_at) FROM work_project
        WHERE state <> 'draft' GROUP BY client_id, operator_id ON CONFLICT DO NOTHING;
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_where_she_lived"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.UUIDField(default=palabre.ids.new_id, primary_key=True, serialize=False)),
                ("agreed_at", models.DateTimeField()),
                ("agreed_by", models.UUIDField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="people.organisation",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements_with_clients",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "operator"), name="agreement_once_uq")
                ],
            },
        ),
        migrations.RunSQL(_AGREED, migrations.RunSQL.noop),
    ]
