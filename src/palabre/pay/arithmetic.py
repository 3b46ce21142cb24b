"""counted hours × floor − earned = top-up: the sums of one member's day, exact, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from math import ceil, floor

from palabre.money import minor_units

HOUR_MS = 3_600_000
_DIGITS = Context(prec=28)
_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Charge:
    """What one charged account has of the day: its time, the base pay credited for it, earlier top-ups."""

    account: int
    counted_ms: int
    earned: int
    topped_up: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The day's sum in minor units of `currency`; `shares` says which account bears how much of `top_up`."""

    currency: str
    counted_ms: int
    due_exact: Fraction
    due: int
    earned: int
    topped_up_before: int
    top_up: int
    shortfalls: Mapping[int, Fraction]
    shares: Mapping[int, int]


def reckon(charges: list[Charge], hourly: Fraction, currency: str) -> Reckoning:
    """`hourly` major units for each hour of `counted_ms`, rounded up once, less what she has already.

    Two hours at 346.1538… XAF with 600 earned: 692.3… is 693, so 93 are added. Never less than
    zero: what was topped up before is kept. The top-up falls on the accounts whose own hours
    earned less than the floor, in proportion to what each lacks.
    """
    per_ms = hourly * 10 ** minor_units(currency) / HOUR_MS
    counted = max(sum(one.counted_ms for one in charges), 0)
    earned = sum(one.earned for one in charges)
    before = sum(one.topped_up for one in charges)
    due_exact = counted * per_ms
    top_up = max(ceil(due_exact) - earned - before, 0)
    lacking = {one.account: one.counted_ms * per_ms - one.earned - one.topped_up for one in charges}
    shortfalls = {account: lack for account, lack in sorted(lacking.items()) if lack > 0}
    return Reckoning(
        currency=currency,
        counted_ms=counted,
        due_exact=due_exact,
        due=ceil(due_exact),
        earned=earned,
        topped_up_before=before,
        top_up=top_up,
        shortfalls=shortfalls,
        shares=share(top_up, shortfalls) if top_up else {},
    )


def share(total: int, parts: Mapping[int, Fraction]) -> dict[int, int]:
    """`total` split in proportion to `parts`, whole units, nothing lost.

    Largest remainder (Hamilton): each part's whole units first, then one more each to the parts
    with the largest fractions; of two alike the lower account number goes first.
    """
    whole = sum(parts.values())
    exact = {account: total * part / whole for account, part in parts.items()}
    shares = {account: floor(one) for account, one in exact.items()}
    left = total - sum(shares.values())
    by_fraction = sorted(exact, key=lambda account: (shares[account] - exact[account], account))
    for account in by_fraction[:left]:
        shares[account] += 1
    return {account: one for account, one in shares.items() if one}


def digits(value: Fraction) -> str:
    """A fraction as plain decimal text, to 28 digits."""
    return f"{_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)):f}"


def six_decimals(value: Fraction) -> Decimal:
    """Rounded up to six decimals, as a settlement shows its hourly floor."""
    return Decimal(ceil(value * 10**6)).scaleb(-6).quantize(_SIX, ROUND_CEILING)
