"""Where a member's money goes, who carries a payout there, and how an operator does it.

Payouts of before belong to the operator where she was last.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import palabre.ids

_PAYERS = """
UPDATE pay_payout p SET operator_id = (
    SELECT g.organisation_id FROM people_grant g JOIN people_organisation o ON o.id = g.organisation_id
    WHERE g.account_id = p.member_id AND o.kind = 'operator' ORDER BY g.granted_at DESC LIMIT 1
) WHERE operator_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pay", "0007_fractions"),
        ("people", "0009_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PayoutWay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("way", models.TextField()),
                ("days", models.SmallIntegerField()),
                ("fee_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("fee_fixed", models.BigIntegerField(null=True)),
                ("columns", models.JSONField(default=list)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="payout",
            name="fee",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="likely_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="operator",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="people.organisation"
            ),
        ),
        migrations.AlterField(
            model_name="payout",
            name="state",
            field=models.TextField(
                choices=[
                    ("prepared", "Prepared"),
                    ("carried", "Carried"),
                    ("sent", "Sent"),
                    ("accepted", "Accepted"),
                    ("pending", "Pending"),
                    ("paid", "Paid"),
                    ("failed", "Failed"),
                    ("taken_back", "Taken Back"),
                    ("unknown", "Unknown"),
                ],
                default="prepared",
            ),
        ),
        migrations.CreateModel(
            name="Destination",
            fields=[
                ("id", models.UUIDField(default=palabre.ids.new_id, primary_key=True, serialize=False)),
                (
                    "rail",
                    models.TextField(
                        choices=[("mobile_money", "Mobile Money"), ("bank", "Bank"), ("cash", "Cash")]
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("service", models.TextField(default="")),
                ("number", models.TextField(default="")),
                ("bank", models.TextField(default="")),
                ("place", models.TextField(default="")),
                ("holder", models.TextField(default="")),
                ("named_at", models.DateTimeField()),
                ("usable_from", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="payout",
            name="destination",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="pay.destination"
            ),
        ),
        migrations.CreateModel(
            name="OperatorAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("holder", models.TextField()),
                ("country", models.CharField(max_length=2)),
                ("number", models.TextField()),
                ("bank", models.TextField(default="")),
                ("set_at", models.DateTimeField()),
                (
                    "operator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="people.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayoutBatch",
            fields=[
                ("id", models.UUIDField(default=palabre.ids.new_id, primary_key=True, serialize=False)),
                ("carrier", models.UUIDField()),
                ("taken_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("put_back_at", models.DateTimeField(null=True)),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="people.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="payout",
            name="batch",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="pay.payoutbatch"
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["prepared", "carried", "taken_back"]), _negated=True),
                    ("destination__isnull", False),
                    _connector="OR",
                ),
                name="payout_goes_somewhere_ck",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["prepared", "taken_back"]), _negated=True),
                    ("batch", None),
                    _connector="OR",
                ),
                name="payout_waits_free_ck",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "carried"), _negated=True), ("batch__isnull", False), _connector="OR"
                ),
                name="payout_carried_by_ck",
            ),
        ),
        migrations.AddField(
            model_name="payoutway",
            name="operator",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="people.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="destination",
            index=models.Index(fields=["member", "-usable_from"], name="destination_member_ix"),
        ),
        migrations.AddConstraint(
            model_name="destination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", ""), ("rail", "cash")),
                    models.Q(
                        ("rail", "mobile_money"),
                        models.Q(("number", ""), _negated=True),
                        models.Q(("service", ""), _negated=True),
                    ),
                    models.Q(("rail", "bank"), models.Q(("number", ""), _negated=True)),
                    _connector="OR",
                ),
                name="destination_complete_ck",
            ),
        ),
        migrations.AddConstraint(
            model_name="destination",
            constraint=models.CheckConstraint(
                condition=models.Q(("usable_from__gte", models.F("named_at"))), name="destination_waits_ck"
            ),
        ),
        migrations.AddIndex(
            model_name="payoutbatch",
            index=models.Index(fields=["operator", "-taken_at"], name="payout_batch_operator_ix"),
        ),
        migrations.AddConstraint(
            model_name="payoutbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("put_back_at", None), _connector="OR"),
                name="batch_sent_or_put_back_ck",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutway",
            constraint=models.UniqueConstraint(fields=("operator", "way"), name="payout_way_uq"),
        ),
        migrations.AddConstraint(
            model_name="payoutway",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 0), ("days__lte", 60)), name="payout_way_days_ck"
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutway",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fee_fixed", None), ("fee_percent", None)),
                    models.Q(("fee_fixed__gte", 0), ("fee_percent__gte", 0), ("fee_percent__lt", 100)),
                    _connector="OR",
                ),
                name="payout_way_fee_ck",
            ),
        ),
        migrations.RunSQL(_PAYERS, migrations.RunSQL.noop),
    ]
