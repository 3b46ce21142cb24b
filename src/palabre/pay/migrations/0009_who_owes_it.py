"""A member has an account of money for each operator that owes her something.

What is there already belongs to the operator that it was earned with: of several the one that most of it was, and
where nothing was earned the one where she was last.
"""

from django.db import migrations, models

_OWED = """
UPDATE pay_ledgeraccount a SET owed_by = coalesce((
    SELECT CASE c.kind WHEN 'platform' THEN c.owner ELSE c.backer END
    FROM pay_accrual k JOIN pay_ledgeraccount c ON c.id = k.charge_id
    WHERE k.member_id = a.owner AND k.currency = a.currency
    GROUP BY 1 ORDER BY sum(k.credited) DESC LIMIT 1
), (
    SELECT g.organisation_id FROM people_grant g JOIN people_organisation o ON o.id = g.organisation_id
    WHERE g.account_id = a.owner AND o.kind = 'operator' ORDER BY g.granted_at DESC LIMIT 1
)) WHERE a.kind = 'payable'
"""


class Migration(migrations.Migration):
    dependencies = [("pay", "0008_where_money_goes"), ("people", "0009_tries")]

    operations = [
        migrations.AddField("ledgeraccount", "owed_by", models.UUIDField(null=True)),
        migrations.RemoveConstraint("ledgeraccount", "ledger_account_uq"),
        migrations.AddConstraint(
            "ledgeraccount",
            models.UniqueConstraint(
                fields=["kind", "owner", "currency", "owed_by"],
                name="ledger_account_uq",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "ledgeraccount",
            models.CheckConstraint(
                condition=models.Q(("kind", "payable"), ("owed_by", None), _connector="OR"),
                name="ledger_account_owed_ck",
            ),
        ),
        migrations.RunSQL(_OWED, migrations.RunSQL.noop),
    ]
