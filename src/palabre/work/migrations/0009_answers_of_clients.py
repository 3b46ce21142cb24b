"""Whether an answer to a question is the client's or the operator's.

The default stands in the database, so that the version before goes on writing.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0008_pilot_shared_time")]

    operations = [
        migrations.AddField("question", "answered_by_client", models.BooleanField(db_default=False)),
    ]
