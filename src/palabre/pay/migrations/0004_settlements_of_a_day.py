"""What one day's settlement did is found without reading those of all other days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pay", "0003_accruals_by_charge")]

    operations = [
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["day", "id"], name="settlement_day_ix"),
        ),
    ]
