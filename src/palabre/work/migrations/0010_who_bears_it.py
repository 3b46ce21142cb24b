"""The operators of projects that have an account already."""

from django.db import migrations

FILL = """
UPDATE pay_ledgeraccount a SET backer = p.operator_id FROM work_project p
WHERE a.id = p.escrow_id AND a.backer IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0009_answers_of_clients"), ("pay", "0005_who_bears_it")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
