"""How far the deposit of each project reaches, for a whole list of projects."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from django.db import connection
from django.db.models import Count

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation
from palabre.work.models import Project, Quote
from palabre.work.models.tasks import Lease
from palabre.work.queries.books import SHARE, SOCIAL, Books, kept_books
from palabre.work.queries.sizes import NOTHING, Sizes, sizes_of

# For each project, by the indexes on keys, accounts and charges: nothing is read of other projects.
_BOOKS = """
SELECT p.id,
    (SELECT coalesce(sum(o.amount), 0) FROM pay_ledgertransaction t
     JOIN pay_posting o ON o.transaction_id = t.id AND o.account_id = p.escrow_id
     WHERE t.key ~>=~ ('deposit:' || p.id || ':') AND t.key ~<~ ('deposit:' || p.id || ';'))::bigint,
    (SELECT coalesce(sum(amount), 0) FROM pay_balance WHERE account_id = p.escrow_id)::bigint,
    work.exact, work.charged,
    (SELECT coalesce(sum(o.amount), 0) FROM pay_ledgeraccount a JOIN pay_posting o ON o.account_id = a.id
     WHERE a.owner = p.id AND a.kind = 'share' AND o.amount > 0)::bigint,
    (SELECT coalesce(sum(o.amount), 0) FROM pay_ledgeraccount a JOIN pay_posting o ON o.account_id = a.id
     WHERE a.owner = p.id AND a.kind = 'social' AND o.amount > 0)::bigint
FROM work_project p CROSS JOIN LATERAL (
    SELECT coalesce(sum(exact_charge), 0) AS exact, coalesce(sum(charged), 0)::bigint AS charged
    FROM pay_accrual WHERE charge_id = p.escrow_id) work
WHERE p.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Escrow:
    """A project's deposit, in minor units of its currency. `reserved` is for tasks in somebody's hands.

    `covers`: judgements that what is left pays for, those in hand among them. `tasks`: of its batches, without
    what was taken out; `funded` of them are covered from the first to the last judgement.
    """

    project: Project
    deposited: int
    spent: int
    bound: int
    reserved: int
    left: int
    covers: int
    in_hand: int
    size: Sizes

    @property
    def tasks(self) -> int:
        return self.size.tasks

    @property
    def funded(self) -> int:
        return self.size.funded

    @property
    def lacks(self) -> bool:
        """Whether work is waiting for money."""
        if self.project.state == Project.State.PILOT:
            return self.funded < min(self.tasks, (self.project.pilot_tasks or 0) - self.size.passed_over)
        return self.project.state != Project.State.CLOSED and self.funded < self.tasks

    @property
    def to_give_back(self) -> bool:
        """Whether something is left of a closed project's deposit: it is the client's."""
        return self.project.state == Project.State.CLOSED and self.deposited > self.spent


def escrows(by: Actor, *, after: uuid.UUID | None, limit: int) -> list[Escrow]:
    """The deposits of the actor's projects in the order of their ids. Five statements.

    Raises: NotAllowed.
    """
    by.require(Permission.READ_MONEY)
    found = of_organisation(by).filter(escrow__isnull=False).select_related("client").order_by("id")
    projects = list((found.filter(id__gt=after) if after else found)[:limit])
    return escrows_of(projects)


def escrows_of(projects: Sequence[Project]) -> list[Escrow]:
    """The same for these projects, which all have an escrow. Four statements."""
    ids = [one.id for one in projects]
    books, hands = _books(projects), _hands(ids)
    sizes = sizes_of(ids)
    return [_escrow(one, books[one.id], hands.get(one.id, 0), sizes.get(one.id, NOTHING)) for one in projects]


def _escrow(project: Project, books: Books, in_hand: int, size: Sizes) -> Escrow:
    bound = min(ceil(max(books.spoken_for, Fraction(0))), max(books.balance, 0))
    reserved = min(ceil(in_hand * books.cost) if books.dearest else 0, max(books.balance - bound, 0))
    return Escrow(
        project=project,
        deposited=books.paid_in,
        spent=books.paid_in - books.balance,
        bound=bound,
        reserved=reserved,
        left=books.balance - bound - reserved,
        covers=books.affordable() if books.dearest else 0,
        in_hand=in_hand,
        size=size,
    )


def _books(projects: Sequence[Project]) -> dict[uuid.UUID, Books]:
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, [[one.id for one in projects]])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    lines = _lines(projects)
    return {one.id: _kept(one, rows[one.id], lines.get(one.id, [])) for one in projects}


def _kept(project: Project, row: tuple[Any, ...], lines: Sequence[Mapping[str, Any]]) -> Books:
    paid_in, balance, exact, charged, share, social = row
    moved = {SHARE: share, SOCIAL: social}
    return kept_books(
        project, paid_in=paid_in, balance=balance, exact=exact, charged=charged, moved=moved, lines=lines
    )


def _lines(projects: Sequence[Project]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """The lines of the quote that was accepted last, by project."""
    accepted = Quote.objects.filter(project__in=projects, accepted_at__isnull=False)
    newest = accepted.order_by("project", "-accepted_at").distinct("project")
    return dict(newest.values_list("project_id", "lines"))


def _hands(projects: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Tasks in somebody's hands."""
    held = Lease.objects.filter(project__in=projects, state=Lease.State.OPEN)
    return dict(held.values_list("project").annotate(Count("id")))
