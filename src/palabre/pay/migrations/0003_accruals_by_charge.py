"""What a project has been charged is asked every night: without this, all accruals would be read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pay", "0002_ledger_laws")]
    operations = [
        migrations.AddIndex(
            model_name="accrual",
            index=models.Index(fields=["charge", "day"], name="accrual_charge_day_ix"),
        ),
    ]
