"""Reads of the ledger by an operator's finance and auditors.

The ledger is the installation's. An operator reads its own accounts, those of its projects, those of members whom no
other operator has or had, and those that are nobody's (the outside, exchange, rounding, the platform); of these, only
the postings of transactions that touch one of its own. Sums over whole kinds of accounts are the installation's.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet, Sum

from palabre.errors import NotFound
from palabre.pay.models import LedgerAccount, LedgerTransaction, Posting
from palabre.pay.queries import reversal_of, reversals_of
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.walls import only_here
from palabre.work.access import of_organisation, project_for
from palabre.work.models import Project

# The newest posting first. What stood on the account after each is its balance less all that is newer.
_POSTINGS = """
WITH now AS (
    SELECT coalesce(sum(amount), 0) - coalesce((
        SELECT sum(amount) FROM pay_posting WHERE account_id = %(account)s AND id >= %(before)s), 0) AS amount
    FROM pay_balance WHERE account_id = %(account)s
)
SELECT p.id, p.transaction_id, t.kind, t.at, p.amount,
    (now.amount - coalesce(sum(p.amount) OVER (
        ORDER BY p.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))::bigint
FROM now, (
    SELECT * FROM pay_posting WHERE account_id = %(account)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
) p JOIN pay_ledgertransaction t ON t.id = p.transaction_id ORDER BY p.id DESC
"""
_COMMON = """
SELECT p.id, p.transaction_id, t.kind, t.at, p.amount, NULL
FROM pay_posting p JOIN pay_ledgertransaction t ON t.id = p.transaction_id
WHERE p.account_id = %(account)s AND p.id < %(before)s AND EXISTS (
    SELECT FROM pay_posting o JOIN pay_ledgeraccount a ON a.id = o.account_id
    WHERE o.transaction_id = p.transaction_id AND a.owner = ANY(%(owners)s))
ORDER BY p.id DESC LIMIT %(limit)s
"""
LAST = 2**62
DEPOSITS = ("deposit", "deposit_reversed", "refund")


@dataclass(frozen=True, slots=True)
class Row:
    """One account with what stands on it, in minor units."""

    id: int
    kind: str
    owner: uuid.UUID | None
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting of an account. `after`: what stood there then; None on an account that others use too."""

    id: int
    transaction: int
    kind: str
    at: dt.datetime
    amount: int
    after: int | None


def own_accounts(by: Actor) -> QuerySet[LedgerAccount]:
    """The accounts that the actor may read. Raises: NotAllowed."""
    by.require(Permission.READ_MONEY)
    if by.account is None:
        return LedgerAccount.objects.all()
    return LedgerAccount.objects.filter(
        Q(owner=None)
        | Q(owner=by.organisation)
        | Q(owner__in=of_organisation(by).values("id"))
        | Q(owner__in=only_here(by.organisation).values("id"))
        | Q(kind=LedgerAccount.Kind.PAYABLE, owed_by=by.organisation)
    )


def accounts(by: Actor, *, kind: str = "", after: int | None, limit: int) -> list[Row]:
    """Accounts with their balances in the order of their ids. One statement. Raises: NotAllowed."""
    found = own_accounts(by).filter(id__gt=after or 0)
    if kind:
        found = found.filter(kind=kind)
    rows = found.annotate(amount=Sum("balances__amount")).order_by("id")[:limit]
    return [Row(one.id, one.kind, one.owner, one.currency, one.amount or 0) for one in rows]


def account(by: Actor, account_id: int) -> Row:
    """One account. Raises: NotAllowed, NotFound."""
    one = own_accounts(by).filter(id=account_id).annotate(amount=Sum("balances__amount")).first()
    if one is None:
        raise NotFound
    return Row(one.id, one.kind, one.owner, one.currency, one.amount or 0)


def movements(by: Actor, of: Row, *, before: int | None, limit: int) -> list[Movement]:
    """An account's postings, the newest first, each with what stood there after it. One or three statements."""
    common = of.owner is None and by.account is not None
    wanted = {"account": of.id, "before": before or LAST, "limit": limit}
    if common:
        wanted["owners"] = owners(by)  # type: ignore[assignment]
    with connection.cursor() as cursor:
        cursor.execute(_COMMON if common else _POSTINGS, wanted)
        return [Movement(*row) for row in cursor.fetchall()]


def owners(by: Actor) -> list[uuid.UUID]:
    """Whose accounts are the actor's to read: her operator's own, its projects' and members'. Two statements."""
    projects = of_organisation(by).values_list("id", flat=True)
    members = only_here(by.organisation).values_list("id", flat=True)
    own = [by.organisation] if by.organisation else []
    return [*own, *projects, *members]


def transaction_for(by: Actor, number: int) -> tuple[LedgerTransaction, Sequence[Posting]]:
    """One ledger transaction with its postings on the actor's own accounts, when it touches one.

    Of a transaction that two operators share (a top-up of a day that both bear) each reads its own part, which
    sums to zero as the whole does. Raises: NotAllowed, NotFound.
    """
    seen = own_accounts(by)
    found = LedgerTransaction.objects.filter(id=number).first()
    if found is None:
        raise NotFound
    postings = Posting.objects.filter(transaction=found, account__in=seen.values("id")).select_related(
        "account"
    )
    own = list(postings.order_by("id"))
    if all(one.account.owner is None for one in own) and by.account is not None:
        raise NotFound
    return found, own


def trial_balance(by: Actor) -> Iterator[Row]:
    """Every account that the actor may read with its balance, streamed, at one moment. Raises: NotAllowed."""
    found = own_accounts(by).annotate(amount=Sum("balances__amount")).order_by("currency", "kind", "id")
    return (
        Row(one.id, one.kind, one.owner, one.currency, one.amount or 0)
        for one in found.iterator(chunk_size=2000)
    )


def project_names(by: Actor) -> dict[uuid.UUID, str]:
    """The names of the actor's projects by id. One statement."""
    return dict(of_organisation(by).values_list("id", "name"))


@dataclass(frozen=True, slots=True)
class Deposit:
    """What came in for a project or went back, in minor units; `reversal` took it back, where one did."""

    transaction: LedgerTransaction
    amount: int
    currency: str
    reversal: int | None

    @property
    def id(self) -> int:
        return self.transaction.id

    @property
    def may_be_reversed(self) -> bool:
        return self.transaction.kind == "deposit" and self.reversal is None


def deposits(by: Actor, *, before: int | None, limit: int) -> list[Deposit]:
    """Deposits on the actor's projects and what went back of them, the newest first. Four statements.

    Raises: NotAllowed.
    """
    by.require(Permission.READ_MONEY)
    projects = [str(one) for one in of_organisation(by).values_list("id", flat=True)]
    found = LedgerTransaction.objects.filter(
        key__startswith="deposit:", kind__in=DEPOSITS, data__project__in=projects, id__lt=before or LAST
    )
    return _deposits(found.order_by("-id")[:limit])


def deposit(by: Actor, number: int) -> tuple[Project, Deposit]:
    """One deposit on a project of the actor's. Raises: NotAllowed, NotFound."""
    found = LedgerTransaction.objects.filter(id=number, kind="deposit").first()
    if found is None:
        raise NotFound
    project = project_for(by, uuid.UUID(found.data["project"]), Permission.READ_MONEY)
    (one,) = _deposits(LedgerTransaction.objects.filter(id=number))
    return project, one


def _deposits(found: QuerySet[LedgerTransaction]) -> list[Deposit]:
    """With the amount as the project's account saw it."""
    outside = Posting.objects.exclude(account__kind=LedgerAccount.Kind.WORLD)
    rows = list(found.prefetch_related(Prefetch("postings", outside)))
    reversals = reversals_of(rows)
    return [
        Deposit(one, posting.amount, posting.currency, reversals.get(one.id))
        for one in rows
        for posting in one.postings.all()
    ]


def deposit_under(project: Project, reference: str) -> LedgerTransaction | None:
    """What was recorded for the project under a reference before, and still stands."""
    known = LedgerTransaction.objects.filter(
        key__startswith=f"deposit:{project.id}:", kind="deposit", data__reference=reference.strip()
    ).last()
    return known if known and reversal_of(project.id, known.id) is None else None
