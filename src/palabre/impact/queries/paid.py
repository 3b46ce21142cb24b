"""What a client has paid in for a project, and what of it went back."""

from dataclasses import dataclass

from django.db import connection

from palabre.work.models import Project

# By keys that an index finds among all that moved on the account.
_PAID = """
SELECT coalesce(sum(p.amount) FILTER (WHERE t.kind = 'deposit'), 0)::bigint,
    coalesce(-sum(p.amount) FILTER (WHERE t.kind = 'deposit_reversed'), 0)::bigint,
    coalesce(-sum(p.amount) FILTER (WHERE t.kind = 'refund'), 0)::bigint
FROM pay_posting p JOIN pay_ledgertransaction t ON t.id = p.transaction_id
WHERE p.account_id = %(escrow)s AND t.key LIKE %(prefix)s
"""


@dataclass(frozen=True, slots=True)
class Paid:
    """Minor units of the project's currency. `mistaken`: recorded by mistake and taken back; never there in truth."""

    recorded: int
    mistaken: int
    returned: int

    @property
    def paid_in(self) -> int:
        return self.recorded - self.mistaken


def paid_of(project: Project) -> Paid:
    """For a project that has an account for deposits. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, {"escrow": project.escrow_id, "prefix": f"deposit:{project.id}:%"})
        return Paid(*cursor.fetchone())
