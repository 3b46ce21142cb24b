"""What a deposit can't bear falls on the operator that runs its project: the account says who that is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pay", "0004_settlements_of_a_day")]
    operations = [
        migrations.AddField(model_name="ledgeraccount", name="backer", field=models.UUIDField(null=True)),
    ]
