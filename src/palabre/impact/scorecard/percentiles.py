"""Median, p10 and p90 of exact figures, as decimal text."""

from collections.abc import Sequence
from fractions import Fraction

TENTH, HALF = Fraction(1, 10), Fraction(1, 2)


def percentile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value below which `share` (0..1) of the sorted values lie, between two values in proportion.

    The place is (n - 1) * share, counted from 0: definition 7 of R. J. Hyndman, Y. Fan, Sample Quantiles in
    Statistical Packages, The American Statistician 50 (1996); PostgreSQL's percentile_cont is the same.

    >>> percentile([Fraction(value) for value in (4, 1, 2, 3)], HALF)
    Fraction(5, 2)
    """
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def decimal_text(value: Fraction, decimals: int) -> str:
    """`value` with so many decimals, halves to even: how figures other than amounts are signed.

    >>> decimal_text(Fraction(2, 3), 4), decimal_text(Fraction(5), 0)
    ('0.6667', '5')
    """
    scaled = round(value * 10**decimals)
    whole, part = divmod(abs(scaled), 10**decimals)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{part:0{decimals}}" if decimals else f"{sign}{whole}"


def spread(values: Sequence[Fraction], decimals: int) -> dict[str, str]:
    """`{"p10": …, "median": …, "p90": …}` of at least one value."""
    return {
        "p10": decimal_text(percentile(values, TENTH), decimals),
        "median": decimal_text(percentile(values, HALF), decimals),
        "p90": decimal_text(percentile(values, 1 - TENTH), decimals),
    }
