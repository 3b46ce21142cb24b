"""Sums at the foot of a table, by currency."""

from collections.abc import Iterable


def sums(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What (currency, minor units) come to, in the order of the currencies."""
    found: dict[str, int] = {}
    for currency, amount in amounts:
        found[currency] = found.get(currency, 0) + amount
    return dict(sorted(found.items()))
