"""How much work a quote buys, and what that means for a deadline: arithmetic, no promise."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from palabre.people.models import Residence, Role
from palabre.people.small_groups import FEWEST
from palabre.work.models import Quote

HOURS_A_WEEK = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Pace:
    """If each member gave it `hours` a week, it would take so many weeks."""

    hours: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Effort:
    """`members`: who live where the quote has a price; 0 when they are fewer than `FEWEST`."""

    milliseconds: int
    members: int
    paces: tuple[Pace, ...]


def effort_of(quote: Quote, judgements: int, seconds: Decimal) -> Effort:
    """The working time of `judgements` that take `seconds` each, among those who may do them. One statement."""
    milliseconds = ceil(judgements * seconds * 1000)
    members = _members(quote)
    if members < FEWEST:
        return Effort(milliseconds, 0, ())
    paces = (Pace(hours, ceil(milliseconds / (members * hours * 3_600_000))) for hours in HOURS_A_WEEK)
    return Effort(milliseconds, members, tuple(paces))


def _members(quote: Quote) -> int:
    living = Residence.objects.filter(
        account__is_active=True,
        account__grants__organisation=quote.project.operator_id,
        account__grants__role__in=[Role.MEMBER, Role.REVIEWER],
        account__grants__revoked_at=None,
        country__in=list(quote.rates),
    )
    return living.values("account").distinct().count()
