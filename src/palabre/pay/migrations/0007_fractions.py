"""Fractions of charges are collected: a row of base pay may be charged up, so what its last credit added is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pay", "0006_deposits_never_below_zero")]
    operations = [
        migrations.AddField("accrual", "last_charge", models.BigIntegerField(db_default=0)),
    ]
