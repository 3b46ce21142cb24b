"""What a project's money looks like: what came in, what the work has cost, what is spoken for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from django.db.models import Sum

from palabre.money import minor_units
from palabre.pay.models import Accrual, LedgerAccount, Posting
from palabre.pay.queries import balance
from palabre.work.models import Project, Quote

SHARE, SOCIAL = LedgerAccount.Kind.SHARE, LedgerAccount.Kind.SOCIAL


@dataclass(frozen=True, slots=True)
class Books:
    """Whole minor units of the project's currency, but for `earned`, which keeps every fraction.

    `earned`: base pay of the work so far; `charged`: what of it has left the escrow, rounded down
    by member and day. `moved`: what came to the accounts of the platform's share and of social
    cover. Percents are the accepted quote's, of base pay.
    """

    paid_in: int
    balance: int
    earned: Fraction
    charged: int
    moved: dict[LedgerAccount.Kind, int]
    percents: dict[LedgerAccount.Kind, Fraction]
    reserve: Fraction
    dearest: Fraction

    def owed(self) -> dict[LedgerAccount.Kind, int]:
        """Shares of what was charged that were not moved yet, by account; whole units of the sum."""
        due = {kind: floor(self.charged * percent / 100) for kind, percent in self.percents.items()}
        return {kind: amount - self.moved[kind] for kind, amount in due.items() if amount > self.moved[kind]}

    @property
    def spoken_for(self) -> Fraction:
        """What of the balance belongs to work that is done.

        Fractions of base pay that wait to be charged, shares that were not moved, and the reserve
        for top-ups of that work, as far as no top-up has used it: days are settled later.
        """
        shares = self.earned * sum(self.percents.values(), Fraction(0)) / 100 - sum(self.moved.values())
        topped_up = self.paid_in - self.charged - sum(self.moved.values()) - self.balance
        reserve = self.earned * self.reserve / 100 - topped_up
        return self.earned - self.charged + max(shares, Fraction(0)) + max(reserve, Fraction(0))

    def affordable(self) -> int:
        """How many more judgements the money covers, each by the dearest place, with every share."""
        return max(floor((self.balance - self.spoken_for) / self.cost), 0)

    @property
    def cost(self) -> Fraction:
        """One judgement from the dearest place, with every share."""
        return self.dearest * (1 + sum(self.percents.values(), self.reserve) / 100)


def books_of(project: Project) -> Books:
    """The books of a project that has an escrow account and rates. Five statements."""
    accruals = Accrual.objects.filter(charge=project.escrow_id)
    sums = accruals.aggregate(exact=Sum("exact_charge"), charged=Sum("charged"))
    return kept_books(
        project,
        paid_in=deposited(project),
        balance=balance(project.escrow_id) if project.escrow_id else 0,
        exact=sums["exact"] or Decimal(0),
        charged=sums["charged"] or 0,
        moved=_moved(project),
        lines=_accepted_lines(project),
    )


def kept_books(
    project: Project,
    *,
    paid_in: int,
    balance: int,
    exact: Decimal,
    charged: int,
    moved: dict[LedgerAccount.Kind, int],
    lines: Sequence[Mapping[str, Any]],
) -> Books:
    """The books from what was read: `lines` are those of the quote that was accepted last."""
    units = Fraction(10) ** minor_units(project.currency)
    percents = _percents(lines)
    charges = [Fraction(Decimal(rate["charge"])) for rate in project.rates.values()]
    return Books(
        paid_in=paid_in,
        balance=balance,
        earned=Fraction(exact) * units,
        charged=charged,
        moved=moved,
        percents={SHARE: percents["platform_share"], SOCIAL: percents["social_cover"]},
        reserve=percents["topup_reserve"],
        dearest=max(charges, default=Fraction(0)) * units,
    )


def deposited(project: Project) -> int:
    """What the client has paid in, less what was given back, in minor units."""
    # By its key, a deposit or its return is found among millions of postings without reading them.
    paid_in = Posting.objects.filter(
        account=project.escrow_id, transaction__key__startswith=f"deposit:{project.id}:"
    )
    return paid_in.aggregate(Sum("amount"))["amount__sum"] or 0


def _moved(project: Project) -> dict[LedgerAccount.Kind, int]:
    """What came in, not what is there: money taken out of a share account is not owed again."""
    came = (
        Posting.objects.filter(account__owner=project.id, account__kind__in=[SHARE, SOCIAL], amount__gt=0)
        .values_list("account__kind")
        .annotate(Sum("amount"))
    )
    sums = {LedgerAccount.Kind(kind): amount for kind, amount in came}
    return {kind: sums.get(kind, 0) for kind in (SHARE, SOCIAL)}


def _accepted_lines(project: Project) -> Sequence[Mapping[str, Any]]:
    accepted = Quote.objects.filter(project=project, accepted_at__isnull=False)
    quote = accepted.order_by("-accepted_at").first()
    return quote.lines if quote else []


def _percents(lines: Sequence[Mapping[str, Any]]) -> dict[str, Fraction]:
    """platform_share, social_cover and topup_reserve."""
    said = {line["line"]: Fraction(line["percent"]) for line in lines if "percent" in line}
    return {name: said.get(name, Fraction(0)) for name in ("platform_share", "social_cover", "topup_reserve")}
