"""What stands open in a project that is about to end, and what its money came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count

from palabre.decisions.models import Appeal
from palabre.impact.models import ScoreCard
from palabre.impact.queries.paid import Paid, paid_of
from palabre.impact.queries.standing import Standing
from palabre.money import Money
from palabre.pay.queries import days_due
from palabre.quality.models import CLEAR, Consensus
from palabre.timesheet.models import Correction
from palabre.work.models import Annotation, Project, Quote, Review
from palabre.work.queries.books import SHARE, SOCIAL, Books, books_of

_OPEN = """
SELECT (SELECT count(*) FROM work_lease WHERE project_id = %(project)s AND state = 'open'),
    (SELECT count(*) FROM work_review WHERE project_id = %(project)s AND state = 'open')
"""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What isn't finished. None of it forbids to close; each is said beforehand."""

    leases: int
    reviews: int
    missing: int
    disputed: int
    questions: int
    appeals: int
    corrections: int
    days: int

    @property
    def nothing(self) -> bool:
        return not any((self.leases, self.reviews, self.missing, self.disputed, self.questions))


def still_open(one: Standing) -> StillOpen:
    """Five statements."""
    project = one.project
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"project": project.id})
        leases, reviews = cursor.fetchone()
    escrow = project.escrow_id or 0
    waiting = Correction.objects.filter(charge=escrow, state=Correction.State.WAITING)
    return StillOpen(
        leases=leases,
        reviews=reviews,
        missing=max(one.wanted - one.done.counted, 0),
        disputed=Consensus.objects.filter(project=project, confidence__lt=CLEAR).count(),
        questions=one.open_questions,
        appeals=Appeal.objects.filter(decision__project=project.id, answered_at=None).count(),
        corrections=waiting.count(),
        days=days_due(escrow),
    )


def newest_scorecard(project: Project) -> ScoreCard | None:
    """The last one that was issued, without its statement."""
    return ScoreCard.objects.filter(project=project).defer("credential").order_by("-version").first()


@dataclass(frozen=True, slots=True)
class PayLine:
    """`number` judgements, or reviews, at `charge` each: major units of the project's currency, all decimals.

    `countries`: where this price holds; empty for reviews.
    """

    number: int
    charge: Decimal
    countries: Sequence[str]

    @property
    def amount(self) -> Decimal:
        return self.number * self.charge


@dataclass(frozen=True, slots=True)
class Invoice:
    """What was used, in whole minor units; `reserve_used` paid top-ups to the floor.

    The lines of `judgements` and `reviews` with `rest` come to `base_pay`: rounding up once, and (below zero) what
    the operator bore instead of the deposit. `paid_in` - `total` - `returned` = `left`.
    `mistaken` was recorded and taken back: it is not in `paid_in`.
    """

    project: Project
    quote: Quote
    judgements: Sequence[PayLine]
    reviews: Sequence[PayLine]
    rest: Decimal
    base_pay: int
    reserve: int
    reserve_used: int
    platform: int
    social: int
    paid_in: int
    mistaken: int
    returned: int
    left: int

    @property
    def total(self) -> int:
        return self.base_pay + self.reserve_used + self.platform + self.social

    @property
    def reserve_unused(self) -> int:
        return max(self.reserve - self.reserve_used, 0)


def invoice_of(one: Standing) -> Invoice | None:
    """What the work of a project came to; None before a quote was accepted. Nine statements."""
    project = one.project
    quote = project.quotes.filter(accepted_at__isnull=False).order_by("-accepted_at").first()
    if quote is None or project.escrow_id is None or not project.rates:
        return None
    books = books_of(project)
    return _invoice(one, quote, books, paid_of(project))


def _invoice(one: Standing, quote: Quote, books: Books, paid: Paid) -> Invoice:
    moved = sum(books.moved.values())
    judgements, reviews = _judgements(one.project), _reviews(one.project)
    exact = sum((line.amount for line in (*judgements, *reviews)), Decimal(0))
    return Invoice(
        project=one.project,
        quote=quote,
        judgements=judgements,
        reviews=reviews,
        rest=Money(books.charged, one.project.currency).decimal() - exact,
        base_pay=books.charged,
        reserve=int(books.earned * books.reserve / 100),
        # What left the account besides pay and shares are top-ups.
        reserve_used=books.paid_in - books.balance - books.charged - moved,
        platform=books.moved[SHARE],
        social=books.moved[SOCIAL],
        paid_in=paid.paid_in,
        mistaken=paid.mistaken,
        returned=paid.returned,
        left=books.balance,
    )


def _judgements(project: Project) -> list[PayLine]:
    """Counted judgements by what each is charged with: a price changes with a second quote of a pilot."""
    prices: dict[tuple[str, Decimal], tuple[Decimal, set[str]]] = {}
    accepted = project.quotes.filter(accepted_at__isnull=False).order_by("accepted_at", "id")
    for rates in (*accepted.values_list("rates", flat=True), project.rates):
        for country, rate in rates.items():
            price = rate["currency"], Decimal(rate["pay"])
            charge, countries = prices.get(price, (Decimal(rate["charge"]), set()))
            prices[price] = charge, countries | {country}
    counted = Annotation.objects.filter(project=project, place__isnull=False)
    rows = counted.values_list("pay_currency", "pay").annotate(Count("id")).order_by("pay_currency", "pay")
    return [
        PayLine(number, prices[currency, pay][0], sorted(prices[currency, pay][1]))
        for currency, pay, number in rows
        if (currency, pay) in prices
    ]


def _reviews(project: Project) -> list[PayLine]:
    """Those that decided: what came after is the operator's."""
    decided = Review.objects.filter(project=project, state=Review.State.SUBMITTED)
    rows = decided.values_list("charge").annotate(Count("id")).order_by("charge")
    return [PayLine(number, charge, ()) for charge, number in rows]
